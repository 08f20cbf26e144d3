import { bytesRuleOf } from '../../kernel/index.ts'
import type { BytesValue, Operation, OperationAnswer, OperationInput } from '../../kernel/index.ts'
import type { Ask, CallOptions } from './ask.ts'

/** Calls an operation of control; the operation's own data gives path, method and types. */
export interface OperationClient {
  /** The body of the answer, held against the operation's schema. Throws as Ask says. */
  call<const O extends Operation>(
    operation: O,
    input: OperationInput<O>,
    options?: CallOptions,
  ): Promise<OperationAnswer<O>>
}

/**
 * For what runs in a role as well as on the command line (the execution of checks and bots), and for roles themselves: below
 * their prefix, `/internal/…`, control's routes are no public API, and no document has them.
 */
export function createOperationClient(ask: Ask): OperationClient {
  return {
    call(operation, input, options) {
      const { id, method, path, summary, answers } = operation
      const [schema] = Object.values(answers)
      const { body, ...others } = input as { params?: object; query?: object; body?: unknown }
      return ask(
        {
          id,
          method,
          path,
          summary,
          ...(others as { params?: Record<string, unknown>; query?: Record<string, unknown> }),
          body: bytesRuleOf(operation.body) ? blobOf(body as BytesValue) : body,
          bytes: bytesRuleOf(schema),
          read: (answer) => (bytesRuleOf(schema) ? answer : schema?.parse(answer)) as never,
        },
        options,
      )
    },
  }
}

const blobOf = ({ type, bytes }: BytesValue) => new Blob([bytes], { type })

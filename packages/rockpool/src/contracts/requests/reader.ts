import type { Contract, Operation } from '../types.ts'
import type { Validator } from '../validation/index.ts'
import { readBody } from './bodies.ts'
import type { Context } from './context.ts'
import { Judge } from './judge.ts'
import { readParameters } from './parameters.ts'
import { Shapes } from './shapes.ts'
import type { ReaderOptions, ReadRequest, Received } from './types.ts'

export interface RequestReader {
  /** All that a request says, with the contract's types, and all that is wrong with it. Nothing is thrown for what is in it. */
  read(operation: Operation, request: Received): ReadRequest
}

/**
 * Reads requests as a contract has them: decoded, coerced, judged. Pure.
 *
 *   text of the request → its style or media type → nested values → types of the contract → findings
 *
 * @param validator of the same contract, for requests
 */
export function createRequestReader(
  contract: Pick<Contract, 'schemas'>,
  validator: Pick<Validator, 'validate' | 'isValid'>,
  options: ReaderOptions = {},
): RequestReader {
  const context: Context = {
    shapes: new Shapes(contract),
    judge: new Judge({ contract, validator }),
    coerceJson: options.coerceJson ?? false,
  }
  return {
    read(operation, request) {
      const { parameters, findings } = readParameters(context, operation, request)
      const { body, findings: ofBody } = readBody(context, operation, request)
      return { parameters, body, findings: [...findings, ...ofBody] }
    },
  }
}

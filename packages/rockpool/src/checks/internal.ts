import type { Hono } from 'hono'
import { bytesAnswer, bytesRuleOf, mostBytes, problem, readBytesBody } from '../kernel/index.ts'
import type { BytesValue, Caller, Handled } from '../kernel/index.ts'
import { rolePrefix } from './control.ts'

/** The runner is a process of the installation itself: it may run any check, and any bot that has a grant. */
const runner: Caller = {
  kind: 'control',
  credential: 'runner',
  organization: null,
  member: null,
  scopes: ['read', 'write', 'admin'],
}

/** The part's operations for the runner, which shows a role token instead of a member's credential. */
export function createCheckRoutes(operations: readonly Handled[]) {
  return {
    prefix: rolePrefix as typeof rolePrefix,
    roles: ['runner'] as const,
    maxBodyBytes: mostBytes,
    /** Paths below the prefix. */
    mount(routes: Hono): void {
      for (const { operation, handler } of operations) {
        const rule = bytesRuleOf(operation.body)
        const path = operation.path.replaceAll(/\{(\w+)\}/g, ':$1')
        routes.on(operation.method, [path], async (context) => {
          const read = (schema: typeof operation.body, value: unknown) => {
            const result = schema?.safeParse(value)
            if (!result || result.success) return result?.data as never
            const findings = result.error.issues.map(({ path: at, message }) => ({
              path: at.join('.'),
              message,
            }))
            throw problem('invalid_input', `${operation.id} was called wrongly`, { findings })
          }
          const answer = await handler({
            params: read(operation.params, context.req.param()),
            query: read(operation.query, context.req.query()),
            body: read(
              operation.body,
              rule
                ? await readBytesBody(rule, context.req.raw)
                : operation.body && (await context.req.json()),
            ),
            caller: runner,
            request: context.req.header('rockpool-request') ?? 'runner',
            signal: context.req.raw.signal,
          })
          const [[status, schema]] = Object.entries(operation.answers) as [[string, typeof operation.body]]
          if (bytesRuleOf(schema)) return bytesAnswer(answer as BytesValue, Number(status))
          return answer === undefined
            ? context.body(null, 204)
            : context.json(answer as object, Number(status) as 200)
        })
      }
    },
  }
}

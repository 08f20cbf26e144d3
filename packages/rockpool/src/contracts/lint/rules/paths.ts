import { z } from 'zod'
import type { Operation } from '../../types.ts'
import { cut, listed } from '../names.ts'
import { rule } from './rule.ts'

/** Without the names of parameters: what a router can tell apart. */
const shapeOf = (path: string) => path.replaceAll(/\{[^{}]*\}/g, '{}').replace(/(?<=.)\/+$/, '')

const literals = (path: string) => path.replaceAll(/\{[^{}]*\}/g, '')

/** Paths, and what stands at each. */
export const pathRules = [
  rule({
    id: 'operations-distinct',
    title: 'no two operations have the same method and path',
    why: 'Paths that differ by nothing but the names of their parameters are one on the wire: which operation is called is luck.',
    how: 'Make it one operation, or give one of them a path of its own.',
    recommended: 'warn',
    options: z.strictObject({}),
    check({ views, tell }) {
      const seen = new Map<string, Operation>()
      for (const operation of views.operations) {
        const key = `${operation.method} ${shapeOf(operation.path)}`
        const first = seen.get(key)
        if (first === undefined) seen.set(key, operation)
        else
          tell(
            operation,
            `${operation.method} ${cut(operation.path)} is ${first.method} ${cut(first.path)} on the wire`,
          )
      }
    },
  }),
  rule({
    id: 'path-case',
    title: 'paths are written in lower case',
    why: 'Paths are compared letter by letter; who guesses the case guesses wrong.',
    how: 'Write the path in lower case; names of parameters may be as they are.',
    options: z.strictObject({}),
    check({ views, tell }) {
      for (const [path, [operation]] of views.operationsByPath)
        if (/[A-Z]/.test(literals(path))) tell(operation!, `the path ${cut(path)} must be in lower case`)
    },
  }),
  rule({
    id: 'path-trailing-slash',
    title: 'no path ends in a slash',
    why: 'With and without it are two paths, and many clients and proxies drop it.',
    how: 'Take the slash at the end away.',
    recommended: 'warn',
    options: z.strictObject({}),
    check({ views, tell }) {
      for (const [path, [operation]] of views.operationsByPath)
        if (path.length > 1 && path.endsWith('/')) tell(operation!, `the path ${cut(path)} must not end in /`)
    },
  }),
  rule({
    id: 'standard-responses',
    title: 'every operation declares the standard responses of its method',
    why: 'Who handles answers handles those that are declared; what is answered in every house ought to be declared everywhere.',
    how: 'Declare what is missing; a default response, or one such as 4XX, stands for its statuses.',
    options: z.strictObject({
      /** Statuses by method; of `200|201` either will do. */
      statuses: z.record(z.string(), z.array(z.string().regex(/^[1-5]\d\d(?:\|[1-5]\d\d)*$/))).default({
        GET: ['200', '401'],
        POST: ['200|201', '401', '422'],
        PUT: ['200|201', '401', '422'],
        PATCH: ['200|201|204', '401', '422'],
        DELETE: ['204|200', '401', '404'],
      }),
    }),
    check({ views, tell }, { statuses }) {
      for (const operation of views.operations) {
        const wanted = Object.hasOwn(statuses, operation.method) ? statuses[operation.method]! : []
        const missing = wanted.filter((status) => !status.split('|').some((one) => declares(operation, one)))
        if (missing.length === 0) continue
        const names = missing.map((status) => status.replaceAll('|', ' or '))
        tell(
          operation,
          `${operation.method} ${cut(operation.path)} must declare the responses ${listed(names)}`,
          {
            member: 'responses',
          },
        )
      }
    },
  }),
]

function declares({ responses }: Operation, status: string): boolean {
  return responses.some(
    (one) => one.status === status || one.status === 'default' || one.status === `${status[0]}XX`,
  )
}

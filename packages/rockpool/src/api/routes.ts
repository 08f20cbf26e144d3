import type { Context } from 'hono'
import { problem, type Operation } from '../kernel/index.ts'
import { problemAnswer, type ApiEnv } from './answers.ts'

/** 405 with the methods that the path has, else 404. */
export function noRoute(c: Context<ApiEnv>, operations: readonly Operation[]): Response {
  const fits = ({ path }: Operation) =>
    new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(c.req.path)
  const methods = new Set<string>(operations.filter(fits).map(({ method }) => method))
  if (['/openapi.json', '/.well-known/jwks.json'].includes(c.req.path)) methods.add('GET')
  if (methods.has('GET')) methods.add('HEAD')
  if (methods.size === 0) {
    const what = `${c.req.method} ${c.req.path.slice(0, 200)}`
    return problemAnswer(
      c,
      problem('route_unknown', `there is no ${what}; GET /openapi.json tells what there is`),
    )
  }
  const allow = [...methods].join(', ')
  return problemAnswer(c, problem('method_not_allowed', `only ${allow} here`), { allow })
}

/** @throws Error when two operations share an id, or a method and path. */
export function checkUnique(operations: readonly Operation[]): void {
  const seen = new Set<string>()
  for (const { id, method, path } of operations) {
    for (const key of [id, `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`]) {
      if (seen.has(key)) throw new Error(`two operations are ${key}`)
      seen.add(key)
    }
  }
}

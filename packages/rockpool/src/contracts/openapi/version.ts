import type { JsonObject } from '../types.ts'

/** The generations of OpenAPI, whose words differ. */
export type Dialect = '2.0' | '3.0' | '3.1' | '3.2'

/** The one that a document says, be it as a number: YAML takes 3.0 for 3. Undefined: none that is known. */
export function dialectOf({ openapi, swagger }: JsonObject): Dialect | undefined {
  if (openapi === undefined) return swagger === '2.0' || swagger === 2 ? '2.0' : undefined
  const text = openapi === 3 ? '3.0' : typeof openapi === 'number' ? String(openapi) : openapi
  const minor = typeof text === 'string' ? /^3\.([012])(?:\.|$)/.exec(text)?.[1] : undefined
  return minor === undefined ? undefined : (`3.${minor}` as Dialect)
}

/** A document whose version is said as it is specified: in three parts, as a text. Others insist on it. */
export function withWholeVersion(root: JsonObject): JsonObject {
  const dialect = dialectOf(root)
  if (dialect === undefined) return root
  if (dialect === '2.0') return { ...root, swagger: dialect }
  const { openapi } = root
  const isWhole = typeof openapi === 'string' && /^\d\.\d\./.test(openapi)
  return isWhole ? root : { ...root, openapi: `${dialect}.0` }
}

import type { DataOf } from '../types.ts'
import type { paths } from './paths.ts'

/*
 * The operations of control, as types alone. `paths.ts` is made of its OpenAPI document (scripts/control-types.mjs): what a page
 * or a command calls is held by the compiler against what control declares, and nothing of the server gets into either.
 */

type MethodsOf<P extends keyof paths> = {
  [M in keyof paths[P]]-?: paths[P][M] extends { responses: unknown } ? Uppercase<M & string> : never
}[keyof paths[P]]

/** `GET /checks`, `POST /sandboxes`: how pages and commands name an operation. */
export type RouteName = { [P in keyof paths]: `${MethodsOf<P>} ${P}` }[keyof paths]

/** The routes that only read. */
export type ReadRoute = Extract<RouteName, `GET ${string}`>

type Declared<R extends RouteName> = R extends `${infer M} ${infer P extends keyof paths}`
  ? paths[P][Lowercase<M> & keyof paths[P]]
  : never

/** What an operation takes: its declared ones of `params`, `query`, `body`. */
export type Input<R extends RouteName> = Given<'params', Parameter<Declared<R>, 'path'>> &
  Given<'query', OrUndefined<Parameter<Declared<R>, 'query'>>> &
  (Declared<R> extends { requestBody: { content: { 'application/json': infer B } } }
    ? { body: B }
    : Declared<R> extends { requestBody?: { content: { 'application/json': infer B } } }
      ? { body?: B }
      : object)

/** What it answers. */
export type Answer<R extends RouteName> = DataOf<Declared<R>>
/** One of the items of a list. */
export type Item<R extends RouteName> = Answer<R> extends { items: readonly (infer T)[] } ? T : never

type Parameter<O, Place extends string> = O extends { parameters: { [place in Place]?: infer P } }
  ? NonNullable<P>
  : never
type Given<Name extends string, Value> = [Value] extends [never]
  ? object
  : object extends Value
    ? { [name in Name]?: Value }
    : { [name in Name]: Value }
/** A value that is not there is left out of a query. */
type OrUndefined<T> = [T] extends [never]
  ? never
  : { [K in keyof T]: T[K] | (object extends Pick<T, K> ? undefined : never) }

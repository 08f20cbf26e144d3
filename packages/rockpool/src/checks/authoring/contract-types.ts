import type { Call } from './types.ts'

/*
 * What `api` knows of a service by its contract. A call takes what the contract says, the sandbox's organization aside. The body of
 * an answer is what its success has; what refusals have besides may be there, so that both can be asserted without a question first.
 */

/** A service by its contract: `operations` of what `rockpool contract types` writes. `rockpool contract types --checks` declares all. */
export type ServiceOf<Operations> = { [O in keyof Operations]: OperationOf<Operations[O]> }

type OperationOf<O> =
  RequiredKeys<RequestOf<O>> extends never
    ? (request?: RequestOf<O>) => Call<BodyOf<O>>
    : (request: RequestOf<O>) => Call<BodyOf<O>>

type RequestOf<O> = PathOf<ParametersOf<O, 'path'>> &
  QueryOf<ParametersOf<O, 'query'>> &
  SentBodyOf<O> & { headers?: Record<string, string> }

type PathOf<P> = [P] extends [never]
  ? { path?: Record<string, never> }
  : [Exclude<keyof P, 'organization'>] extends [never]
    ? { path?: Partial<P> }
    : { path: Omit<P, 'organization'> & Partial<Pick<P, 'organization' & keyof P>> }

type QueryOf<Q> = [Q] extends [never]
  ? { query?: Record<string, never> }
  : RequiredKeys<Q> extends never
    ? { query?: OrUndefined<Q> }
    : { query: OrUndefined<Q> }

/** A text or bytes are sent as they are, with the content type that is given. */
type Raw = string | Uint8Array

type SentBodyOf<O> = O extends { requestBody: { content: infer C } }
  ? { body: C[keyof C] | Raw }
  : O extends { requestBody?: infer B }
    ? { body?: (NonNullable<B> extends { content: infer C } ? C[keyof C] : never) | Raw }
    : { body?: Raw }

type BodyOf<O> = O extends { responses: infer R }
  ? [Success<R>] extends [never]
    ? Refusal<R>
    : WithRefusal<Success<R>, Refusal<R> | GatewayRefusal>
  : unknown

/** What the gateway says in place of any service. */
interface GatewayRefusal {
  code: string
  detail: string
}

type Success<R> = {
  [S in keyof R]: `${S & (string | number)}` extends `2${string}` ? ContentOf<R[S]> : never
}[keyof R]
type Refusal<R> = {
  [S in keyof R]: `${S & (string | number)}` extends `2${string}` ? never : ContentOf<R[S]>
}[keyof R]
type ContentOf<R> = R extends { content: infer C } ? C[keyof C] : undefined

type WithRefusal<S, F> = S extends object
  ? S & RefusalBeside<S, F>
  : S extends undefined
    ? RefusalBeside<object, F> | undefined
    : S

type RefusalBeside<S, F> = { [K in Exclude<KnownKeys<F>, KnownKeys<S>>]?: MemberOf<F, K> }
type MemberOf<F, K> = F extends unknown ? (K extends KnownKeys<F> ? F[K & keyof F] : never) : never

/** Names that are written out: an index signature is none. */
type KnownKeys<T> = T extends object
  ? keyof { [K in keyof T as string extends K ? never : number extends K ? never : K]: true }
  : never

type ParametersOf<O, Place extends string> = O extends { parameters: infer P }
  ? Place extends keyof P
    ? NonNullable<P[Place]>
    : never
  : never

type OrUndefined<T> = { [K in keyof T]: T[K] | (object extends Pick<T, K> ? undefined : never) }
type RequiredKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? never : K }[keyof T]

import { z } from 'zod'

/*
 * Operations: one entry of the control API as data.
 *
 * operation   what may be called: method, path, who may, what goes in, what comes out; no behaviour
 * handler     the behaviour of one operation, given its validated input and its caller
 * caller      who calls, as the credential says; nothing in the request can change it
 * scope       what a control credential may do: read < write < admin (each named on its own in the credential)
 * run scope   what the credential of a run in a sandbox may do here besides; by itself it is for the gateway alone
 * answer      the one success of an operation; everything else is a Problem that the handler throws
 *
 *   part/operations.ts ── operation(…) ──► api (HTTP, OpenAPI document)
 *                              └─────────► client of our own CLI (same types, same paths)
 */

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export const scopes = ['read', 'write', 'admin'] as const
export type Scope = (typeof scopes)[number]

export const runScopes = ['faults', 'mocks'] as const
export type RunScope = (typeof runScopes)[number]

/** Who calls the control API. */
export interface Caller {
  /**
   * A member's control credential; a parent's sandbox key (only where the operation has `parentKey`); the credential of a
   * run in a sandbox (only where it has `runScope`).
   */
  kind: 'control' | 'parent-key' | 'run'
  /** Id of the credential. */
  credential: string
  /** The one organization that the credential is bound to; null: the whole installation. */
  organization: string | null
  /** The run whose credential it is; only of the kind `run`. */
  run?: string
  /** Id of the member who holds the credential; null for the installation owner and for keys. */
  member: string | null
  scopes: readonly Scope[]
}

/** The HTTP exchange that an operation is called in, for the few that are about it, such as sign-in. */
export interface Exchange {
  /** Headers of the request. */
  request: Headers
  /** Headers to add to the answer. */
  answer: Headers
  /** Address of whoever connected; null where it is not known. */
  remote: string | null
}

export interface Operation {
  /** `part.verb`, unique, for example `organizations.create`; the OpenAPI operationId. */
  readonly id: string
  readonly method: Method
  /** For example `/organizations/{organization}/members/{member}`. */
  readonly path: `/${string}`
  /** One line, in the imperative. */
  readonly summary: string
  readonly description?: string
  /** What the control credential must hold; `public` needs no credential at all. */
  readonly scope: Scope | 'public'
  /** A parent's sandbox key may call it too; the handler then refuses what is outside of `caller.organization`. */
  readonly parentKey?: boolean
  /**
   * The credential of a run in a sandbox may call it too, where it has this scope; the handler then keeps to `caller.run`.
   */
  readonly runScope?: RunScope
  /**
   * Credentials bound to one organization may call it; the handler then refuses what is outside of
   * `caller.organization` (`requireOrganization` of the organizations part). Without it only credentials of the whole
   * installation may.
   */
  readonly organizationBound?: boolean
  /** Every name in the path and nothing else. */
  readonly params?: z.ZodObject
  /** Values arrive as strings: coerce. Unknown names are refused. */
  readonly query?: z.ZodObject
  /** JSON; or `bytes({ types, limit })`, which reach the handler as `{ type, bytes }`. */
  readonly body?: z.ZodType
  /**
   * The one success: status → schema of the body (JSON, or `bytes`); null: no body. Undeclared fields of an answer never
   * leave.
   */
  readonly answers: Readonly<Record<number, z.ZodType | null>>
}

type SchemaOf<O, K extends string> = O extends { readonly [key in K]: infer S extends z.ZodType }
  ? S
  : undefined
type OutputOf<O, K extends string> =
  SchemaOf<O, K> extends infer S extends z.ZodType ? z.output<S> : undefined
type Given<O, K extends string> =
  SchemaOf<O, K> extends infer S extends z.ZodType
    ? Record<string, never> extends z.input<S>
      ? { [key in K]?: z.input<S> }
      : { [key in K]: z.input<S> }
    : unknown

/** What a client passes: the declared ones of params, query and body, before validation. */
export type OperationInput<O extends Operation> = Given<O, 'params'> & Given<O, 'query'> & Given<O, 'body'>

/** What a handler receives: params, query and body after validation. */
export interface HandlerInput<O extends Operation> {
  params: OutputOf<O, 'params'>
  query: OutputOf<O, 'query'>
  body: OutputOf<O, 'body'>
  /** Undefined at a `public` operation: there nobody is asked who they are. */
  caller: O['scope'] extends 'public' ? undefined : Caller
  /** Request id, `req_…`, as in the answer's `Rockpool-Request` header. */
  request: string
  /** Aborted when the client goes away. */
  signal: AbortSignal
  /** Undefined where it is not called through the control API. */
  exchange?: Exchange
}

type Answer<O extends Operation> = O['answers'][keyof O['answers'] & number]

/** What a handler gives back: the body of the declared answer; undefined where there is none. */
export type HandlerAnswer<O extends Operation> =
  Answer<O> extends infer A extends z.ZodType ? z.input<A> : undefined | void

/** What a client receives: the body of the answer; undefined where there is none. */
export type OperationAnswer<O extends Operation> =
  Answer<O> extends infer A extends z.ZodType ? z.output<A> : undefined

/** An operation with its behaviour, its types forgotten: what the API mounts. */
export interface Handled {
  readonly operation: Operation
  readonly handler: (input: HandlerInput<Operation>) => Promise<unknown>
}

/**
 * Declares an operation.
 *
 * @throws Error when the names in the path and the keys of `params` differ, or there is not one answer: a mistake in our own code.
 */
export function operation<const O extends Operation>(declared: O): O {
  const inPath = [...declared.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).toSorted()
  const inParams = Object.keys(declared.params?.shape ?? {}).toSorted()
  if (inPath.join() !== inParams.join()) {
    throw new Error(`operation ${declared.id}: path has {${inPath.join()}}, params has {${inParams.join()}}`)
  }
  if (Object.keys(declared.answers).length !== 1)
    throw new Error(`operation ${declared.id}: declare exactly one answer`)
  return declared
}

/** Binds an operation to its behaviour. A handler refuses by throwing a Problem. */
export function handle<O extends Operation>(
  declared: O,
  handler: (input: HandlerInput<O>) => Promise<HandlerAnswer<O>>,
): Handled {
  // The API calls a handler only with input that the operation's own schemas let through.
  return { operation: declared, handler }
}

/** Query of every list: `cursor` is the `next` of the page before. */
export const pageQuery = z.strictObject({
  cursor: z.string().min(1).max(200).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('items in a page'),
})

/** Answer of every list: `next` is null on the last page. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().describe('cursor of the next page; null on the last'),
  })
}

/** Cuts the one row too many that tells whether there is a next page: query with `limit + 1`, pass what came. */
export function toPage<T>(
  rows: readonly T[],
  limit: number,
  cursorOf: (row: T) => string,
): { items: T[]; next: string | null } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(last) : null }
}

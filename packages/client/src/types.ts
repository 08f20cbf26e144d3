/*
 * The vocabulary: environment, credential, operation, note, method, page.
 *
 *   createClient(options) ─► client ─┬─ GET, POST, … (path, init)       { data, error, response }, as openapi-fetch has them
 *                                    ├─ methods: group.operation(init)  the data, or an ApiError is thrown
 *                                    ├─ pages(path, init)               items, one after the other
 *                                    └─ organization(slug)              the same client, with that path parameter filled in
 */
import type { Client as OpenApiClient, FetchOptions, HeadersOptions, ParseAs } from 'openapi-fetch'
import type { Readable, RequiredKeysOf, ResponseObjectMap, SuccessResponse } from 'openapi-typescript-helpers'

export type Environment = 'production' | 'sandbox'

interface CommonOptions {
  /** Shown as `Authorization: Bearer …`. A function is asked before each call. Without one no credential is shown. */
  credential?: string | (() => string | Promise<string>)
  /** Sent with each call; a function is asked before each call. */
  headers?: Record<string, string> | (() => Record<string, string>)
  /** The W3C `traceparent` of what is under way, asked before each call. */
  traceparent?: () => string | undefined
  /** Default: the platform's. */
  fetch?: (request: Request) => Promise<Response>
  /** False: each call is made once. */
  retries?: false | RetryOptions
  /** One attempt may take so many milliseconds; default 30,000. */
  timeoutMs?: number
}

/**
 * The environment must be named: there is no default. `null` is for an API that has none, such as Rockpool's control.
 * Either one `baseUrl`, or one for each environment, of which the named one counts.
 */
export type ClientOptions = CommonOptions &
  (
    | { environment: Environment | null; baseUrl: string; baseUrls?: never }
    | { environment: Environment; baseUrls: Partial<Record<Environment, string>>; baseUrl?: never }
  )

export interface RetryOptions {
  /** Attempts of one call, the first one among them: 1 to 10, default 3. */
  attempts?: number
  /** All attempts and the pauses between them take so many milliseconds at most; default 60,000. */
  totalMs?: number
  /** The first pause is up to so many milliseconds, each further one up to twice as long; default 200. */
  baseMs?: number
  /** No pause of our own choosing is longer; default 5,000. `Retry-After` may be, within `totalMs`. */
  capMs?: number
}

/** How a list is read on, recognised when the client is generated. */
export type Pagination =
  /** The answer's member `next` is sent as the query parameter `parameter`; null, or none, on the last page. */
  | { kind: 'cursor'; parameter: string; next: string; items: string }
  /** The query parameter `parameter` counts the items to leave out. `items` null: the answer is the list itself. */
  | { kind: 'offset'; parameter: string; items: string | null }

/** What is known of an operation besides its types; nothing has to be. */
export interface OperationNote {
  /** Its id in the contract. */
  id: string
  /** The group of its methods. */
  group?: string
  /** The method's name in its group, where that is not its id. */
  method?: string
  /** The media type of its body, where that is not JSON. */
  media?: string
  /** Lists in its form are numbered, `expand[0]`; otherwise they repeat their name. */
  numbered?: true
  /** The contract declares the header `Idempotency-Key`: a call that got no answer can be made again. */
  keyed?: true
  /** By query parameter, where a list does not repeat its name: what stands between its values, or `[]`: they are numbered. */
  lists?: Readonly<Record<string, string>>
  pages?: Pagination
}

/** Notes by method and path, such as `GET /pets/{pet}`. */
export type OperationNotes = Readonly<Record<string, OperationNote>>

/** Of no operation: no route is called so. */
export type NoNotes = Readonly<Record<'', OperationNote>>

/** What answers of success hold. */
export type DataOf<O> = O extends object ? Readable<SuccessResponse<ResponseObjectMap<O>>> : never

type Rest<Path, Given extends string> = Omit<Path, Given> & Partial<Pick<Path, Given & keyof Path>>

/** The operation, with some path parameters given already: they may be left out. */
export type WithGiven<O, Given extends string> = [Given] extends [never]
  ? O
  : O extends { parameters: { path: infer Path } }
    ? Omit<O, 'parameters'> & {
        parameters: Omit<O['parameters'], 'path'> &
          ([Exclude<keyof Path, Given>] extends [never]
            ? { path?: Rest<Path, Given> }
            : { path: Rest<Path, Given> })
      }
    : O

/** All operations, with some path parameters given already. */
export type PathsWithGiven<Paths, Given extends string> = [Given] extends [never]
  ? Paths
  : { [P in keyof Paths]: { [M in keyof Paths[P]]: WithGiven<Paths[P][M], Given> } }

type Init<O> = Omit<FetchOptions<O>, 'fetch' | 'baseUrl' | 'parseAs' | 'middleware'> & {
  headers?: HeadersOptions
}

/** Calls one operation. Resolves with what it answers, and rejects with an `ApiError` or a `ClientError`. */
export interface Method<O, Given extends string = never> {
  (
    ...init: RequiredKeysOf<Init<WithGiven<O, Given>>> extends never
      ? [init?: Init<WithGiven<O, Given>>]
      : [init: Init<WithGiven<O, Given>>]
  ): Promise<DataOf<O>>
  /** The operation's id in the contract. */
  readonly operation: string
  /** Of the types alone: `isStatus(error, 404, method)` knows the body by it. */
  readonly declaration?: O
}

type GetOf<Paths, P extends keyof Paths> = Paths[P] extends { get: infer O } ? O : never

type PagedPath<Paths, Notes> = {
  [P in keyof Paths & string]: `GET ${P}` extends keyof Notes
    ? Notes[`GET ${P}`] extends { pages: Pagination }
      ? P
      : never
    : never
}[keyof Paths & string]

/** An item of the list that a path answers. */
export type ItemOf<Data, Note> = Note extends { pages: { items: infer Name } }
  ? Name extends keyof Data
    ? Data[Name] extends readonly (infer Item)[] | undefined
      ? Item
      : never
    : Data extends readonly (infer Item)[]
      ? Item
      : never
  : never

export interface PageOptions {
  /** Where to begin: the `next` of a page that was read before. Default: where the query says, or the beginning. */
  from?: string | number
  /** Reading ends with a `ClientError` after so many pages; default 1,000. */
  maxPages?: number
}

export interface Page<Item> {
  items: Item[]
  /** For `from`, to go on after this page; null on the last one. */
  next: string | number | null
}

/** Items in their order; each page is asked for when the one before it is used up. */
export interface Pages<Item> extends AsyncIterable<Item> {
  /** Page by page, with what it takes to go on later. */
  byPage(): AsyncIterable<Page<Item>>
}

/** `Given`: path parameters that are filled in already. */
export interface Client<
  Paths extends object,
  Notes extends OperationNotes = NoNotes,
  Given extends string = never,
> extends OpenApiClient<PathsWithGiven<Paths, Given>> {
  readonly environment: Environment | null
  /** This client, with the path parameter `organization` filled in wherever there is one. */
  organization(slug: string): Client<Paths, Notes, Given | 'organization'>
  /** The items of a list, over all its pages. There is one for each path whose notes say how it is read on. */
  pages<P extends PagedPath<Paths, Notes>>(
    path: P,
    ...init: RequiredKeysOf<Init<WithGiven<GetOf<Paths, P>, Given>>> extends never
      ? [init?: Init<WithGiven<GetOf<Paths, P>, Given>>, options?: PageOptions]
      : [init: Init<WithGiven<GetOf<Paths, P>, Given>>, options?: PageOptions]
  ): Pages<ItemOf<DataOf<GetOf<Paths, P>>, Notes[`GET ${P}`]>>
}

export type CreateOptions<Notes extends OperationNotes> = ClientOptions & {
  /** What is known of the operations besides their types: generated clients bring it along. */
  operations?: Notes
  /** Fills in the path parameter `organization` from the start. */
  organization?: string
}

/** What a call may say, whatever its operation. */
export interface LooseInit {
  params?: { path?: Record<string, unknown>; query?: object; header?: object }
  body?: unknown
  headers?: HeadersOptions
  signal?: AbortSignal | null
  parseAs?: ParseAs
  [option: string]: unknown
}

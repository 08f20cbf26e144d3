import type { Json } from '../types.ts'

/** A request to one operation, as it came. */
export interface Received {
  /** Parameters of the path by name, with their percent-encoding undone. */
  path: Readonly<Record<string, string>>
  /** Without `?`, as it was sent. */
  query: string
  /** Names and values in turns. */
  headers: readonly string[]
  /** Null: there is none. */
  body: Buffer | null
}

/** A value of a request: files in forms, and bodies that are no text, stay bytes. */
export type Value = Json | Buffer | Value[] | { [name: string]: Value }

/** A request, as the contract's types have it. */
export interface ReadRequest {
  /** Those that the operation declares and the request has, by place and name. */
  parameters: Record<ParameterGroup, Record<string, Json>>
  /** Undefined: there is none, or none that could be read. */
  body: Value | undefined
  /** All that is wrong with it; none: it keeps to the contract. */
  findings: RequestFinding[]
}

export type ParameterGroup = 'path' | 'query' | 'header' | 'cookie'

/** One thing that is wrong with a request. Of values it tells nothing: they may be secret. */
export interface RequestFinding {
  in: ParameterGroup | 'body'
  /** Name of the parameter, or JSON pointer (RFC 6901) into the body. */
  path: string
  /** Field and rule in words. */
  message: string
  /** Of the schema that is not kept to, such as `minimum`; or `contentType`, `syntax`, `effort`. */
  keyword?: string
}

export interface ReaderOptions {
  /** Values of JSON are coerced as those of forms are. Off: JSON has types of its own, and they count. */
  coerceJson?: boolean
}

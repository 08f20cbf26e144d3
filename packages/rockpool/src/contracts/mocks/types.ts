/*
 * The vocabulary: mock, request, answer, resource, item.
 *
 *   request ─► route ─► read by the contract ─► state of its resource ─► response and media type ─► value ─► valid? ─► answer
 */

export interface MockRequest {
  method: string
  /** Path and query. */
  target: string
  /** Names and values in turns. */
  headers: readonly string[]
  body: Buffer | null
}

export interface MockAnswer {
  status: number
  /** Names and values in turns. */
  headers: string[]
  body: string | Buffer
}

/** Answers as a service with this contract would. */
export interface Mock {
  answer(request: MockRequest): MockAnswer
}

export interface MockOptions {
  /** Values hang on it: another seed, other values. */
  seed?: string
  /** False: it remembers nothing, and answers each request as if everything were there. */
  stateful?: boolean
  /** Whom values are for where the path names no organization: another one, other values. */
  organization?: string
}

/** What a client may ask for besides (RFC 7240): `Prefer: code=404, example=not-found`. */
export interface Preference {
  status: string | null
  example: string | null
}

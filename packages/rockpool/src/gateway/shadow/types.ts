/*
 * The vocabulary of the shadow
 *
 * shadow       a process in front of an API that passes bytes through unchanged, and learns from what passes
 * side         one direction of a connection: requests go up, answers come down
 * reader       follows one side's HTTP/1 messages without holding them: where a head begins, where a body ends
 * exchange     a request's head and its answer's head, as far as learning needs them; never a body
 * sighting     an exchange with every secret hashed: all that the learner ever sees
 *
 *   client ──bytes──► [reader: Host] ──bytes──► upstream
 *          ◄─bytes─── [reader      ] ◄─bytes───
 *                          │ heads
 *                          ▼ (a queue that may overflow; what throws here touches no byte)
 *                       learner ──► OpenAPI document, proposal for the configuration
 */

/** Names in lower case, values as they came. */
export type Headers = readonly (readonly [name: string, value: string])[]

export interface RequestHead {
  method: string
  /** As in the request line. */
  target: string
  headers: Headers
}

export interface AnswerHead {
  status: number
  headers: Headers
}

/** How the bytes after a head are framed (RFC 9112 section 6.3). `raw`: from here on they are not HTTP/1 messages. */
export type Body = 'none' | 'chunked' | 'until-close' | 'raw' | { bytes: number }

/** One exchange as the learner sees it: no query values, no bodies, of credentials and names of organizations a hash. */
export interface Sighting {
  method: string
  /** The path's segments, decoded. They stay within the learner's bounds, and only plain words are ever kept as text. */
  segments: string[]
  /** Names of the query's parameters. */
  query: string[]
  /** Which kind of credential was shown, and its hash. */
  credential: { kind: string; hash: string } | null
  requestType: string | null
  status: number
  answerType: string | null
}

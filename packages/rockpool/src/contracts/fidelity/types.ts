/*
 * The vocabulary: fidelity, step, ids, seen answer.
 *
 *   contract ─plan─► steps, in an order in which each finds what it needs
 *        each: request ─┬─► the service, in a sandbox ─► seen ─┬─ compare ─► faithful · differs · not tried
 *                       └─► the mock, in this process ─► seen ─┘
 *        ids that an answer has flow into the requests behind it: those of the service into its own, the mock's into its
 */
import type { Operation } from '../types.ts'

/** How the mock of an operation stands to what its service answers. */
export type Fidelity = (typeof fidelities)[number]
export const fidelities = ['faithful', 'differs', 'not tried'] as const

/** What a finding is about. */
export const aspects = ['status', 'media type', 'header', 'body', 'field'] as const

/** One thing that the service's answer has and the mock's has not, or that the contract forbids. Of values it tells nothing. */
export interface FidelityFinding {
  what: (typeof aspects)[number]
  /** JSON pointer (RFC 6901) into the body, `*` for any item or entry; name of a header; '' for the answer as a whole. */
  at: string
  message: string
  /** The service's answer breaks its contract; otherwise both keep to it, and differ. */
  breaks: boolean
}

export interface OperationFidelity {
  operation: string
  method: string
  path: string
  result: Fidelity
  /** Why it was not tried. */
  reason: string | null
  /** At most 20. */
  findings: FidelityFinding[]
}

/** A request as it is sent; paths and queries are not percent-encoded yet. */
export interface FidelityRequest {
  operation: Operation
  path: Record<string, string>
  query: Record<string, string[]>
  /** Names in lower case. */
  headers: Record<string, string>
  body: string | undefined
  /** Parts of it stand for something that may not be there: a service may refuse them. */
  isMadeUp: boolean
  /** Its path does: there may be nothing. */
  hasMadeUpPath: boolean
}

/** An answer, as far as it is compared. */
export interface SeenAnswer {
  status: number
  /** Names in lower case. */
  headers: Record<string, string>
  /** Of JSON the value; else a text or bytes; undefined: none. */
  body: unknown
}

/** What an author says of an operation's request instead of what is made up. */
export interface Given {
  path?: Record<string, string | number>
  query?: Record<string, string | number | boolean | readonly (string | number | boolean)[] | undefined>
  headers?: Record<string, string>
  /** Members of an object stand in the place of those that are made up; anything else is sent as it is. */
  body?: unknown
}

/*
 * Vocabulary
 *
 * fault       a service is broken on purpose: for all checks in sandboxes, or for one run and nobody else
 * effect      what a fault does to a call that it hits
 * lease       a fault ends by itself, after 300 s at the latest; nothing has to be alive for that
 * hit         a call that a fault is for: of its service and operation, by whom it is for, within its percentage
 * missed      a call that was hit, and that nothing was changed of all the same: its answer had nothing to change
 */

/** What a fault does. */
export type FaultEffect =
  /** Answered with 503 `fault_injected`. */
  | { kind: 'unavailable' }
  /** Forwarded after 3 s. */
  | { kind: 'slow' }
  /** Forwarded after `ms`, and up to `jitterMs` more. */
  | { kind: 'delay'; ms: number; jitterMs: number }
  /** The connection is reset before any answer. */
  | { kind: 'abort' }
  /** Answered with this status and no body. */
  | { kind: 'status'; status: number }
  /** The service's answer, with one field of its JSON changed. */
  | ({ kind: 'wrong_field' } & WrongField)
  /** The service's answer; after so many bytes of its body the connection is reset. */
  | { kind: 'reset'; afterBytes: number }
  /** The service's answer, with its body at this rate at most. */
  | { kind: 'throttle'; bytesPerSecond: number }

export type FaultKind = FaultEffect['kind']

/** A field by its JSON pointer (RFC 6901): it becomes `value`, or is left out. */
export type WrongField = { pointer: string; value: unknown } | { pointer: string; drop: true }

/** The run that a fault is for, and the sandbox of its attempt. */
export interface FaultOf {
  run: string
  organization: string
}

export interface FaultTerms {
  id: string
  service: string
  /** An `operationId`; null: every operation of the service. */
  operation: string | null
  /** Of the calls that it is for, so many in a hundred are hit. */
  percent: number
  /** Never another one. */
  environment: 'sandbox'
  /** Null: for all checks in sandboxes. */
  of: FaultOf | null
  /** ISO 8601. */
  endsAt: string
}

/** As gateways know it. */
export type SnapshotFault = FaultTerms & FaultEffect

/** Why nothing of an answer was changed. */
export type Missed =
  | 'no_answer'
  | 'no_body'
  | 'not_json'
  | 'encoded'
  | 'too_large'
  | 'no_such_field'
  | 'too_short'

/** What the access record says of a call that was hit. */
export interface FaultMet {
  /** The first by its id, where there are several. */
  id: string
  /** Null: it did what it is for. */
  missed: Missed | null
}

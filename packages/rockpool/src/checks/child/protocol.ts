/*
 * What a check's process and its parent tell each other, as JSON over the channel of `fork`.
 *
 *   parent                                child
 *     │── load { file } ────────────────────►│  imports it
 *     │◄── loaded { scenarios, files } ──────│  or refused { finding }
 *     │── run { check, … } ─────────────────►│
 *     │◄── entry { entry } ──────────────────│  each as it begins, and again when it is complete: so that what a killed
 *     │◄── ask { id, question } ─────────────│  process was doing is known
 *     │── told { id, … } ───────────────────►│
 *     │◄── ended { ending, left } ───────────│
 */
import type { TakenSecrets } from '../../secrets/index.ts'
import type { Catalogue, Ending, Entry, Evidence, Kind } from '../types.ts'

/** One attempt, as the child needs it. The run's credential dies with the run. */
export interface Order {
  kind: Kind
  check: string
  /** Its number in the run, from 1. */
  attempt: number
  gateway: string
  organization: string
  createdAt: string
  credential: string
  /** What control handed out besides, for the kind's own fixtures. */
  more: unknown
  timeout: number
  catalogue: Catalogue
  /** Those that its file uses; absent: none. */
  secrets?: TakenSecrets
}

/** What control made of a wish to break something; where it is refused, nobody but the check itself is to blame. */
export type FaultAnswer = { id: string; endsAt: string } | { refused: string }

/** A mock that answers from now on, with what it is called by; or why control does not want that. */
export type MockAnswer =
  | { version: string; operations: { id: string; method: string; path: string }[] }
  | { refused: string }

/** A scenario as its file defines it; nothing of it is validated yet. */
export interface RawScenario {
  kind: unknown
  name: unknown
  options: unknown
  hasBody: boolean
  line: number
}

export interface RawFinding {
  message: string
  line: number | null
}

export type ToChild =
  | { type: 'load'; file: string }
  | { type: 'run'; order: Order }
  | { type: 'abort'; reason: string }
  | { type: 'told'; id: number; value?: unknown; error?: string }

export type ToParent =
  | { type: 'ready' }
  | { type: 'loaded'; scenarios: RawScenario[]; files: { path: string; sha256: string }[] }
  | { type: 'refused'; finding: RawFinding }
  | { type: 'entry'; entry: Entry }
  | { type: 'ask'; id: number; question: string; argument: unknown }
  | { type: 'ended'; ending: Ending; left: Evidence['left']; clean: boolean }

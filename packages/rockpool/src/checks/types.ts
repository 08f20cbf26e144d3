/*
 * The vocabulary of checks
 *
 * scenario    what an author writes once, in a file (authoring/types.ts has the author's words)
 * kind        where a scenario works: a check in a sandbox, a bot in production (the part bots registers it; see kinds.ts)
 * run         one execution of a scenario, from its lease to its clean-up; everything it made carries its id
 * attempt     one go of a run, in a sandbox of its own; a run has several where the check allows retries, all are kept
 * lease       a run belongs to its runner as long as the runner says so every 3 s; 15 s without, and control ends the run
 * ending      what happened to an attempt, before anybody judges it
 * verdict     pass · fail · uncheckable (a dependency of the check itself is down). Silence is never a pass
 * evidence    what a run did and saw: steps, calls, polls, console lines; redacted in the child, before it travels
 * cause       a `why` line: what Rockpool itself knows about a failure (a service that is down, an event nobody could apply)
 *
 *   file ─discovery─► checks ─start run─► sandbox, credential ─attempt(s)─► ending ─judge─► verdict
 *         (child)              (control)               (child)                (pure)        │
 *                     credential revoked, sandboxes deleted ◄──── finish run, or lease over ┘
 */

export const kinds = ['check', 'bot'] as const
export type Kind = (typeof kinds)[number]
export type Verdict = 'pass' | 'fail' | 'uncheckable'
export type Trigger = 'command' | 'schedule'

/** A scenario, most often a check, as discovery found it: options validated, durations in milliseconds. */
export interface Check {
  kind: Kind
  /** No other of its kind has it. */
  name: string
  /** Absolute path of its file, and the line where `check(` stands. */
  file: string
  line: number
  every: number | null
  cron: string | null
  timeout: number
  retries: { count: number; on: 'network' | 'any' }
  tags: string[]
  parent: string | null
  ttl: string | null
  /** Its runs may break services for themselves. */
  faults?: boolean
}

/** A line of code for people; 1-based. */
export interface Place {
  file: string
  line: number
}

export interface FrameLine {
  line: number
  text: string
}

/**
 * What let the attempt down.
 *
 * assertion: `expect` did not hold · deadline: an `until`, or the attempt itself, ran out of time · error: anything else
 * that was thrown · exited: the process ended or was ended · memory: it was ended for its size
 */
export interface Failure {
  kind: 'assertion' | 'deadline' | 'error' | 'exited' | 'memory'
  message: string
  /** Names of the steps it happened in, outermost first. */
  steps: string[]
  place: Place | null
  /** The failing line with a few before it. */
  frame: FrameLine[]
  expected: string | null
  actual: string | null
}

/**
 * Why nothing could be said. `retry`: another attempt might get further. `optional`: all that is missing is an optional
 * program of a service.
 */
export interface Obstacle {
  message: string
  steps: string[]
  place: Place | null
  retry: boolean
  optional: boolean
}

/** What happened to an attempt. */
export type Ending =
  | { type: 'returned' }
  | { type: 'failed'; failure: Failure }
  | { type: 'obstructed'; obstacle: Obstacle }

interface EntryBase {
  /** Unique in its attempt. */
  id: number
  /** The entry (a step) that it belongs to; null: the check itself. */
  parent: number | null
  /** Milliseconds from the beginning of the attempt. */
  at: number
  /** Milliseconds that it took; null: it never came to its end. */
  ms: number | null
  place: Place | null
}

export interface StepEntry extends EntryBase {
  type: 'step'
  name: string
  failed: boolean
}

export interface CallEntry extends EntryBase {
  type: 'call'
  service: string
  operation: string
  method: string
  /** The template, such as `/{organization}/items/{id}`. */
  path: string
  url: string
  /** Null: no answer came. */
  status: number | null
  /** Rockpool's own problem code, where the gateway answered instead of the service. */
  problem: string | null
  error: string | null
  request: Message
  answer: Message | null
  /** Only where it was polled: how many answers came, by status, and whether one satisfied. `answer` is the last. */
  poll: Poll | null
}

export interface Poll {
  predicate: string
  answers: number
  statuses: Record<string, number>
  satisfied: boolean
}

/** Headers and body, redacted; a body longer than 16 KB is cut and becomes text. */
export interface Message {
  headers: Record<string, string>
  body?: unknown
  /** Length of a cut body in characters. */
  cut: number | null
}

export interface ProbeEntry extends EntryBase {
  type: 'probe'
  probe: string
  tries: number
  satisfied: boolean
}

export interface EffectsEntry extends EntryBase {
  type: 'effects'
  name: string
  count: number | null
}

export interface ConsoleEntry extends EntryBase {
  type: 'console'
  stream: 'stdout' | 'stderr'
  text: string
}

/** A picture of the page, as the step it belongs to left it; sensitive fields are covered. */
export interface ScreenshotEntry extends EntryBase {
  type: 'screenshot'
  /** Name of the run's artifact; null: it could not be kept. */
  artifact: string | null
}

/** Playwright's trace of an attempt that did not pass. */
export interface TraceEntry extends EntryBase {
  type: 'trace'
  /** Name of the run's artifact; null: it could not be kept. */
  artifact: string | null
}

/** What went wrong in a page without failing the check: an error on its console, a request without a good answer. */
export interface FindingEntry extends EntryBase {
  type: 'finding'
  kind: 'console' | 'request'
  text: string
  /** Where it happened: the script or the request. */
  url: string
}

export type Entry =
  | StepEntry
  | CallEntry
  | ProbeEntry
  | EffectsEntry
  | ConsoleEntry
  | ScreenshotEntry
  | TraceEntry
  | FindingEntry

/** What an attempt did and saw. `left` counts what was too much to keep. */
export interface Evidence {
  entries: Entry[]
  left: { entries: number; console: number; bodies: number }
}

export interface Attempt {
  number: number
  verdict: Verdict
  /** ISO 8601. */
  startedAt: string
  ms: number
  /** Slug of its sandbox; null where none could be made. */
  organization: string | null
  failure: Failure | null
  obstacle: Obstacle | null
  evidence: Evidence
}

/** The result of a run as the executor knows it. */
export interface RunResult {
  verdict: Verdict
  attempts: Attempt[]
}

/** The operations of each service, as its contract names them. */
export type Catalogue = Record<string, Record<string, { method: string; path: string }>>

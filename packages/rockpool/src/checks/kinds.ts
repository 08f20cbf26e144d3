import type { Finding } from '../kernel/index.ts'
import type { RawScenario } from './child/protocol.ts'
import { readCheck } from './read-check.ts'
import type { Check, Kind } from './types.ts'

/**
 * What whoever executes scenarios has to know of one kind of them. The part that owns a kind brings this, and what
 * control has to know of its runs (`RunKind` in runs/kind.ts); everything else is the same for all.
 */
export interface ScenarioKind {
  kind: Kind
  /** Where the configuration names its files. */
  files: string
  /** Validates a definition; all findings at once. Pure. */
  read(raw: RawScenario, file: string): { check?: Check; findings: Finding[] }
  /** What is said where a run cannot start, before the reason. */
  notStarted: string
  /** Answers what its scenarios ask of the parent process beside what all may ask; undefined: it does not know the question. */
  answer?(run: string, question: string, argument: unknown): Promise<unknown> | undefined
}

export const checkKind: ScenarioKind = {
  kind: 'check',
  files: 'checks',
  read: readCheck,
  notStarted: 'no sandbox could be made',
}

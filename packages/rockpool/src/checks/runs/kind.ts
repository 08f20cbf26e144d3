import type { RunScope } from '../../kernel/index.ts'
import type { NewCredentialInput } from '../../organizations/index.ts'
import type { Verdict } from '../types.ts'
import type { Grant, Run } from './schema.ts'

/** What a new run is asked for. */
export interface Place {
  /** The production organization that the run belongs to: whose people may see it. */
  parent: string
  /** What is made for it lives so long at most, in milliseconds. */
  ttl: number
}

export interface RunOf {
  run: string
  /** Name of the scenario. */
  check: string
  parent: string
  ttl: number
  /** What the credential of each of its attempts may do at control. */
  scopes: readonly RunScope[]
}

/** Makes the run's one credential, those before it are dead; undefined: the run has ended meanwhile. */
export type IssueCredential = (input: Omit<NewCredentialInput, 'kind' | 'run'>) => Promise<string | undefined>

/**
 * What control has to know of the runs of one kind: where they work, and what becomes of what they made. The part that
 * owns a kind registers it with `createRuns`; leases, credentials and evidence are the same for all.
 */
export interface RunKind {
  /** @throws Problem where such a run may not be at all */
  place(asked: { check: string; parent: string | null; ttl: string | null }): Place
  /** Makes what an attempt may touch. @throws Problem where there is nothing for it now */
  grant(run: RunOf, issue: IssueCredential): Promise<Grant>
  /**
   * The run has ended and its credential is dead: puts an end to what it made, or takes it down. Again is no error.
   */
  ended(run: RunOf & { verdict: Verdict | null; endedBy: Run['endedBy'] }): Promise<void>
  /** What is said where `grant` fails, before the reason. */
  notStarted: string
}

import type { Transaction } from '../kernel/index.ts'

/*
 * sandbox     an organization of environment `sandbox` that belongs to a parent, starts empty, and ends
 * time to live  how long it may stand; when that is over it is deleted
 * deletion    everything that is the sandbox's is erased, and then counted; it is done when all counts are zero
 * pass        once: ask every service to erase, wait for all answers, erase Rockpool's own rows, count
 * keeper      carries deletions on, whatever process is killed; several may run
 * owner       whose tables: a service, or `rockpool`
 * receipt     the dated record of what was there before, and what is there after
 * residue     what the counts still find after the last pass; also the state of such a sandbox
 * ledger      what runs and sandboxes created, by the gateways' word
 *
 *   active ──► deleting ──► deleted
 *                 │  ▲
 *                 ▼  │ deleted again
 *               residue
 */

/** It comes into being in one transaction, so nobody ever sees one that is half made. */
export type SandboxState = 'active' | 'deleting' | 'deleted' | 'residue'

/** Why a sandbox is deleted. */
export type DeletionCause = 'asked' | 'ended' | 'run ended'

/** A service that a deletion waits for, and why, for people. */
export interface Waiting {
  service: string
  reason: string
}

export interface Sandbox {
  slug: string
  parent: string
  name: string
  /** The run that it was made for; its end deletes it. */
  run: string | null
  /** Credential or member; null: Rockpool itself. */
  createdBy: string | null
  /** Times are ISO 8601. */
  createdAt: string
  endsAt: string
  state: SandboxState
  deletingAt: string | null
  deletingBecause: DeletionCause | null
  deletedAt: string | null
  /** While it is `deleting`: passes begun, and what it waits for. */
  passes: number
  waiting: Waiting[]
}

export interface NewSandbox {
  parent: string
  /** Milliseconds; one second to seven days. */
  ttl: number
  run?: string | null | undefined
  name?: string | undefined
  createdBy?: string | null | undefined
}

/** `key`: the text of its sandbox key, which is shown once. */
export interface CreatedSandbox {
  sandbox: Sandbox
  key: string
}

export interface SandboxFilter {
  parent?: string | undefined
  run?: string | undefined
  state?: SandboxState | undefined
  cursor?: string | undefined
  limit?: number | undefined
}

/** Rows of a sandbox in one table; null: they cannot be counted (it has no column `organization`). */
export interface Counted {
  /** A service, or `rockpool`. */
  owner: string
  table: string
  rows: number | null
}

export interface ReceiptTable {
  table: string
  /** Counted after the sandbox was closed and before anything was erased; null: the table was not there then. */
  before: number | null
  after: number
}

export interface ReceiptService {
  service: string
  tables: ReceiptTable[]
  /** Tables without a column `organization`: nobody looked into them. */
  unchecked: string[]
}

/** What a deletion found. Dated, and no more than what was counted. */
export interface Receipt {
  id: string
  sandbox: string
  parent: string
  run: string | null
  createdAt: string
  deletingAt: string
  /** When the last count was taken. */
  at: string
  /** Every counted table was at zero. */
  complete: boolean
  passes: number
  /** Services that answered in the last pass that they cannot erase, and why. */
  refusals: Waiting[]
  services: ReceiptService[]
  /** Rockpool's own tables. */
  rockpool: ReceiptTable[]
  /** What stays by design, and what may still hold bytes. */
  remains: { what: string; why: string }[]
}

/**
 * Rows about organizations that a part of Rockpool keeps in Rockpool's own database. Registered with the keeper, so
 * that a part needs to know nothing of sandboxes to be erased with them.
 */
export interface OwnData {
  count(organization: string): Promise<{ table: string; rows: number }[]>
  /** Erases them in the transaction; again is no error. */
  erase(tx: Transaction, organization: string): Promise<unknown>
}

/** One call of a run or a sandbox that may have created something, as a gateway tells it; the same id comes again when more is known. */
export interface LedgerEntry {
  /** UUID. */
  id: string
  run: string | null
  organization: string
  service: string
  method: string
  /** As sent to the service, without the query. */
  path: string
  idempotencyKey: string | null
  /** ISO 8601. */
  at: string
  status: number | null
  /** `Location` of the answer. */
  location: string | null
  /** `id` of the answer's JSON body. */
  resource: string | null
  /** intent: about to be forwarded · done: answered · doubtful: forwarded perhaps, the answer is not known. */
  outcome: 'intent' | 'done' | 'doubtful'
}

export interface LedgerFilter {
  run?: string | undefined
  /** Of this organization. */
  organization?: string | undefined
  /** Of sandboxes of this parent. */
  parent?: string | undefined
  cursor?: string | undefined
  limit?: number | undefined
}

export interface Page<T> {
  items: T[]
  next: string | null
}

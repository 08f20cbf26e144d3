import { messageOf, newId, problem, toPage } from '../../kernel/index.ts'
import type { Clock, Database, Log, RunScope } from '../../kernel/index.ts'
import type { Organizations } from '../../organizations/index.ts'
import type { Sandboxes } from '../../sandboxes/index.ts'
import type { Attempt, Kind, Trigger, Verdict } from '../types.ts'
import { gatewayCauses } from './causes.ts'
import type { Causes } from './causes.ts'
import type { IssueCredential, Place, RunKind, RunOf } from './kind.ts'
import { latestVerdict } from './latest.ts'
import type { LatestVerdict } from './latest.ts'
import { createSandboxedKind } from './sandboxed.ts'
import type { CheckState, Definition, Grant, RunDetails, RunSummary } from './schema.ts'
import {
  endOverdue,
  endRun,
  extendLease,
  hasEnded,
  insertRun,
  markCleaned,
  saveDefinitions,
  selectChecks,
  selectDetails,
  selectRun,
  selectRuns,
  selectUnclean,
} from './store.ts'
import type { RunFilter, RunRow } from './store.ts'

/** A run belongs to its runner for so long, in milliseconds, without a word from it; and how often it is to speak. */
export const lease = { ms: 15_000, heartbeatMs: 3_000 } as const

export interface StartRun {
  /** Default: check. */
  kind?: Kind | undefined
  check: string
  trigger: Trigger
  /** The time that the schedule meant. */
  slot?: Date | null | undefined
  /** Default: the configuration's. */
  parent?: string | null | undefined
  /** For example `1h`; default: the configuration's. */
  ttl?: string | null | undefined
  startedBy?: string | null | undefined
  /** What its credential may do at control; for checks alone. */
  scopes?: readonly RunScope[] | undefined
}

export interface StartedRun {
  run: string
  /** Where the check finds the API. */
  gateway: string
  lease: { ms: number; heartbeatMs: number }
  attempt: Grant
}

export interface FinishRun {
  /** Null: stopped before anything could be said. */
  verdict: Verdict | null
  attempts: readonly Attempt[]
  /** Waits so long, in milliseconds, for the receipts of its sandboxes; default 0. */
  waitMs?: number
}

/** Runs of scenarios: what they made ends with them, whatever becomes of whoever executes them. */
export interface Runs {
  /** Where a run would belong. @throws Problem where such a run may not be at all */
  place(asked: { kind: Kind; check: string; parent: string | null; ttl: string | null }): Place
  /**
   * Makes the run and what it may touch in one go; the gateways know it when it resolves.
   * @throws Problem `conflict` when the schedule runs the check already, or has run it for the slot
   */
  start(input: StartRun): Promise<StartedRun>
  /** A fresh sandbox (for a check) and credential for a further attempt; the old credential is dead. `conflict` when the run has ended. */
  startAttempt(run: string): Promise<Grant>
  /** Extends the lease. `conflict` when the run has ended. */
  heartbeat(run: string): Promise<void>
  /** Ends it: looks for causes, revokes, deletes. Again is no error for the one who ended it. */
  finish(run: string, result: FinishRun): Promise<RunDetails>
  /** The newest first, without evidence. */
  list(filter: RunFilter): Promise<{ items: RunSummary[]; next: string | null }>
  get(run: string): Promise<RunDetails>
  /** Keeps what discovery saw, for `checks()`. `complete`: there are no others of the kind. */
  register(kind: Kind, definitions: readonly Definition[], complete: boolean): Promise<void>
  /** Default: checks. `parent`: as whoever may see the runs on this organization alone sees them. */
  checks(kind?: Kind, parent?: string | null): Promise<CheckState[]>
  /** The same in short, for the status. */
  latest(): Promise<LatestVerdict[]>
  /** Ends runs whose lease is over, and cleans up after ended ones: what a keeper does each second. How many it touched. */
  sweep(): Promise<number>
}

export interface RunsOptions {
  database: Database
  organizations: Organizations
  sandboxes: Sandboxes
  causes: Causes
  /** What runs break on purpose for themselves ends with them; without it, nothing is broken. */
  faults?: { endOfRun(run: string): Promise<void> }
  clock: Clock
  log: Log
  /** Resolves once the gateways know what was committed before the call, or after a bounded while. */
  settled: () => Promise<unknown>
  /** Where clients find the gateway, such as `http://127.0.0.1:8470`. */
  gateway: string
  /** `sandboxes` of the configuration. */
  defaults: { parent: string; ttl: string }
  /** Kinds of runs besides checks; the parts that own them bring them. */
  kinds?: { readonly [kind in Exclude<Kind, 'check'>]?: RunKind }
}

export function createRuns(options: RunsOptions): Runs {
  const { database, organizations, sandboxes, causes, clock, log, settled, gateway, defaults } = options
  const kinds = { ...options.kinds, check: createSandboxedKind({ sandboxes, clock, defaults }) }
  const later = (ms: number) => new Date(clock.now() + ms)

  function kindOf(kind: Kind): RunKind {
    const known = (kinds as { readonly [name in Kind]?: RunKind })[kind]
    if (known) return known
    throw problem('not_possible_here', `nothing here runs a ${kind}`)
  }

  /** What an attempt may touch, with the one credential that works for the run from now on. */
  async function grant(kind: Kind, of: RunOf): Promise<Grant> {
    const issue: IssueCredential = (input) =>
      database.transaction(async (tx) => {
        const { endedAt } = await selectRun(tx, of.run, 'for update')
        if (endedAt !== null) return undefined
        // The credential of an attempt before this one.
        await organizations.revokeWhere(tx, { run: of.run })
        const created = await organizations.createCredential(tx, { ...input, kind: 'run', run: of.run })
        return created.text
      })
    const granted = await kindOf(kind).grant(of, issue)
    await settled()
    return granted
  }

  /** Everything that the run made goes, or is taken down. Again is no error: a keeper does it where this process cannot. */
  async function clean(id: string): Promise<void> {
    await organizations.revokeWhere(null, { run: id })
    await options.faults?.endOfRun(id)
    const { kind, check, parent, ttl, scopes, verdict, endedBy } = await selectRun(database, id)
    await kindOf(kind).ended({ run: id, check, parent, ttl, scopes, verdict, endedBy })
    await markCleaned(database, id, later(0))
  }

  async function details(row: RunRow): Promise<RunDetails> {
    const { evidence, since } = await selectDetails(database, row.id)
    const { items } = row.kind === 'check' ? await sandboxes.list({ run: row.id, limit: 50 }) : { items: [] }
    const states = items.map(async ({ slug, state }) => {
      const receipt = await sandboxes.receipt(slug).then(
        ({ id }) => id,
        () => null,
      )
      return { slug, state, receipt }
    })
    const nothing = { entries: [], left: { entries: 0, console: 0, bodies: 0 } }
    return {
      ...summary(row),
      since,
      attempts: row.attempts.map((attempt, index) => ({ ...attempt, evidence: evidence[index] ?? nothing })),
      sandboxes: await Promise.all(states),
    }
  }

  async function whyOf(run: string, attempts: readonly Attempt[]): Promise<string[]> {
    const { organization } = attempts.at(-1) ?? {}
    const { kind } = await selectRun(database, run)
    const known = organization ? await causes.of(organization, kind).catch(() => []) : []
    const told = gatewayCauses(attempts)
    return [...told, ...known.filter((line) => !told.some((longer) => longer.endsWith(line)))]
  }

  const place: Runs['place'] = ({ kind, ...asked }) => kindOf(kind).place(asked)

  return {
    place,

    async start(input) {
      const run = newId('run')
      const { kind = 'check', check, trigger, slot = null, startedBy = null, scopes = [] } = input
      if (kind !== 'check' && scopes.length > 0)
        throw problem('invalid_input', `a ${kind} works in production, where nothing is broken on purpose`, {
          findings: [{ path: 'scopes', message: 'is for checks alone' }],
        })
      const { parent, ttl } = place({ kind, check, parent: input.parent ?? null, ttl: input.ttl ?? null })
      const isNew = await insertRun(database, {
        id: run,
        kind,
        check,
        trigger,
        slot,
        parent,
        ttl,
        startedBy,
        startedAt: later(0),
        leaseUntil: later(lease.ms),
        scopes,
      })
      if (!isNew)
        throw problem('conflict', `the schedule runs “${check}” already, or has run it for this time`)
      try {
        return { run, gateway, lease, attempt: await grant(kind, { run, check, parent, ttl, scopes }) }
      } catch (error) {
        const outcome = {
          verdict: 'uncheckable',
          attempts: [],
          ms: 0,
          why: [`${kindOf(kind).notStarted}: ${messageOf(error)}`],
        } as const
        await endRun(database, run, { ...outcome, endedAt: later(0), endedBy: 'runner' })
        await clean(run)
        throw error
      }
    },

    async startAttempt(run) {
      const { kind, check, parent, ttl, scopes, endedAt } = await selectRun(database, run)
      if (endedAt !== null) throw hasEnded(run)
      // They are for the sandbox of the attempt before it, and meet nobody any more.
      await options.faults?.endOfRun(run)
      return grant(kind, { run, check, parent, ttl, scopes })
    },

    async heartbeat(run) {
      if (await extendLease(database, run, later(lease.ms))) return
      await selectRun(database, run)
      throw hasEnded(run)
    },

    async finish(run, { verdict, attempts, waitMs = 0 }) {
      // Before anything is deleted: what is held back for the sandbox is gone afterwards.
      const why = verdict === 'pass' || verdict === null ? [] : await whyOf(run, attempts)
      await database.transaction(async (tx) => {
        const { endedAt, endedBy, startedAt } = await selectRun(tx, run, 'for update')
        if (endedAt !== null && endedBy === 'lease') throw hasEnded(run)
        if (endedAt !== null) return
        const ms = clock.now() - Date.parse(startedAt)
        const by = verdict === null ? 'stopped' : 'runner'
        await endRun(tx, run, { endedAt: later(0), endedBy: by, verdict, attempts, why, ms })
      })
      await clean(run).catch((error: unknown) => {
        log.warn({ run, error: messageOf(error) }, 'a run could not be cleaned up now; a keeper does it')
      })
      if (waitMs > 0) {
        const { items } = await sandboxes.list({ run, limit: 50 })
        await Promise.all(items.map(({ slug }) => sandboxes.settled(slug, waitMs)))
      }
      return details(await selectRun(database, run))
    },

    async list(filter) {
      const { items, next } = toPage(await selectRuns(database, filter), filter.limit, ({ number }) =>
        String(number),
      )
      return { items: items.map(summary), next }
    },

    get: async (run) => details(await selectRun(database, run)),
    register: (kind, definitions, complete) =>
      saveDefinitions(database, kind, definitions, later(0), complete),
    checks: (kind = 'check', parent = null) => selectChecks(database, kind, parent),
    latest: async () => (await selectChecks(database, 'check')).map(latestVerdict),

    async sweep() {
      const lost = await endOverdue(
        database,
        later(0),
        `its runner was lost: no word for ${lease.ms / 1_000} s`,
      )
      // A run that ended just now is being cleaned by whoever ended it.
      const unclean = [...new Set([...lost, ...(await selectUnclean(database, later(-2_000)))])]
      for (const run of unclean) {
        await clean(run).catch((error: unknown) => {
          log.warn({ run, error: messageOf(error) }, 'a run could not be cleaned up; it is tried again')
        })
      }
      return unclean.length
    },
  }
}

/** Without what only queries want to know. */
function summary(row: RunRow): RunSummary {
  const { number: _number, ttl: _ttl, scopes: _scopes, ...run } = row
  return run
}

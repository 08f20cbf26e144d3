import { messageOf, newId, parseDuration, problem, toPage } from '../../kernel/index.ts'
import type { Clock, Database, Log } from '../../kernel/index.ts'
import type { Organizations } from '../../organizations/index.ts'
import type { Sandboxes } from '../../sandboxes/index.ts'
import type { Attempt, Trigger, Verdict } from '../types.ts'
import { gatewayCauses } from './causes.ts'
import type { Causes } from './causes.ts'
import { latestVerdict } from './latest.ts'
import type { LatestVerdict } from './latest.ts'
import type { CheckState, Definition, Grant, RunDetails, RunSummary } from './schema.ts'
import {
  endOverdue,
  endRun,
  extendLease,
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
  check: string
  trigger: Trigger
  /** The time that the schedule meant. */
  slot?: Date | null | undefined
  /** Default: the configuration's. */
  parent?: string | null | undefined
  /** For example `1h`; default: the configuration's. */
  ttl?: string | null | undefined
  startedBy?: string | null | undefined
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

/** Runs of checks: what they made ends with them, whatever becomes of whoever executes them. */
export interface Runs {
  /**
   * Makes the run, a sandbox and a credential for it in one go; the gateways know them when it resolves.
   * @throws Problem `conflict` when the schedule runs the check already, or has run it for the slot
   */
  start(input: StartRun): Promise<StartedRun>
  /** A fresh sandbox and credential for a further attempt; the old credential is dead. `conflict` when the run has ended. */
  startAttempt(run: string): Promise<Grant>
  /** Extends the lease. `conflict` when the run has ended. */
  heartbeat(run: string): Promise<void>
  /** Ends it: looks for causes, revokes, deletes. Again is no error for the one who ended it. */
  finish(run: string, result: FinishRun): Promise<RunDetails>
  /** The newest first, without evidence. */
  list(filter: RunFilter): Promise<{ items: RunSummary[]; next: string | null }>
  get(run: string): Promise<RunDetails>
  /** Keeps what discovery saw, for `checks()`. `complete`: there are no others. */
  register(definitions: readonly Definition[], complete: boolean): Promise<void>
  checks(): Promise<CheckState[]>
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
  clock: Clock
  log: Log
  /** Resolves once the gateways know what was committed before the call, or after a bounded while. */
  settled: () => Promise<unknown>
  /** Where clients find the gateway, such as `http://127.0.0.1:8470`. */
  gateway: string
  /** `sandboxes` of the configuration. */
  defaults: { parent: string; ttl: string }
}

export function createRuns(options: RunsOptions): Runs {
  const { database, organizations, sandboxes, causes, clock, log, settled, gateway, defaults } = options
  const later = (ms: number) => new Date(clock.now() + ms)

  /** A sandbox, and the one credential that works for the run from now on. */
  async function grant(run: string, parent: string, ttl: number): Promise<Grant> {
    const { sandbox } = await sandboxes.create({ parent, ttl, run })
    const text = await database.transaction(async (tx) => {
      const { endedAt } = await selectRun(tx, run, 'for update')
      if (endedAt !== null) return undefined
      // The credential of an attempt before this one.
      await organizations.revokeWhere(tx, { run })
      const created = await organizations.createCredential(tx, {
        kind: 'run',
        organization: sandbox.slug,
        allows: { organization: sandbox.slug },
        environment: 'sandbox',
        actor: 'check',
        run,
        endsAt: later(ttl),
      })
      return created.text
    })
    if (text === undefined) {
      await sandboxes.delete(sandbox.slug, 'run ended')
      throw hasEnded(run)
    }
    await settled()
    return { organization: sandbox.slug, createdAt: sandbox.createdAt, credential: text }
  }

  /** Everything that the run made goes. Again is no error: a keeper does it where this process cannot. */
  async function clean(run: string): Promise<void> {
    await organizations.revokeWhere(null, { run })
    await sandboxes.deleteOfRun(run)
    await markCleaned(database, run, later(0))
  }

  async function details(row: RunRow): Promise<RunDetails> {
    const { evidence, since } = await selectDetails(database, row.id)
    const { items } = await sandboxes.list({ run: row.id, limit: 50 })
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

  async function whyOf(attempts: readonly Attempt[]): Promise<string[]> {
    const { organization } = attempts.at(-1) ?? {}
    const known = organization ? await causes.of(organization).catch(() => []) : []
    return [...gatewayCauses(attempts), ...known]
  }

  return {
    async start(input) {
      const run = newId('run')
      const parent = input.parent ?? defaults.parent
      const ttl = parseDuration(input.ttl ?? defaults.ttl)
      const { check, trigger, slot = null, startedBy = null } = input
      const isNew = await insertRun(database, {
        id: run,
        check,
        trigger,
        slot,
        parent,
        ttl,
        startedBy,
        startedAt: later(0),
        leaseUntil: later(lease.ms),
      })
      if (!isNew)
        throw problem('conflict', `the schedule runs “${check}” already, or has run it for this time`)
      try {
        return { run, gateway, lease, attempt: await grant(run, parent, ttl) }
      } catch (error) {
        const outcome = {
          verdict: 'uncheckable',
          attempts: [],
          ms: 0,
          why: [`no sandbox could be made: ${messageOf(error)}`],
        } as const
        await endRun(database, run, { ...outcome, endedAt: later(0), endedBy: 'runner' })
        await clean(run)
        throw error
      }
    },

    async startAttempt(run) {
      const { parent, ttl, endedAt } = await selectRun(database, run)
      if (endedAt !== null) throw hasEnded(run)
      return grant(run, parent, ttl)
    },

    async heartbeat(run) {
      if (await extendLease(database, run, later(lease.ms))) return
      await selectRun(database, run)
      throw hasEnded(run)
    },

    async finish(run, { verdict, attempts, waitMs = 0 }) {
      // Before anything is deleted: what is held back for the sandbox is gone afterwards.
      const why = verdict === 'pass' || verdict === null ? [] : await whyOf(attempts)
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
    register: (definitions, complete) => saveDefinitions(database, definitions, later(0), complete),
    checks: () => selectChecks(database),
    latest: async () => (await selectChecks(database)).map(latestVerdict),

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
  const { number: _number, ttl: _ttl, ...run } = row
  return run
}

function hasEnded(run: string) {
  return problem('conflict', `the run ${run} has ended`, { extra: { ended: true } })
}

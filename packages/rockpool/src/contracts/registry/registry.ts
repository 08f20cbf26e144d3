import { problem, toPage } from '../../kernel/index.ts'
import type { Clock, Database } from '../../kernel/index.ts'
import { addressOf } from '../bundle.ts'
import type { Bundle } from '../bundle.ts'
import type { Weighable, Weights } from '../differences/index.ts'
import { insertApprovals, revoke, selectApprovals, selectStanding } from './approval-store.ts'
import { tell } from './compare.ts'
import type { DifferenceQuery } from './compare.ts'
import { createComparisons } from './comparisons.ts'
import { createJudge } from './judge.ts'
import type { Judge } from './judge.ts'
import type { Endpoints } from './notify/index.ts'
import { nameFindings } from './names.ts'
import { push } from './push.ts'
import { createRunning, selectRunning } from './running.ts'
import type { Running } from './running.ts'
import { findAddress, selectBundle } from './store.ts'
import { noUsage } from '../traffic/index.ts'
import type { Drift } from '../traffic/index.ts'
import type {
  Approval,
  OperationOutline,
  Page,
  PageRequest,
  PushInput,
  PushResult,
  ToldComparison,
  Traffic,
  Version,
} from './types.ts'
import { createVersions } from './versions.ts'
import type { Versions } from './versions.ts'
import { createWatchers } from './watchers.ts'
import type { Watchers } from './watchers.ts'

/** Every contract that was ever pushed, who may break whom, who is told, and what runs in production. */
export interface Registry extends Versions, Running, Watchers {
  /** `invalid_input`, `conflict`, `contract_breaks`; each with all findings. What is there already is answered as it is. */
  push(input: PushInput): Promise<PushResult>
  /**
   * Keeps what runs already, whatever it breaks; under its version, where that is free. Its contract must be one that can be
   * used: `invalid_input`.
   */
  keep(service: string, bundle: Bundle, by: string): Promise<Version>
  /** What is different between two versions of a service, a page of it. */
  compare(
    service: string,
    versions: { from: string; to: string },
    query: DifferenceQuery,
  ): Promise<ToldComparison>
  /** Whom differences of a service meet, wherever its versions lie; undefined: nobody watches. */
  weights(service: string, differences: readonly Weighable[]): Promise<Weights | undefined>
  /** In what a version and what gateways saw within 90 days are not one; with what would mend its files. */
  drift(service: string, version: string): Promise<{ version: Version; drift: Drift }>
  /** The operations of a contract, as far as routes are made of them. */
  outline(address: string): Promise<OperationOutline[]>
  /** Lets differences break callers from now on, by their fingerprints or the first 16 digits of them. */
  approve(input: {
    service: string
    fingerprints: readonly string[]
    reason: string
    endsAt: Date | null
    by: string
  }): Promise<Approval[]>
  approvals(service: string, page?: PageRequest): Promise<Page<Approval>>
  /** From now on it lets nothing pass any more. `not_found`. */
  revokeApproval(service: string, approval: string, by: string): Promise<Approval>
}

export interface RegistryOptions {
  database: Database
  clock: Clock
  /** Who knows of calls; without it nobody is said to meet anything, and all watchers are told. */
  traffic?: Traffic
  judge?: Judge
  /** Where watchers may be told over HTTP; without it nowhere. */
  endpoints?: Endpoints
}

export function createRegistry({
  database,
  clock,
  traffic,
  judge = createJudge(),
  endpoints,
}: RegistryOptions): Registry {
  const versions = createVersions({ database, clock })
  const options = { database, clock, judge, traffic }
  const comparisons = createComparisons({ database, judge })
  const now = () => new Date(clock.now())
  return {
    ...versions,
    ...createRunning({ database, clock }),
    ...createWatchers({ database, clock, endpoints }),

    push: (input) => push(input, options),

    async keep(service, bundle, by) {
      // Each start of an installation tells all that it has.
      const known = await findAddress(database, service, addressOf(bundle))
      if (known?.branch === null) return known
      const input = { service, bundle, name: null, branch: null, note: null, by }
      const { version } = await push(input, options, true)
      return version!
    },

    async compare(service, selectors, query) {
      const from = await versions.find(service, selectors.from)
      const to = await versions.find(service, selectors.to)
      const today = now().toISOString().slice(0, 10)
      const comparison = await comparisons.of(from.address, to.address, today)
      const approvals = await selectStanding(database, service, now())
      return { from, to, ...(await tell(comparison, query, { service, approvals, traffic })) }
    },

    weights: async (service, differences) => traffic?.weights(service, differences),

    async drift(service, selector) {
      const version = await versions.find(service, selector)
      const seen = (await traffic?.all(service)) ?? noUsage
      const bundle = await selectBundle(database, version.address)
      return { version, drift: await judge.within(bundle, (judgement) => judgement.driftOf(seen)) }
    },

    async outline(address) {
      const bundle = await selectBundle(database, address)
      return judge.within(bundle, (judgement) => judgement.outline())
    },

    async approve({ service, fingerprints, reason, endsAt, by }) {
      const findings = nameFindings({ service })
      if (endsAt !== null && endsAt.getTime() <= clock.now())
        findings.push({ path: 'endsAt', message: 'is in the past' })
      if (findings.length > 0) throw problem('invalid_input', 'this cannot be approved', { findings })
      return database.transaction(async (tx) => {
        const [running] = await selectRunning(tx, service)
        const base = running?.address ?? null
        return insertApprovals(tx, { service, fingerprints, base, reason, by, at: now(), endsAt })
      })
    },

    async approvals(service, { cursor, limit = 50 } = {}) {
      const rows = await selectApprovals(database, service, { before: cursor, limit: limit + 1 })
      return toPage(rows, limit, ({ id }) => id)
    },

    revokeApproval: (service, approval, by) =>
      database.transaction((tx) => revoke(tx, service, approval, { by, at: now() })),
  }
}

import {
  formatDuration,
  Problem,
  problem,
  toPage,
  type Clock,
  type Database,
  type Finding,
} from '../kernel/index.ts'
import type { Organizations } from '../organizations/index.ts'
import { closeSandbox } from './closing.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { sandboxSlug } from './slug.ts'
import {
  insertSandbox,
  selectActiveOfRun,
  selectReceipt,
  selectSandbox,
  selectSandboxes,
  withoutNumber,
} from './store.ts'
import type {
  CreatedSandbox,
  DeletionCause,
  NewSandbox,
  Page,
  Receipt,
  Sandbox,
  SandboxFilter,
} from './types.ts'

/** Sandboxes: organizations that begin empty and end without a trace. */
export interface Sandboxes {
  readonly ledger: Ledger
  /**
   * Makes one with its key; the answer comes when the gateways know it.
   * @throws Problem `invalid_input` with all findings; `organization_unknown`, `organization_deleted` of the parent
   */
  create(input: NewSandbox): Promise<CreatedSandbox>
  /** The newest first. */
  list(filter?: SandboxFilter): Promise<Page<Sandbox>>
  /** `not_found` when there never was one. */
  get(slug: string): Promise<Sandbox>
  /**
   * Closes it at once (credentials revoked, gateways refuse it) and has a keeper erase it; again is no error, and one
   * with residue is tried anew. The answer comes when the gateways know it.
   */
  delete(slug: string, because?: DeletionCause): Promise<Sandbox>
  /** Deletes all of a run; returns their slugs. */
  deleteOfRun(run: string): Promise<string[]>
  /** Resolves once a deletion has come to its end, or after `withinMs`; the answer tells which. */
  settled(slug: string, withinMs: number): Promise<Sandbox>
  /** `not_found`, with the state, while there is none yet. */
  receipt(slug: string): Promise<Receipt>
}

export interface SandboxesOptions {
  database: Database
  organizations: Organizations
  clock: Clock
  /** Resolves once the gateways know what was committed before the call, or after a bounded while. */
  settled: () => Promise<void>
}

const shortest = 1_000
const longest = 7 * 24 * 60 * 60 * 1_000

export function createSandboxes({ database, organizations, clock, settled }: SandboxesOptions): Sandboxes {
  const createOnce = (input: NewSandbox, slug: string): Promise<CreatedSandbox> =>
    database.transaction(async (tx) => {
      const { parent, run = null, createdBy = null } = input
      const createdAt = new Date(clock.now())
      const endsAt = new Date(clock.now() + input.ttl)
      const name = input.name ?? slug
      await organizations.create(tx, { slug, name, parent, environment: 'sandbox' })
      const { text } = await organizations.createCredential(tx, {
        kind: 'sandbox',
        organization: slug,
        allows: { organization: slug },
        environment: 'sandbox',
        actor: 'customer',
        endsAt,
      })
      await insertSandbox(tx, { slug, parent, name, run, createdBy, createdAt, endsAt })
      return { sandbox: await selectSandbox(tx, slug), key: text }
    })

  return {
    ledger: createLedger({ database }),

    async create(input) {
      const findings = newSandboxFindings(input)
      if (findings.length > 0)
        throw problem('invalid_input', 'the sandbox cannot be created like this', { findings })
      const created = await retryTakenSlug(() => createOnce(input, sandboxSlug(input.parent)))
      await settled()
      return created
    },

    async list(filter = {}) {
      const limit = filter.limit ?? 50
      const rows = await selectSandboxes(database, { ...filter, limit })
      const { items, next } = toPage(rows, limit, ({ number }) => String(number))
      return { items: items.map(withoutNumber), next }
    },

    get: (slug) => selectSandbox(database, slug),

    async delete(slug, because = 'asked') {
      const sandbox = await database.transaction((tx) =>
        closeSandbox(tx, organizations, { slug, because, now: new Date(clock.now()) }),
      )
      await settled()
      return sandbox
    },

    async deleteOfRun(run) {
      const slugs = await selectActiveOfRun(database, run)
      for (const slug of slugs) {
        const now = new Date(clock.now())
        await database.transaction((tx) =>
          closeSandbox(tx, organizations, { slug, because: 'run ended', now }),
        )
      }
      if (slugs.length > 0) await settled()
      return slugs
    },

    async settled(slug, withinMs) {
      const deadline = clock.now() + withinMs
      for (;;) {
        const sandbox = await selectSandbox(database, slug)
        if (sandbox.state !== 'deleting' || clock.now() >= deadline) return sandbox
        await clock.sleep(25)
      }
    },

    async receipt(slug) {
      const receipt = await selectReceipt(database, slug)
      if (receipt) return receipt
      const { state } = await selectSandbox(database, slug)
      throw problem('not_found', `there is no receipt of “${slug}” yet: it is ${state}`, { extra: { state } })
    },
  }
}

/** Everything that is wrong with it; the name and the parent are the organizations' to judge. Pure. */
function newSandboxFindings({ ttl }: NewSandbox): Finding[] {
  if (ttl >= shortest && ttl <= longest) return []
  return [{ path: 'ttl', message: `is ${formatDuration(shortest)} to ${formatDuration(longest)}` }]
}

/** Two in 10^11 choose the same slug: then another is chosen. */
async function retryTakenSlug<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Problem && error.code === 'conflict' && /slug/.test(error.message)) return work()
    throw error
  }
}

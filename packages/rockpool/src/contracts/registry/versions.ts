import { problem, toPage } from '../../kernel/index.ts'
import type { Clock, Database } from '../../kernel/index.ts'
import type { Bundle } from '../bundle.ts'
import { versionsIn } from './bases.ts'
import { newestOf, parseSelector } from './names.ts'
import type { SemanticVersion, Selector } from './names.ts'
import { selectRunning } from './running.ts'
import { findAddress, findBranch, findNamed, selectBundle, selectNamed, selectVersions } from './store.ts'
import type { Listed, Page, PageRequest, Version } from './types.ts'
import { idIn } from './watchers.ts'

/** What was pushed, as it is read. */
export interface Versions {
  /** Every service with a contract, by name. */
  services(page?: PageRequest): Promise<Page<Listed>>
  /** Every push of a service, the newest first; those of branches that have ended are left out. */
  history(service: string, page?: PageRequest): Promise<Page<Version>>
  /** What runs, the one that began last first; where several releases run, `running` of each tells which. */
  production(service: string): Promise<Version[]>
  /** The one that a selector such as `1.2`, `latest`, `production` leads to. `not_found`, `invalid_input`, `conflict`. */
  find(service: string, selector: string): Promise<Version>
  /** As it was pushed. */
  bundle(address: string): Promise<Bundle>
}

export function createVersions({ database, clock }: { database: Database; clock: Clock }): Versions {
  /** By precedence the newest that fits, and is no prerelease if there is such a one; else, if told so, the newest push. */
  async function newest(
    service: string,
    fits: (version: SemanticVersion) => boolean,
    orAny = false,
  ): Promise<Version | undefined> {
    const pushes = await selectNamed(database, service)
    const found = newestOf(versionsIn(pushes), fits) ?? (orAny ? pushes[0] : undefined)
    return found && (await selectVersions(database, 'where p.id = $1', [found.id]))[0]
  }

  const latest = (service: string) => newest(service, ({ prerelease }) => prerelease.length === 0, true)

  /** The one that began last; where several releases run, `running` tells them all. */
  async function production(service: string): Promise<Version[]> {
    const addresses = (await selectRunning(database, service)).map(({ address }) => address)
    const found = await Promise.all(
      [...new Set(addresses)].map((address) => findAddress(database, service, address)),
    )
    return found.filter((version) => version !== undefined).toReversed()
  }

  async function branch(service: string, name: string): Promise<Version | undefined> {
    const head = await findBranch(database, service, name)
    return head && Date.parse(head.branchEndsAt!) > clock.now() ? head : undefined
  }

  async function revision(service: string, given: string): Promise<Version | undefined> {
    // Either may be the beginning of the other, as git has it.
    const found = await selectVersions(
      database,
      `where p.service = $1 and p.kind = 'revision' and (starts_with(p.name, $2) or starts_with($2, p.name))
       order by p.branch is not null, p.id desc limit 100`,
      [service, given],
    )
    return only(service, given, found)
  }

  async function address(service: string, prefix: string): Promise<Version | undefined> {
    const found = await selectVersions(
      database,
      'where p.service = $1 and starts_with(p.address, $2) order by p.branch is not null, p.id desc limit 100',
      [service, prefix],
    )
    return only(service, prefix, found)
  }

  async function requireKnown(service: string): Promise<void> {
    const any = await selectVersions(database, 'where p.service = $1 limit 1', [service])
    if (any.length === 0)
      throw problem('not_found', `no contract of “${service.slice(0, 80)}” was ever pushed`)
  }

  const findBy = (service: string, selector: Selector): Promise<Version | undefined> => {
    if (selector.by === 'latest') return latest(service)
    if (selector.by === 'production') return production(service).then(([first]) => first)
    if (selector.by === 'branch') return branch(service, selector.branch)
    if (selector.by === 'address') return address(service, selector.prefix)
    if (selector.by === 'newest')
      return newest(service, ({ numbers }) => selector.numbers.every((number, at) => numbers[at] === number))
    return selector.by === 'revision'
      ? revision(service, selector.revision)
      : findNamed(database, service, selector.name)
  }

  return {
    async services({ cursor, limit = 50 } = {}) {
      const rows = await database.query<{ service: string; pushes: number }>(
        `select service, count(*) as pushes from contracts.push
          where ($1::text is null or service > $1) and (branch is null or branch_ends_at > $2)
          group by service order by service limit $3`,
        [cursor ?? null, new Date(clock.now()), limit + 1],
      )
      const { items, next } = toPage(rows, limit, ({ service }) => service)
      const listed: Listed[] = []
      for (const { service, pushes } of items) {
        const [newestOne, running] = [await latest(service), await production(service)]
        listed.push({ service, pushes, latest: newestOne ?? null, production: running })
      }
      return { items: listed, next }
    },

    async history(service, { cursor, limit = 50 } = {}) {
      const rows = await selectVersions(
        database,
        `where p.service = $1 and (p.branch is null or p.branch_ends_at > $2) and ($3::bigint is null or p.id < $3)
         order by p.id desc limit $4`,
        [service, new Date(clock.now()), cursor === undefined ? null : idIn(cursor), limit + 1],
      )
      if (rows.length === 0) await requireKnown(service)
      return toPage(rows, limit, ({ id }) => String(id))
    },

    production,

    async find(service, selector) {
      const found = await findBy(service, parseSelector(selector))
      if (found !== undefined) return found
      await requireKnown(service)
      throw problem(
        'not_found',
        selector === 'production'
          ? `nothing is known to run of ${service}`
          : `${service} has no version “${selector}”`,
      )
    },

    bundle: async (of) => JSON.parse(await selectBundle(database, of)) as Bundle,
  }
}

/** Beginnings may be of several contents, and then mean none. */
function only(service: string, given: string, found: readonly Version[]): Version | undefined {
  const addresses = [...new Set(found.map((version) => version.address))]
  if (addresses.length <= 1) return found[0]
  throw problem('conflict', `“${given}” of ${service} may be any of ${addresses.length}: write more of it`, {
    findings: found.slice(0, 10).map(({ name, address }) => ({ path: name ?? address, message: address })),
  })
}

import type { Finding } from '../kernel/index.ts'
import type { Credential, Snapshot as Known } from '../organizations/index.ts'
import { publishedFault } from './faults/published.ts'
import { createRouter } from './router.ts'
import { checkEntry } from './snapshot.ts'
import type {
  SnapshotChange,
  SnapshotCredential,
  SnapshotEntries,
  SnapshotFault,
  SnapshotIssuer,
  SnapshotRateLimit,
  SnapshotService,
} from './types.ts'

type Kind = keyof SnapshotEntries

/** What all gateways are to know, ready to be compared: each entry as JSON under its name. */
export interface Publication {
  readonly json: Readonly<Record<Kind, ReadonlyMap<string, string>>>
  /** Entries that were left out, with what is wrong with them. */
  readonly findings: readonly Finding[]
  entries(): SnapshotEntries
}

const kinds: readonly Kind[] = [
  'organizations',
  'credentials',
  'services',
  'keys',
  'faults',
  'issuers',
  'rateLimits',
]

export const emptyPublication: Publication = toPublication(
  {
    organizations: new Map(),
    credentials: new Map(),
    services: new Map(),
    keys: new Map(),
    faults: new Map(),
    issuers: new Map(),
    rateLimits: new Map(),
  },
  [],
)

/** Pure: what is known, as gateways need it. What is wrong by itself is left out, so that the rest gets through. */
export function buildEntries(
  known: Known,
  services: readonly SnapshotService[],
  faults: readonly SnapshotFault[],
  before: Publication,
  rateLimits: readonly SnapshotRateLimit[] = [],
  issuers: readonly SnapshotIssuer[] = [],
): Publication {
  const findings: Finding[] = []
  const entries: SnapshotEntries = {
    organizations: known.organizations.map(({ slug, environment, parent, status }) => ({
      slug,
      environment,
      parent,
      status,
    })),
    credentials: known.credentials.flatMap(toCredential),
    services: withoutConflicts(services, before, findings),
    keys: known.keys.map(({ kid, trust, jwk }) => ({
      kid,
      trust,
      jwk: { kty: jwk.kty, crv: jwk.crv, x: jwk.x },
    })),
    faults: faults.map(publishedFault),
    issuers: [...issuers],
    rateLimits: [...rateLimits],
  }
  const json = Object.fromEntries(
    kinds.map((kind) => {
      const map = new Map<string, string>()
      for (const entry of entries[kind]) {
        const name = nameOf(kind, entry)
        const text = JSON.stringify(entry)
        // What did not change was checked when it came.
        const wrong = before.json[kind].get(name) === text ? [] : checkEntry(kind, entry)
        if (wrong.length === 0) map.set(name, text)
        for (const { path, message } of wrong)
          findings.push({
            path: `${kind}.${kind === 'credentials' ? (entry as SnapshotCredential).id : name}: ${path}`,
            message,
          })
      }
      return [kind, map]
    }),
  ) as Record<Kind, Map<string, string>>
  return toPublication(json, findings)
}

/** Undefined: nothing changed. */
export function diffEntries(
  before: Publication,
  after: Publication,
): Pick<SnapshotChange, 'set' | 'removed'> | undefined {
  const set: Record<string, unknown[]> = {}
  const removed: Record<string, string[]> = {}
  for (const kind of kinds) {
    const changed = [...after.json[kind]].filter(([name, text]) => before.json[kind].get(name) !== text)
    const gone = [...before.json[kind].keys()].filter((name) => !after.json[kind].has(name))
    if (changed.length > 0) set[kind] = changed.map(([, text]) => JSON.parse(text) as unknown)
    if (gone.length > 0) removed[kind] = gone
  }
  if (Object.keys(set).length === 0 && Object.keys(removed).length === 0) return undefined
  return { set, removed }
}

/**
 * Two routes of one method and shape: the one that was there before keeps serving, the newcomer is left out. A service
 * that cannot be understood loses its routes, not its callers' errors.
 */
function withoutConflicts(
  services: readonly SnapshotService[],
  before: Publication,
  findings: Finding[],
): SnapshotService[] {
  const published = (service: SnapshotService) => {
    const text = before.json.services.get(service.name)
    return (
      text !== undefined &&
      JSON.stringify((JSON.parse(text) as SnapshotService).routes) === JSON.stringify(service.routes)
    )
  }
  const ordered = [...services].sort((a, b) => Number(published(b)) - Number(published(a)))
  const { findings: conflicts } = createRouter(ordered)
  findings.push(...conflicts)
  const lost = new Set(conflicts.map(({ path }) => path))
  return services.map((service) => ({
    ...service,
    routes: service.routes.filter((_, index) => !lost.has(`services.${service.name}.routes.${index}`)),
  }))
}

function toCredential(credential: Credential): SnapshotCredential[] {
  const { id, sha256, kind, allows, environment, actor, run, service, scopes, grant, endsAt } = credential
  if (kind === 'control') return []
  return [{ id, sha256, kind, allows, environment, actor, run, service, scopes: [...scopes], grant, endsAt }]
}

function nameOf(kind: Kind, entry: SnapshotEntries[Kind][number]): string {
  const key = {
    organizations: 'slug',
    credentials: 'sha256',
    services: 'name',
    keys: 'kid',
    faults: 'id',
    issuers: 'issuer',
    rateLimits: 'name',
  }[kind]
  return (entry as unknown as Record<string, string>)[key]!
}

function toPublication(json: Record<Kind, ReadonlyMap<string, string>>, findings: Finding[]): Publication {
  const parse = <T>(kind: Kind) => [...json[kind].values()].map((text) => JSON.parse(text) as T)
  return {
    json,
    findings,
    entries: () => ({
      organizations: parse('organizations'),
      credentials: parse('credentials'),
      services: parse('services'),
      keys: parse('keys'),
      faults: parse('faults'),
      issuers: parse('issuers'),
      rateLimits: parse('rateLimits'),
    }),
  }
}

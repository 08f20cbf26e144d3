import { actors, environments } from '@rockpool/sdk/wire'
import type { PublicKey } from '@rockpool/sdk/wire'
import { z } from 'zod'
import { runScopes, signatureAlgorithms } from '../kernel/index.ts'
import type { Finding } from '../kernel/index.ts'
import { addressForm } from './judging/address.ts'
import { corsPolicySchema } from './cors/policy.ts'
import { snapshotFault } from './faults/schema.ts'
import { createIssuers } from './issuers/issuers.ts'
import type { Issuers } from './issuers/issuers.ts'
import { issuerKeySchema, maxKeys } from './issuers/keys.ts'
import { defaultConcurrency } from './limits/classes.ts'
import { createMocks } from './mocks/mocks.ts'
import type { Mocks } from './mocks/mocks.ts'
import { createMockRouters, mockRoutesFindings } from './mocks/routers.ts'
import { snapshotMock, snapshotMockRoutes } from './mocks/schema.ts'
import { releaseName } from './releases/names.ts'
import { routeSchema } from './route-schema.ts'
import { createRouter } from './router.ts'
import type { Router } from './router.ts'
import type {
  Snapshot,
  SnapshotChange,
  SnapshotCredential,
  SnapshotEntries,
  SnapshotFault,
  SnapshotMockRoutes,
  SnapshotOrganization,
  SnapshotRateLimit,
  SnapshotService,
} from './types.ts'

/** A snapshot as decisions read it. Changes are applied in place, all at once: a decision never sees half of one. */
export interface Directory {
  readonly version: number
  readonly organizations: ReadonlyMap<string, SnapshotOrganization>
  /** By sha256. */
  readonly credentials: ReadonlyMap<string, SnapshotCredential>
  readonly services: ReadonlyMap<string, SnapshotService>
  /** By kid. */
  readonly keys: ReadonlyMap<string, PublicKey>
  /** By id. */
  readonly faults: ReadonlyMap<string, SnapshotFault>
  readonly issuers: Issuers
  /** By name. Another map whenever one of them changed. */
  readonly rateLimits: ReadonlyMap<string, SnapshotRateLimit>
  readonly mocks: Mocks
  readonly router: Router
}

export type Applied = { ok: true; directory: Directory } | { ok: false; findings: Finding[] }

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/, 'must be a slug')
const word = z.string().min(1).max(200)
const time = z.iso.datetime({ offset: true })

const organization = z.object({
  slug,
  environment: z.enum(environments as [string, ...string[]]),
  parent: slug.nullable(),
  status: z.enum(['active', 'deleting', 'deleted']),
})

const credential = z.object({
  id: word,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex'),
  kind: z.enum(['live', 'sandbox', 'run', 'session', 'service']),
  allows: z.union([
    z.strictObject({ organization: slug }),
    z.strictObject({ sandboxesOf: slug }),
    z.strictObject({ none: z.literal(true) }),
  ]),
  environment: z.enum(environments as [string, ...string[]]).nullable(),
  actor: z.enum(actors as [string, ...string[]]),
  run: word.nullable(),
  service: word.nullable(),
  scopes: z.array(z.string()),
  // What an earlier version of Rockpool kept on disk has none.
  grant: z
    .object({ name: word, writes: z.number().int().nonnegative(), card: word.nullable() })
    .nullable()
    .default(null),
  endsAt: time.nullable(),
})

const release = z.object({
  // It stands in a header.
  name: z.string().regex(releaseName, 'must be the name of a release'),
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .refine((url) => URL.parse(url)?.origin === url, 'must be an origin'),
  weight: z.number().int().nonnegative().max(1_000),
  drain: word.nullable(),
})

const service = z.object({
  name: word,
  url: z.url({ protocol: /^https?$/ }).nullable(),
  state: z.enum(['running', 'starting', 'stopped', 'failed', 'unavailable']),
  reason: z.string().nullable(),
  foreign: z.boolean().default(false),
  deadlineMs: z
    .number()
    .int()
    .positive()
    .max(24 * 60 * 60 * 1000),
  concurrency: z.number().int().positive().max(10_000).default(defaultConcurrency),
  cors: corsPolicySchema.optional(),
  contract: z.string().regex(addressForm, 'must be the address of a contract').optional(),
  routes: z.array(routeSchema).max(20_000),
  // What an earlier version of Rockpool kept on disk has none.
  releases: z.array(release).max(20).default([]),
})

const key = z.object({
  kid: word,
  trust: z.enum(['gateway', 'relay']),
  jwk: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string().length(43) }),
})

const amount = z.number().int().positive().max(1_000_000)
const rateLimit = z.object({
  // It stands in a header.
  name: z.string().regex(/^[A-Za-z0-9._-]{1,400}$/, 'must be of letters, digits, dots and dashes'),
  organization: slug.nullable(),
  environment: z.enum(environments as [string, ...string[]]).nullable(),
  service: word.nullable(),
  operation: word.nullable(),
  per: z.enum(['organization', 'credential']),
  limit: amount,
  windowMs: z
    .number()
    .int()
    .positive()
    .max(24 * 60 * 60 * 1000),
  burst: amount,
})

const issuer = z.object({
  issuer: z.string().min(1).max(500),
  name: word,
  audience: z.array(z.string().min(1).max(500)).min(1).max(20),
  organization: z.union([z.strictObject({ claim: word }), z.strictObject({ slug })]),
  environment: z.enum(environments as [string, ...string[]]),
  subject: word,
  prefix: z.string().max(50),
  algorithms: z.array(z.enum(signatureAlgorithms)).min(1).max(20),
  clockSkewS: z.number().nonnegative().max(300),
  forwardToken: z.boolean(),
  keys: z.array(issuerKeySchema).max(maxKeys),
})

const entries = {
  organizations: z.array(organization),
  credentials: z.array(credential),
  services: z.array(service),
  keys: z.array(key),
  faults: z.array(snapshotFault),
  issuers: z.array(issuer).max(50),
  rateLimits: z.array(rateLimit).max(1_000),
  mocks: z.array(snapshotMock),
  mockRoutes: z.array(snapshotMockRoutes).max(1_000),
}
const version = z.number().int().nonnegative()
// What an earlier version of Rockpool kept on disk has none.
const defaults = {
  faults: entries.faults.default([]),
  issuers: entries.issuers.default([]),
  rateLimits: entries.rateLimits.default([]),
  mocks: entries.mocks.default([]),
  mockRoutes: entries.mockRoutes.default([]),
}
const snapshotSchema = z.object({ version, at: time, ...entries, ...defaults })
const changeSchema = z.object({
  version,
  set: z.object(entries).partial(),
  removed: z.object({
    organizations: z.array(z.string()).optional(),
    credentials: z.array(z.string()).optional(),
    services: z.array(z.string()).optional(),
    keys: z.array(z.string()).optional(),
    faults: z.array(z.string()).optional(),
    issuers: z.array(z.string()).optional(),
    rateLimits: z.array(z.string()).optional(),
    mocks: z.array(z.string()).optional(),
    mockRoutes: z.array(z.string()).optional(),
  }),
})

interface MutableDirectory {
  version: number
  organizations: Map<string, SnapshotOrganization>
  credentials: Map<string, SnapshotCredential>
  services: Map<string, SnapshotService>
  keys: Map<string, PublicKey>
  faults: Map<string, SnapshotFault>
  issuers: Issuers
  rateLimits: Map<string, SnapshotRateLimit>
  mocks: Mocks
  router: Router
}

/** Checks a whole snapshot; with findings nothing of it is used. */
export function openSnapshot(input: unknown): Applied {
  const parsed = snapshotSchema.safeParse(input)
  if (!parsed.success) return { ok: false, findings: toFindings(parsed.error) }
  const snapshot = parsed.data as Snapshot
  const { router, findings } = createRouter(snapshot.services)
  findings.push(...snapshot.credentials.flatMap(credentialFindings), ...doubles(snapshot))
  findings.push(...snapshot.mockRoutes.flatMap(mockRoutesFindings))
  if (findings.length > 0) return { ok: false, findings }
  const directory: MutableDirectory = {
    version: snapshot.version,
    organizations: new Map(snapshot.organizations.map((entry) => [entry.slug, entry])),
    credentials: new Map(snapshot.credentials.map((entry) => [entry.sha256, entry])),
    services: new Map(snapshot.services.map((entry) => [entry.name, entry])),
    keys: new Map(snapshot.keys.map((entry) => [entry.kid, entry])),
    faults: new Map(snapshot.faults.map((entry) => [entry.id, entry])),
    issuers: createIssuers(snapshot.issuers),
    rateLimits: new Map(snapshot.rateLimits.map((entry) => [entry.name, entry])),
    mocks: createMocks(snapshot.mocks, createMockRouters(snapshot.mockRoutes)),
    router,
  }
  return { ok: true, directory }
}

/** What is wrong with one entry by itself; control leaves such a one out, so that it cannot hold up all others. */
export function checkEntry(kind: keyof SnapshotEntries, entry: unknown): Finding[] {
  const parsed = entries[kind].element.safeParse(entry)
  if (!parsed.success) return toFindings(parsed.error)
  if (kind === 'mockRoutes') return mockRoutesFindings(parsed.data as SnapshotMockRoutes)
  return kind === 'credentials' ? credentialFindings(parsed.data as SnapshotCredential) : []
}

/** Applies a change in place, or refuses it with all findings and leaves the directory as it was. */
export function applyChange(current: Directory, input: unknown): Applied {
  const parsed = changeSchema.safeParse(input)
  if (!parsed.success) return { ok: false, findings: toFindings(parsed.error) }
  const { version: next, set, removed } = parsed.data as SnapshotChange
  const findings: Finding[] = []
  if (next !== current.version + 1)
    findings.push({ path: 'version', message: `${next} does not follow ${current.version}` })
  for (const entry of set.organizations ?? []) findings.push(...organizationFindings(current, entry, removed))
  for (const entry of set.credentials ?? []) findings.push(...credentialFindings(entry))
  for (const entry of set.mockRoutes ?? []) findings.push(...mockRoutesFindings(entry))
  let undoRoutes: (() => void) | undefined
  let services: Map<string, SnapshotService> | undefined
  if (set.services !== undefined || removed.services !== undefined) {
    services = new Map(current.services)
    for (const name of removed.services ?? []) services.delete(name)
    for (const entry of set.services ?? []) services.set(entry.name, entry)
    const routesChanged =
      removed.services !== undefined ||
      set.services?.some((entry) => !sameRoutes(entry, current.services.get(entry.name)))
    if (routesChanged) {
      const replaced = current.router.replace(removed.services ?? [], set.services ?? [])
      undoRoutes = replaced.undo
      findings.push(...replaced.findings)
    }
  }
  if (findings.length > 0) {
    undoRoutes?.()
    return { ok: false, findings }
  }

  const directory = current as MutableDirectory
  for (const name of removed.organizations ?? []) directory.organizations.delete(name)
  for (const entry of set.organizations ?? []) directory.organizations.set(entry.slug, entry)
  for (const sha256 of removed.credentials ?? []) directory.credentials.delete(sha256)
  for (const entry of set.credentials ?? []) directory.credentials.set(entry.sha256, entry)
  for (const kid of removed.keys ?? []) directory.keys.delete(kid)
  for (const entry of set.keys ?? []) directory.keys.set(entry.kid, entry)
  for (const id of removed.faults ?? []) directory.faults.delete(id)
  for (const entry of set.faults ?? []) directory.faults.set(entry.id, entry)
  if (set.issuers !== undefined || removed.issuers !== undefined) {
    const issuers = new Map(directory.issuers.entries)
    for (const name of removed.issuers ?? []) issuers.delete(name)
    for (const entry of set.issuers ?? []) issuers.set(entry.issuer, entry)
    directory.issuers = createIssuers([...issuers.values()])
  }
  if (set.rateLimits !== undefined || removed.rateLimits !== undefined) {
    directory.rateLimits = new Map(directory.rateLimits)
    for (const name of removed.rateLimits ?? []) directory.rateLimits.delete(name)
    for (const entry of set.rateLimits ?? []) directory.rateLimits.set(entry.name, entry)
  }
  directory.mocks = withChangedMocks(directory.mocks, set, removed)
  if (services) directory.services = services
  directory.version = next
  return { ok: true, directory }
}

function withChangedMocks(
  mocks: Mocks,
  set: SnapshotChange['set'],
  removed: SnapshotChange['removed'],
): Mocks {
  if (!(set.mocks ?? removed.mocks ?? set.mockRoutes ?? removed.mockRoutes)) return mocks
  const entries = new Map(mocks.entries)
  for (const id of removed.mocks ?? []) entries.delete(id)
  for (const entry of set.mocks ?? []) entries.set(entry.id, entry)
  const routes = new Map([...mocks.routers].map(([name, { entry }]) => [name, entry]))
  for (const name of removed.mockRoutes ?? []) routes.delete(name)
  for (const entry of set.mockRoutes ?? []) routes.set(entry.name, entry)
  return createMocks([...entries.values()], createMockRouters(routes.values(), mocks.routers))
}

/** The snapshot that `openSnapshot` would make this directory from: what is kept on disk. */
export function toSnapshot(directory: Directory, at: string): Snapshot {
  return {
    version: directory.version,
    at,
    organizations: [...directory.organizations.values()],
    credentials: [...directory.credentials.values()],
    services: [...directory.services.values()],
    keys: [...directory.keys.values()],
    faults: [...directory.faults.values()],
    issuers: [...directory.issuers.entries.values()],
    rateLimits: [...directory.rateLimits.values()],
    mocks: [...directory.mocks.entries.values()],
    mockRoutes: [...directory.mocks.routers.values()].map(({ entry }) => entry),
  }
}

/** What a credential of each kind must say to be believed: the last line of defence behind the rules that made it. */
function credentialFindings(entry: SnapshotCredential): Finding[] {
  const wrong = (message: string): Finding[] => [{ path: `credentials.${entry.id}`, message }]
  const organizations = 'organization' in entry.allows || 'sandboxesOf' in entry.allows
  if (entry.kind === 'service') {
    if (organizations || entry.service === null)
      return wrong('a service credential names a service and no organization')
    return []
  }
  if (!organizations) return wrong(`a ${entry.kind} credential must allow an organization`)
  if (entry.environment === null) return wrong(`a ${entry.kind} credential must have an environment`)
  if ('sandboxesOf' in entry.allows && entry.environment !== 'sandbox')
    return wrong('a credential for sandboxes must be of the sandbox environment')
  if (entry.kind === 'live' && entry.environment !== 'production')
    return wrong('a live key is for production only')
  if (entry.kind === 'sandbox' && entry.environment !== 'sandbox')
    return wrong('a sandbox key is for sandboxes only')
  if (entry.kind === 'run' && entry.run === null) return wrong('a run credential must name its run')
  if (entry.kind === 'session' && entry.endsAt === null) return wrong('a session must have an end')
  const ofRun = runScopes.find((scope) => entry.scopes.includes(scope))
  if (ofRun !== undefined && (entry.kind !== 'run' || entry.environment !== 'sandbox'))
    return wrong(`the scope ${ofRun} is for a run in a sandbox`)
  if (entry.grant !== null && (entry.run === null || entry.actor !== 'bot'))
    return wrong('a grant is for the run of a bot')
  return []
}

function organizationFindings(
  current: Directory,
  entry: SnapshotOrganization,
  removed: SnapshotChange['removed'],
): Finding[] {
  const before = removed.organizations?.includes(entry.slug)
    ? undefined
    : current.organizations.get(entry.slug)
  if (before === undefined || before.environment === entry.environment) return []
  const message = `the environment is ${before.environment} and can never become ${entry.environment}`
  return [{ path: `organizations.${entry.slug}.environment`, message }]
}

function doubles(snapshot: SnapshotEntries): Finding[] {
  const ids: Record<keyof SnapshotEntries, string[]> = {
    organizations: snapshot.organizations.map((entry) => entry.slug),
    credentials: snapshot.credentials.map((entry) => entry.sha256),
    services: snapshot.services.map((entry) => entry.name),
    keys: snapshot.keys.map((entry) => entry.kid),
    faults: snapshot.faults.map((entry) => entry.id),
    issuers: snapshot.issuers.map((entry) => entry.issuer),
    rateLimits: snapshot.rateLimits.map((entry) => entry.name),
    mocks: snapshot.mocks.map((entry) => entry.id),
    mockRoutes: snapshot.mockRoutes.map((entry) => entry.name),
  }
  return Object.entries(ids).flatMap(([kind, names]) =>
    new Set(names).size === names.length ? [] : [{ path: kind, message: 'two entries have the same name' }],
  )
}

function sameRoutes(one: SnapshotService, other: SnapshotService | undefined): boolean {
  return other !== undefined && JSON.stringify(one.routes) === JSON.stringify(other.routes)
}

function toFindings(error: z.ZodError): Finding[] {
  return error.issues
    .slice(0, 100)
    .map((issue) => ({ path: issue.path.join('.') || '(the whole)', message: issue.message }))
}

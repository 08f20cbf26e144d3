import { newCredential } from '../../src/kernel/index.ts'
import type { FaultEffect, FaultTerms } from '../../src/gateway/faults/types.ts'
import type {
  Snapshot,
  SnapshotCredential,
  SnapshotFault,
  SnapshotOrganization,
  SnapshotRateLimit,
  SnapshotService,
} from '../../src/gateway/index.ts'

// Entries of a snapshot, as control would make them.

export function organization(slug: string, more: Partial<SnapshotOrganization> = {}): SnapshotOrganization {
  return { slug, environment: 'production', parent: null, status: 'active', ...more }
}

/** A sandbox of harbor. */
export function sandbox(slug: string, more: Partial<SnapshotOrganization> = {}): SnapshotOrganization {
  return organization(slug, { environment: 'sandbox', parent: 'harbor', ...more })
}

export interface TestCredential extends SnapshotCredential {
  text: string
}

/** A credential that the rules for its kind allow, with its text. */
export function credential(
  kind: SnapshotCredential['kind'],
  more: Partial<SnapshotCredential> = {},
): TestCredential {
  const { text, sha256 } = newCredential(kind)
  const base = {
    id: `key_${sha256.slice(0, 8)}`,
    sha256,
    text,
    kind,
    scopes: [],
    run: null,
    service: null,
    grant: null,
    endsAt: null,
  }
  const bound = {
    live: { allows: { organization: 'harbor' }, environment: 'production', actor: 'customer' },
    sandbox: { allows: { organization: 'box' }, environment: 'sandbox', actor: 'customer' },
    run: { allows: { organization: 'box' }, environment: 'sandbox', actor: 'check', run: 'run_1' },
    session: {
      allows: { organization: 'box' },
      environment: 'sandbox',
      actor: 'customer',
      endsAt: new Date(Date.now() + 3600_000).toISOString(),
    },
    service: { allows: { none: true }, environment: null, actor: 'service', service: 'orders' },
  } as const
  return { ...base, ...bound[kind], ...more }
}

export function service(name: string, more: Partial<SnapshotService> = {}): SnapshotService {
  return {
    name,
    url: 'http://127.0.0.1:1',
    state: 'running',
    reason: null,
    foreign: false,
    deadlineMs: 10_000,
    concurrency: 256,
    routes: [],
    releases: [],
    ...more,
  }
}

/** For all checks in sandboxes, for an hour. */
export function fault(effect: FaultEffect, more: Partial<FaultTerms> = {}): SnapshotFault {
  const base = { id: 'flt_1', service: 'catalog', operation: null, percent: 100, of: null }
  const endsAt = new Date(Date.now() + 3600_000).toISOString()
  return { ...base, environment: 'sandbox', endsAt, ...more, ...effect }
}

/** A hundred a second for each organization. */
export function rateLimit(more: Partial<SnapshotRateLimit> = {}): SnapshotRateLimit {
  return {
    name: 'all',
    organization: null,
    environment: null,
    service: null,
    operation: null,
    per: 'organization',
    limit: 100,
    windowMs: 1_000,
    burst: 100,
    ...more,
  }
}

export function snapshotOf(parts: Partial<Snapshot>): Snapshot {
  const credentials = (parts.credentials ?? []).map((entry) => {
    const { text: _, ...rest } = entry as TestCredential
    return rest
  })
  const rest = {
    organizations: [],
    services: [],
    keys: [],
    faults: [],
    issuers: [],
    rateLimits: [],
    mocks: [],
    mockRoutes: [],
    ...parts,
    credentials,
  }
  return { version: 1, at: new Date().toISOString(), ...rest }
}

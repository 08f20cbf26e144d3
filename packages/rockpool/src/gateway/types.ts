import type { Actor, Environment, PublicKey } from '@rockpool/sdk/wire'
import type { CredentialKind } from '../kernel/index.ts'
import type { Grant } from '../organizations/index.ts'
import type { CorsPolicy } from './cors/policy.ts'
import type { SnapshotFault } from './faults/types.ts'
import type { SnapshotIssuer } from './issuers/types.ts'
import type { SnapshotMock, SnapshotMockRoutes } from './mocks/types.ts'
import type { GatewayFacts } from './overview/types.ts'
import type { Route } from './route.ts'

/*
 * Vocabulary of the gateway
 *
 * snapshot      all that a gateway has to know to decide, as control last pushed it: organizations, credentials,
 *               services with their routes, and the public keys of those who sign identities
 * change        the difference between two versions of a snapshot
 * as of         when control last could read Postgres: how old the truth in a snapshot is
 * cut off       a gateway whose truth is older than promised for a credential refuses that credential
 * service       what stands behind the gateway under one name; routes lead to it
 * route         a method and a path template of a service's contract (its OpenAPI document)
 * path template `/{organization}/items/{id}`: each segment is a literal or one parameter
 * decision      who is this, where does it go, what may it do: a pure function of snapshot, request head and time
 * engine        what moves the bytes of requests and answers; it decides nothing
 * session       a credential in the cookie of a browser; a ticket is exchanged for it at `/.rockpool/sign-in`
 * grant         what lets a bot's run touch a production organization, with a budget of unsafe calls
 * foreign       a service that knows nothing of Rockpool: what is written there is real, whoever writes
 * issuer        who signs tokens for end users, outside of Rockpool; see issuers/types.ts
 * shape         another form of requests and answers, for clients that rely on it; see shapes/
 * policy        which pages of other origins may read a service's answers; see cors/
 * fault         a service is broken on purpose, for checks in sandboxes or one run there alone; see faults/types.ts
 * release       one version of a service that runs, at an address of its own; its weight is its share of the organizations
 * drain         a release takes no call any more, until nothing of any gateway leads to it; see releases/
 * contract      what a service says it takes and answers; calls are held against it where that is configured; see judging/
 * mock          answers for a service in a sandbox that asks for it, by a stored version of its contract and its routes; see mocks/
 * rate limit    how many calls of one organization or credential go through in a window; more are refused
 * concurrency   how many calls a service may have under way; lower classes of traffic fill a share of it only
 * ledger        what runs and sandboxes created: the intent is on disk before the call is forwarded
 *
 *   head ──► path ──► route ──► credential ──► organization ──► environment ──► upstream ──► fault ──► budget, limits ──► contract ──► forward
 *             │400     │404      │401           │403 404 410     │403            │403 502 503 │503      │429 503          │422
 *             └────────┴─────────┴──────────────┴────────────────┴───────────────┴────────────┴─────────┴─────────────────┴──► refused, as a problem
 */

/** `none`: the credential names no organization by itself (a service's: it acts with the identity it received). */
export type Allows = { organization: string } | { sandboxesOf: string } | { none: true }

export interface SnapshotOrganization {
  slug: string
  /** Fixed for ever when the organization is created. */
  environment: Environment
  /** The organization that a sandbox belongs to. */
  parent: string | null
  status: 'active' | 'deleting' | 'deleted'
}

/** A credential of the data plane. Only the hash of its text is known here. */
export interface SnapshotCredential {
  id: string
  /** Hex SHA-256 of the text; what entries of `removed.credentials` name. */
  sha256: string
  kind: Exclude<CredentialKind, 'control'>
  allows: Allows
  /** The environment of every organization it may touch; null where it names none (a service's). */
  environment: Environment | null
  actor: Actor
  run: string | null
  /** The service whose credential this is. */
  service: string | null
  scopes: readonly string[]
  grant: Grant | null
  /** ISO 8601; null: until revoked. */
  endsAt: string | null
}

export type ServiceState = 'running' | 'starting' | 'stopped' | 'failed' | 'unavailable'

export interface SnapshotRelease {
  name: string
  /** An origin, as in `SnapshotService`, always without a path. */
  url: string
  /** Its share of the organizations is this over the sum of all weights, 0 to 1,000. 0: for verified callers alone. */
  weight: number
  /** Id of the drain under way: it takes no call of anybody. Null: it runs. */
  drain: string | null
}

/** A service as those know it who know where it runs; its releases come from elsewhere. */
export type PlacedService = Omit<SnapshotService, 'releases'>

export interface SnapshotService {
  name: string
  /** Origin, such as `http://127.0.0.1:41234`; null while there is none. */
  url: string | null
  state: ServiceState
  /** It runs elsewhere, serves production, and knows nothing of sandboxes: what is done there is real. */
  foreign: boolean
  /** Why it is not running, for people. */
  reason: string | null
  /** Milliseconds until its answer must have begun, and that may pass without a byte afterwards. */
  deadlineMs: number
  /** Calls that it may have under way; of lower classes fewer (limits/classes.ts). */
  concurrency: number
  /** Whose pages may read its answers (cors/). Without it, what the service says about that goes on. */
  cors?: CorsPolicy | undefined
  /** Address of the contract (judging/address.ts) that its calls are held against; none: no route has `validation`. */
  contract?: string | undefined
  routes: readonly Route[]
  /** By name. Where one has a weight, they take the calls, and not the service's own `url`. */
  releases: readonly SnapshotRelease[]
}

/** Null stands for every one. */
export interface SnapshotRateLimit {
  name: string
  organization: string | null
  environment: Environment | null
  service: string | null
  /** An `operationId`. */
  operation: string | null
  /** Whose calls are counted together. */
  per: 'organization' | 'credential'
  limit: number
  windowMs: number
  /** How many may come at once. */
  burst: number
}

export interface SnapshotEntries {
  organizations: SnapshotOrganization[]
  credentials: SnapshotCredential[]
  services: SnapshotService[]
  keys: PublicKey[]
  faults: SnapshotFault[]
  issuers: SnapshotIssuer[]
  rateLimits: SnapshotRateLimit[]
  mocks: SnapshotMock[]
  mockRoutes: SnapshotMockRoutes[]
}

export interface Snapshot extends SnapshotEntries {
  version: number
  /** When control last could read Postgres, ISO 8601. */
  at: string
}

/**
 * `removed` names organizations by slug, credentials by sha256, services by name, keys by kid, faults by id, issuers
 * by their `iss`, rate limits by name, mocks by id, their routes by name; it counts before `set`.
 */
export interface SnapshotChange {
  /** Exactly one more than the version it applies to. */
  version: number
  set: Partial<SnapshotEntries>
  removed: { [kind in keyof SnapshotEntries]?: string[] }
}

/** One line of `GET /internal/gateway/stream`. `now` is control's clock, so that only differences of it count. */
export type StreamMessage =
  | ({ type: 'snapshot'; now: string } & Snapshot)
  | ({ type: 'change' } & SnapshotChange)
  | { type: 'heartbeat'; now: string; asOf: string }

/** Body of `POST /internal/gateway/report`. */
export interface GatewayReport {
  /** The gateway's id: the kid of its signing key. */
  gateway: string
  /** The version that it decides by now; 0: none yet. */
  version: number
  /** Credential id → ISO time. */
  lastUsed: Record<string, string>
  /** In reports that are due by time, and after a snapshot; not in those that acknowledge a change. */
  facts?: GatewayFacts | undefined
  /** Ids of drains that are done at this gateway; none: no member. */
  drained?: string[] | undefined
}

export type { Route } from './route.ts'
export type { SnapshotFault } from './faults/types.ts'
export type { SnapshotMock, SnapshotMockRoutes } from './mocks/types.ts'
export type { EndUser, SnapshotIssuer } from './issuers/types.ts'
export type { LedgerEntry } from '../sandboxes/index.ts'

import type { Actor, Environment, PublicKey } from '@rockpool/sdk/wire'
import type { CredentialKind } from '../kernel/index.ts'

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
 * ledger        what runs and sandboxes created: the intent is on disk before the call is forwarded
 *
 *   head ──► path ──► route ──► credential ──► organization ──► environment ──► upstream state ──► forward
 *             │400     │404      │401           │403 404 410     │403            │502 503
 *             └────────┴─────────┴──────────────┴────────────────┴───────────────┴──► refused, as a problem
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
  /** ISO 8601; null: until revoked. */
  endsAt: string | null
}

export interface Route {
  /** Upper case. */
  method: string
  /** A path template. */
  path: string
  operationId: string
  /** The contract says `security: []` for this operation: no credential is needed. */
  anonymous: boolean
}

export type ServiceState = 'running' | 'starting' | 'stopped' | 'failed' | 'unavailable'

export interface SnapshotService {
  name: string
  /** Origin, such as `http://127.0.0.1:41234`; null while there is none. */
  url: string | null
  state: ServiceState
  /** Why it is not running, for people. */
  reason: string | null
  /** Milliseconds until its answer must have begun, and that may pass without a byte afterwards. */
  deadlineMs: number
  routes: readonly Route[]
}

export interface SnapshotEntries {
  organizations: SnapshotOrganization[]
  credentials: SnapshotCredential[]
  services: SnapshotService[]
  keys: PublicKey[]
}

export interface Snapshot extends SnapshotEntries {
  version: number
  /** When control last could read Postgres, ISO 8601. */
  at: string
}

/** `removed` names organizations by slug, credentials by sha256, services by name, keys by kid; it counts before `set`. */
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
  /** The version that it decides by now. */
  version: number
  /** Credential id → ISO time. */
  lastUsed: Record<string, string>
}

export type { LedgerEntry } from '../sandboxes/index.ts'

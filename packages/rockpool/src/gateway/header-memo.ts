import type { Identity } from '@rockpool/sdk/wire'
import type { CredentialKind } from '../kernel/index.ts'
import type { HeaderFields } from './header-fields.ts'
import type { SnapshotCredential, SnapshotOrganization } from './types.ts'

/** What of a client's headers goes on, and where they came from. */
export interface Passed {
  fields: HeaderFields
  /** Marks of ours that were taken out. */
  stripped: number
  /** What is left of `baggage`; '' when nothing is. */
  baggage: string
}

/**
 * What a request shows. `foreign`: something else than a credential of ours, such as a token of the service's own. `token`:
 * it has the form of a JWT, and may be one of the users' own issuer.
 */
export type Shown =
  | { kind: 'none' }
  | { kind: 'credential'; text: string; via: 'authorization' | 'header'; token?: string; key?: ShownKey }
  | { kind: 'foreign'; token?: string }
  | { kind: 'malformed'; detail: string }

/** The text of a credential, read once. */
export interface ShownKey {
  /** Undefined: its form or its checksum is wrong. */
  kind: CredentialKind | undefined
  sha256: string
}

/**
 * What one version of the directory says of the credential that is shown: whose it is, and for which organization it acts. With
 * the next version it has to be found anew, and what hangs on the time is judged with every request.
 */
export interface Standing {
  /** Of the directory (standing.ts): one that has another one's place would be kept by the object itself. */
  era: object
  version: number
  /** The organization that the path names. */
  named: string | undefined
  credential: SnapshotCredential
  via: 'authorization' | 'header'
  organization: SnapshotOrganization
  identity: Identity
}

/**
 * What was read of the headers of requests that repeat them. Most clients send the same ones with every request of a
 * connection: an engine that sees that gives the same list and the same memo, and nothing of it is read again. It holds what
 * was read, and what a version of the directory says of it, never what was decided.
 */
export class HeaderMemo {
  readonly headers: readonly string[]
  shown: Shown | undefined
  standing: Standing | undefined
  /** What of them goes on to a service, by what may. */
  readonly passed: (Passed | undefined)[] = []
  /** Values by name. The names are those that the gateway asks for, and no client's. */
  readonly values = new Map<string, readonly string[]>()

  constructor(headers: readonly string[]) {
    this.headers = headers
  }
}

import { identityHeader } from '@rockpool/sdk/wire'
import type { Environment } from '@rockpool/sdk/wire'
import { newCredential } from '../../kernel/index.ts'
import { sessionCookie } from '../cookies.ts'
import type { Ground } from '../ground.ts'
import { createSigner } from '../identity.ts'
import type { Directory } from '../snapshot.ts'
import type { SnapshotCredential, SnapshotOrganization } from '../types.ts'

/** What a request may be sent as: nobody, a credential of a kind that is made up, or one that exists, by its id. */
export const assumedKinds = ['anonymous', 'live', 'sandbox', 'run', 'session', 'service'] as const
export type AssumedKind = (typeof assumedKinds)[number]

/** A ground and headers with which the decision falls as if the holder of the credential had sent the request. */
export interface Assumed {
  ground: Ground
  headers: readonly string[]
  /** The organization that was made up with it, for none was named; null: none was. */
  madeUp: string | null
}

const aMinute = 60_000

/** The name of the service that calls, where none is given. */
const someService = 'some-service'

/** `organization`: whose credential it is; where the path names none and none is given, one is made up too. */
export function assumeKind(
  ground: Ground,
  kind: AssumedKind,
  organization: string | undefined,
  now: number,
): Assumed {
  if (kind === 'anonymous') return { ground, headers: [], madeUp: null }
  const usual = kind === 'sandbox' || kind === 'run' ? 'sandbox' : 'production'
  const owner = ownerOf(ground.directory, organization, usual)
  const credential: Omit<SnapshotCredential, 'sha256'> = {
    id: 'made-up',
    kind,
    allows: kind === 'service' ? { none: true } : { organization: owner.slug },
    // What the rules for each kind allow, whoever it is for.
    environment: {
      live: 'production',
      sandbox: 'sandbox',
      run: 'sandbox',
      session: owner.environment,
      service: null,
    }[kind] as Environment | null,
    actor: kind === 'run' ? 'check' : kind === 'service' ? 'service' : 'customer',
    run: kind === 'run' ? 'run_made-up' : null,
    service: kind === 'service' ? someService : null,
    scopes: [],
    grant: null,
    endsAt: new Date(now + aMinute).toISOString(),
  }
  return shown(ground, credential, owner, now)
}

/** One that exists, in the place of its holder; a service's acts with a customer's identity of `organization`. */
export function assumeCredential(
  ground: Ground,
  credential: SnapshotCredential,
  organization: string | undefined,
  now: number,
): Assumed {
  return shown(ground, credential, ownerOf(ground.directory, organization, 'production'), now)
}

/** Shows the credential under a text that counts on this ground alone: nobody but its holder knows its own. */
function shown(
  ground: Ground,
  credential: Omit<SnapshotCredential, 'sha256'>,
  owner: SnapshotOrganization,
  now: number,
): Assumed {
  const { directory } = ground
  const { text, sha256 } = newCredential(credential.kind)
  const organizations = new Map([[owner.slug, owner], ...directory.organizations])
  const credentials = new Map([[sha256, { ...credential, sha256 }]])
  const known = { ...directory, organizations, credentials }
  const madeUp = directory.organizations.has(owner.slug) ? null : owner.slug
  // As a page of the gateway's own origin sends it: what another may do, no session allows.
  if (credential.kind === 'session')
    return {
      ground: { ...ground, directory: known },
      headers: ['cookie', `${sessionCookie}=${text}`, 'sec-fetch-site', 'same-origin'],
      madeUp,
    }
  const headers = ['authorization', `Bearer ${text}`]
  if (credential.kind !== 'service') return { ground: { ...ground, directory: known }, headers, madeUp }
  const signer = createSigner()
  const identity = { organization: owner.slug, environment: owner.environment, actor: 'customer' } as const
  const order = { identity, audience: credential.service!, caller: null, credential: null }
  const keys = new Map([...directory.keys, [signer.publicKey.kid, signer.publicKey]])
  return {
    ground: { ...ground, directory: { ...known, keys } },
    headers: [...headers, identityHeader, signer.mint(order, now)],
    madeUp,
  }
}

function ownerOf(
  { organizations }: Directory,
  slug: string | undefined,
  environment: Environment,
): SnapshotOrganization {
  const known = slug === undefined ? undefined : organizations.get(slug)
  if (known !== undefined) return known
  // Never the one that was named: that it is not known is what the decision has to find.
  const made = slug === 'made-up' ? 'made-up-too' : 'made-up'
  return { slug: made, environment, parent: null, status: 'active' }
}

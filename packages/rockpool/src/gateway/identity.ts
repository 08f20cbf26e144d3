import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { identityBaggage, identityHeader, maxIdentityLifeS, signIdentity } from '@rockpool/sdk/wire'
import type { Identity, PublicKey } from '@rockpool/sdk/wire'
import { fieldsOf } from './header-fields.ts'
import type { HeaderFields } from './header-fields.ts'

/** Signs identities with a key that exists in this process only. */
export interface Signer {
  /** To be registered with control before the first identity is used. */
  readonly publicKey: PublicKey
  /** A signed identity for one audience. `now` in milliseconds. */
  mint(order: MintOrder, now: number): string
  /** The same as a service receives it: with the mark for its logs and traces, behind what a client's `baggage` holds otherwise. */
  marks(order: MintOrder, baggage: string, now: number): HeaderFields
}

export interface MintOrder {
  identity: Identity
  /** The service that will read it. */
  audience: string
  /** The service that calls, if one calls. */
  caller: string | null
  /** Id of the credential that was shown; null for an anonymous call. */
  credential: string | null
}

const maxCached = 20_000

/**
 * Makes an Ed25519 key and a signer with it. Signing costs as much as a whole small request, so an identity is minted
 * once a minute for each combination of what is in it. It lives for 180 s, so what is taken from the cache is good for
 * two minutes at least.
 */
export function createSigner(trust: 'gateway' | 'relay' = 'gateway'): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' })
  const kid = `${trust}-${randomBytes(12).toString('base64url')}`
  let minute = -1
  let tokens = createTokens()

  function minted(order: MintOrder, now: number): Minted {
    const current = Math.floor(now / 60_000)
    if (current !== minute || tokens.size() >= maxCached) {
      minute = current
      tokens = createTokens()
    }
    const known = tokens.get(order)
    if (known !== undefined) return known
    const { identity, audience, caller } = order
    const iat = Math.floor(now / 1000)
    const claims = { ...identity, iss: trust, aud: audience, iat, exp: iat + maxIdentityLifeS }
    const token = signIdentity(caller === null ? claims : { ...claims, service: caller }, { kid, privateKey })
    const made = { token, marks: fieldsOf([identityHeader, token, 'baggage', identityBaggage(identity)]) }
    tokens.set(order, made)
    return made
  }

  return {
    publicKey: { kid, trust, jwk: { kty: 'OKP', crv: 'Ed25519', x: x! } },
    mint: (order, now) => minted(order, now).token,
    marks(order, baggage, now) {
      const { token, marks } = minted(order, now)
      if (baggage === '') return marks
      return fieldsOf([identityHeader, token, 'baggage', `${baggage},${identityBaggage(order.identity)}`])
    },
  }
}

interface Minted {
  token: string
  marks: HeaderFields
}

/** Tokens by all that is in them, and by the credential. */
interface Tokens {
  get(order: MintOrder): Minted | undefined
  set(order: MintOrder, minted: Minted): void
  size(): number
}

interface Kept {
  environment: string
  actor: string
  minted: Minted
}

/**
 * Most orders are plain: of one organization and one credential, which are of one environment and one actor. They are found
 * by the names themselves, which are the directory's and hashed already; the others by a text made of all of them.
 */
function createTokens(): Tokens {
  const plain = new Map<string, Map<string, Map<string, Kept>>>()
  const others = new Map<string, Minted>()
  let size = 0

  return {
    get(order) {
      if (!isPlain(order)) return others.get(nameOf(order))
      const { identity, audience, credential } = order
      const { organization, environment, actor } = identity
      const kept = plain
        .get(audience)
        ?.get(organization)
        ?.get(credential ?? '')
      return kept?.environment === environment && kept.actor === actor ? kept.minted : undefined
    },
    set(order, minted) {
      if (!isPlain(order)) {
        size += 1
        return void others.set(nameOf(order), minted)
      }
      const { identity, audience, credential } = order
      const { organization, environment, actor } = identity
      let ofAudience = plain.get(audience)
      if (ofAudience === undefined) plain.set(audience, (ofAudience = new Map<string, Map<string, Kept>>()))
      let ofOrganization = ofAudience.get(organization)
      if (ofOrganization === undefined)
        ofAudience.set(organization, (ofOrganization = new Map<string, Kept>()))
      if (!ofOrganization.has(credential ?? '')) size += 1
      ofOrganization.set(credential ?? '', { environment, actor, minted })
    },
    size: () => size,
  }
}

function isPlain({ identity: { run, card, user }, caller }: MintOrder): boolean {
  return caller === null && run === undefined && card === undefined && user === undefined
}

function nameOf({ identity, audience, caller, credential }: MintOrder): string {
  const { organization, environment, actor, run, card, user } = identity
  return JSON.stringify([audience, credential, organization, environment, actor, caller, run, card, user])
}

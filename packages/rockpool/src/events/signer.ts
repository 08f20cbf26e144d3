import { generateKeyPairSync } from 'node:crypto'
import { signIdentity } from '@rockpool/sdk/wire'
import type { CloudEvent, PublicKey } from '@rockpool/sdk/wire'
import { newId } from '../kernel/index.ts'

/** Signs the identity of each event for the service that it is delivered to, with a key that only this process has. */
export interface EventSigner {
  readonly publicKey: PublicKey
  /** Makes the public half known, once; no signature is worth anything to a service before. */
  registered(): Promise<void>
  /** `now` in milliseconds; the identity is good for 60 s, and for this one event. */
  sign(event: CloudEvent, audience: string, now: number): string
}

export function createEventSigner(register: (key: PublicKey) => Promise<void>): EventSigner {
  const { privateKey, publicKey: half } = generateKeyPairSync('ed25519')
  const kid = newId('rly')
  const publicKey: PublicKey = {
    kid,
    trust: 'relay',
    jwk: { kty: 'OKP', crv: 'Ed25519', x: half.export({ format: 'jwk' }).x! },
  }
  let registering: Promise<void> | undefined

  return {
    publicKey,
    registered() {
      registering ??= register(publicKey).catch((error: unknown) => {
        registering = undefined
        throw error
      })
      return registering
    },
    sign({ id, organization, environment, actor, run }, audience, now) {
      const iat = Math.floor(now / 1000)
      const identity = { organization, environment, actor, ...(run === undefined ? {} : { run }) }
      return signIdentity(
        { iss: 'relay', aud: audience, iat, exp: iat + 60, event: id, ...identity },
        { kid, privateKey },
      )
    },
  }
}

import type { PublicKey } from '@rockpool/sdk/wire'
import { problem, type Clock, type Database, type Queryable } from '../kernel/index.ts'
import { notify } from './store.ts'

/**
 * A retired key is still told for so long: an identity lives 3 minutes, but one that was stored with an event or a job
 * is accepted for 7 days after its end, and must then still be verifiable.
 */
const keepRetiredMs = 8 * 24 * 3600_000

/** The public halves of the keys that gateways and the relay sign identities with; the others never leave them. */
export interface SigningKeys {
  /**
   * Makes a key known; again is no error. `holder` names the process that signs with it (`gateway-1`): its earlier
   * keys are retired with that. `conflict` when the kid is known with another key.
   */
  register(key: PublicKey & { holder?: string | undefined }): Promise<void>
  /** No identity is signed with it any more; it is told for 8 more days. */
  retire(kid: string): Promise<void>
  /** Those in use, and those retired less than 8 days ago, in the order of their kids. */
  list(db?: Queryable): Promise<PublicKey[]>
}

interface KeyRow {
  kid: string
  trust: PublicKey['trust']
  jwk: PublicKey['jwk']
}

export function createSigningKeys({ database, clock }: { database: Database; clock: Clock }): SigningKeys {
  const now = () => new Date(clock.now())
  const oldest = () => new Date(clock.now() - keepRetiredMs)

  return {
    async register({ kid, trust, jwk, holder }) {
      checkKey({ kid, trust, jwk })
      const { kty, crv, x } = jwk
      await database.transaction(async (tx) => {
        const inserted = await tx.query(
          `insert into organizations.signing_key (kid, trust, jwk, holder, registered_at) values ($1, $2, $3, $4, $5)
           on conflict (kid) do nothing returning kid`,
          [kid, trust, { kty, crv, x }, holder ?? null, now()],
        )
        if (inserted.length === 0) {
          const known = await tx.one<KeyRow>(
            'select kid, trust, jwk from organizations.signing_key where kid = $1',
            [kid],
          )
          if (known.trust !== trust || known.jwk.x !== x)
            throw problem('conflict', `the kid “${kid}” is known with another key`)
          return
        }
        await tx.query(
          `update organizations.signing_key set retired_at = $3
           where holder = $1 and trust = $4 and kid <> $2 and retired_at is null`,
          [holder ?? null, kid, now(), trust],
        )
        await tx.query('delete from organizations.signing_key where retired_at < $1', [oldest()])
        await notify(tx, [{ kind: 'key', kid }])
      })
    },

    retire: (kid) =>
      database.transaction(async (tx) => {
        await tx.query(
          'update organizations.signing_key set retired_at = $2 where kid = $1 and retired_at is null',
          [kid, now()],
        )
        await notify(tx, [{ kind: 'key', kid }])
      }),

    async list(db = database) {
      return db.query<KeyRow>(
        `select kid, trust, jwk from organizations.signing_key
         where retired_at is null or retired_at >= $1 order by kid`,
        [oldest()],
      )
    },
  }
}

/** An Ed25519 public key (RFC 8037): 32 bytes, base64url; anything else, above all a private half, is refused. */
function checkKey({ kid, trust, jwk }: PublicKey): void {
  const fields = Object.keys(jwk)
  const right =
    /^[\w.:-]{1,100}$/.test(kid) &&
    (trust === 'gateway' || trust === 'relay') &&
    jwk.kty === 'OKP' &&
    jwk.crv === 'Ed25519' &&
    /^[\w-]{43}$/.test(jwk.x) &&
    !fields.includes('d')
  if (!right) {
    throw problem('invalid_input', 'the signing key is not valid', {
      findings: [
        { path: 'jwk', message: 'is the public half of an Ed25519 key, with a kid and whom to trust it for' },
      ],
    })
  }
}

import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { createRockpool } from '@rockpool/sdk'
import type { Identity, Pool, Rockpool } from '@rockpool/sdk'
import { identityHeader, plainIdentity, signIdentity } from '@rockpool/sdk/wire'
import type { CloudEvent, EventBatchResult, EventResult, PublicKey, Trust } from '@rockpool/sdk/wire'

/** A service's side of Rockpool, and in place of gateway and relay a test that signs as they do. */
export interface Bench {
  rockpool: Rockpool
  /** The headers that the gateway adds to a request. */
  as(identity: Identity): Record<string, string>
  /** Delivers one event as the relay does, with an `id` twice for the same one; what became of it. */
  deliver(
    url: string,
    type: string,
    identity: Identity,
    data: { order: string },
    id?: string,
  ): Promise<EventResult>
}

export const harbor: Identity = { organization: 'harbor', environment: 'production', actor: 'customer' }

/** A sandbox that no other test uses. */
export function newSandbox(): Identity {
  const organization = `sandbox-${randomUUID()}`
  return { organization, environment: 'sandbox', actor: 'check', run: `run_${randomUUID()}` }
}

export function createBench(options: {
  service: string
  database: Pool
  consumes: string[]
  gatewayUrl?: string
}): Bench {
  const signers = { gateway: newSigner('gateway'), relay: newSigner('relay') }
  const keys = [signers.gateway.key, signers.relay.key]
  const { service } = options
  const rockpool = createRockpool({
    database: options.database,
    environment: {
      ROCKPOOL_SERVICE: service,
      ROCKPOOL_GATEWAY_URL: options.gatewayUrl ?? 'http://127.0.0.1:9',
      ROCKPOOL_JWKS_URL: 'http://127.0.0.1:9/',
      ROCKPOOL_SERVICE_CREDENTIAL: 'rp_service_test',
      ROCKPOOL_CONSUMES: options.consumes.join(','),
    },
    keys: { find: (kid) => Promise.resolve(keys.find((key) => key.kid === kid)), close: () => {} },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  })

  const sign = (trust: Trust, identity: Identity, event?: string) => {
    const iat = Math.floor(Date.now() / 1000)
    // A relay knows no bot's card: it is not stored with events.
    const { card, ...plain } = plainIdentity(identity)
    const known = card !== undefined && trust === 'gateway' ? { ...plain, card } : plain
    const claims = { ...known, iss: trust, aud: service, iat, exp: iat + 60 }
    return signIdentity(event === undefined ? claims : { ...claims, event }, signers[trust])
  }

  return {
    rockpool,
    as: (identity) => ({ [identityHeader]: sign('gateway', identity) }),
    async deliver(url, type, identity, data, id = randomUUID()) {
      const event: CloudEvent = {
        specversion: '1.0',
        id,
        source: `/services/${type.split('.')[0]}`,
        type,
        time: new Date().toISOString(),
        datacontenttype: 'application/json',
        subject: data.order,
        sequence: '1',
        ...plainIdentity(identity),
        data,
      }
      const answer = await fetch(`${url}/.rockpool/events`, {
        method: 'POST',
        body: JSON.stringify({ events: [{ event, identity: sign('relay', identity, id) }] }),
      })
      const { results } = (await answer.json()) as EventBatchResult
      return results[0]!
    },
  }
}

/** What the service published about an order, oldest first: `[type, data]`. */
export async function published(database: Pool, order: string): Promise<[string, Record<string, unknown>][]> {
  const { rows } = await database.query<{ type: string; data: Record<string, unknown> }>(
    'select type, data from rockpool.outbox where key = $1 order by number',
    [order],
  )
  return rows.map(({ type, data }) => [type, data])
}

function newSigner(trust: Trust) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x = '' } = publicKey.export({ format: 'jwk' })
  const kid = `${trust}-of-the-test`
  const key: PublicKey = { kid, trust, jwk: { kty: 'OKP', crv: 'Ed25519', x } }
  return { kid, privateKey, key }
}

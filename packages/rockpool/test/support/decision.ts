import { signIdentity, type IdentityClaims } from '@rockpool/sdk/wire'
import { generateKeyPairSync } from 'node:crypto'
import {
  credential,
  organization,
  sandbox,
  service,
  snapshotOf,
  type TestCredential,
} from './gateway-entries.ts'
import { decide, type Decision } from '../../src/gateway/decision.ts'
import { defaultCutOff } from '../../src/gateway/ground.ts'
import { openSnapshot } from '../../src/gateway/snapshot.ts'
import type { Route, Snapshot } from '../../src/gateway/types.ts'

export const now = Date.UTC(2026, 0, 1)
export const routes: Route[] = [
  { method: 'GET', path: '/{organization}/items', operationId: 'listItems', anonymous: false },
  { method: 'POST', path: '/{organization}/items', operationId: 'createItem', anonymous: false },
  { method: 'GET', path: '/{organization}/offers', operationId: 'listOffers', anonymous: true },
  { method: 'GET', path: '/rates', operationId: 'listRates', anonymous: false },
  { method: 'GET', path: '/news', operationId: 'listNews', anonymous: true },
]
export const relay = generateKeyPairSync('ed25519')
export const gatewayKey = generateKeyPairSync('ed25519')
export const keys = [
  { kid: 'relay-1', trust: 'relay' as const, jwk: jwkOf(relay) },
  { kid: 'gateway-1', trust: 'gateway' as const, jwk: jwkOf(gatewayKey) },
]
export const live = credential('live')
export const sandboxKey = credential('sandbox')
export const parentKey = credential('sandbox', { allows: { sandboxesOf: 'harbor' } })
export const run = credential('run')
export const orders = credential('service', { service: 'orders' })
export const ended = credential('live', { endsAt: new Date(now - 1).toISOString() })
export const person = credential('session', { endsAt: new Date(now + 60_000).toISOString() })
export const runSession = credential('session', { endsAt: person.endsAt, actor: 'check', run: 'run_1' })
export const endedSession = credential('session', { endsAt: new Date(now).toISOString() })
export const grant = { name: 'order and cancel', writes: 2, card: 'card_bot_harbor' }
export const granted = {
  allows: { organization: 'harbor' },
  environment: 'production',
  actor: 'bot',
  run: 'run_2',
  grant,
} as const
export const bot = credential('run', granted)
export const botSession = credential('session', { ...granted, endsAt: person.endsAt })
export const productionRun = credential('run', {
  allows: { organization: 'harbor' },
  environment: 'production',
})

export const base = snapshotOf({
  organizations: [
    organization('harbor'),
    organization('marina'),
    sandbox('box'),
    sandbox('crate'),
    sandbox('bin', { parent: 'marina' }),
    sandbox('leaving', { status: 'deleting' }),
  ],
  credentials: [
    live,
    sandboxKey,
    parentKey,
    run,
    orders,
    ended,
    productionRun,
    person,
    runSession,
    endedSession,
    bot,
    botSession,
  ],
  services: [service('catalog', { url: 'http://127.0.0.1:9001', routes })],
  keys,
})

export function jwkOf({ publicKey }: ReturnType<typeof generateKeyPairSync>) {
  return { kty: 'OKP' as const, crv: 'Ed25519' as const, x: publicKey.export({ format: 'jwk' }).x! }
}

export function decided(
  request: { method?: string; target: string; headers?: string[] },
  options: { snapshot?: Snapshot; ageMs?: number; secure?: boolean; request?: string } = {},
): Decision {
  const opened = openSnapshot(options.snapshot ?? base)
  if (!opened.ok) throw new Error(JSON.stringify(opened.findings))
  const ground = {
    directory: opened.directory,
    asOf: now - (options.ageMs ?? 0),
    cutOff: defaultCutOff,
    secure: options.secure ?? false,
  }
  return decide(ground, { method: 'GET', headers: [], ...request }, now, options.request)
}

/** `forward <organization> <environment> <actor> <run>`, or the problem's code. */
export function summary(decision: Decision): string {
  if (decision.kind === 'refuse') return decision.problem.code
  if (decision.kind === 'options') return `options ${decision.allow.join()}`
  const { identity } = decision
  if (!identity) return 'forward without identity'
  return ['forward', identity.organization, identity.environment, identity.actor, identity.run]
    .filter(Boolean)
    .join(' ')
}

export const bearer = ({ text }: TestCredential) => ['Authorization', `Bearer ${text}`]
export const cookie = ({ text }: { text: string }) => ['Cookie', `theme=dark; rockpool_session=${text}`]
export const basic = (pair: string) => ['authorization', `Basic ${Buffer.from(pair).toString('base64')}`]

export function token(claims: Partial<IdentityClaims> = {}, by: 'gateway' | 'relay' = 'gateway'): string {
  const iat = now / 1000
  const identity = { organization: 'box', environment: 'sandbox', actor: 'check', run: 'run_1' } as const
  const privateKey = (by === 'relay' ? relay : gatewayKey).privateKey
  return signIdentity(
    { ...identity, iss: by, aud: 'orders', iat, exp: iat + 60, ...claims },
    { kid: `${by}-1`, privateKey },
  )
}
export const asService = (identity: string) => [...bearer(orders), 'Rockpool-Identity', identity]

import { createRockpool, type Log, type Rockpool, type RockpoolOptions } from '../../src/index.ts'
import { createSigner, keysOf, type Signer } from './signer.ts'

export const gateway: Signer = createSigner('gateway-1', 'gateway')
export const relay: Signer = createSigner('relay-1', 'relay')

export const settings = {
  ROCKPOOL_SERVICE: 'shop',
  ROCKPOOL_GATEWAY_URL: 'http://127.0.0.1:1',
  ROCKPOOL_JWKS_URL: 'http://127.0.0.1:1/.well-known/jwks.json',
  ROCKPOOL_SERVICE_CREDENTIAL: 'rp_service_test',
  ROCKPOOL_CONSUMES: 'orders.order_placed, billing.*',
}

export interface LogLine {
  level: string
  message: string
  [field: string]: unknown
}

/** A log that keeps its lines. */
export function keptLog(): Log & { lines: LogLine[] } {
  const lines: LogLine[] = []
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ ...fields, level, message })
  return { lines, info: at('info'), warn: at('warn'), error: at('error') }
}

/** Rockpool in a service named `shop` that trusts the gateway and the relay of this file. */
export function testRockpool(options: RockpoolOptions = {}): Rockpool {
  return createRockpool({ environment: settings, keys: keysOf(gateway, relay), log: keptLog(), ...options })
}

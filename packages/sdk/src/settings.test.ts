import { expect, test } from 'vitest'
import { settings } from '../test/support/service.ts'
import { createRockpool } from './index.ts'
import { readSettings } from './settings.ts'

test('what the agent sets is read', () => {
  expect(readSettings(settings)).toEqual({
    service: 'shop',
    gatewayUrl: 'http://127.0.0.1:1',
    jwksUrl: 'http://127.0.0.1:1/.well-known/jwks.json',
    credential: 'rp_service_test',
    consumes: ['orders.order_placed', 'billing.*'],
  })
})

test('all that is missing or wrong is said in one message, and no value of it', () => {
  const environment = {
    ROCKPOOL_SERVICE: 'shop',
    ROCKPOOL_GATEWAY_URL: 'file:///x',
    ROCKPOOL_SERVICE_CREDENTIAL: 'hunter2',
  }
  expect(() => createRockpool({ environment })).toThrow(
    expect.objectContaining({
      code: 'settings_invalid',
      findings: [
        { path: 'ROCKPOOL_GATEWAY_URL', message: 'is not the URL of a gateway' },
        {
          path: 'ROCKPOOL_JWKS_URL',
          message: 'is not set: the URL of the public keys (/.well-known/jwks.json of control)',
        },
        { path: 'ROCKPOOL_SERVICE_CREDENTIAL', message: 'is not a service credential (rp_service_…)' },
      ],
    }),
  )
  expect(() => createRockpool({ environment })).toThrow(
    /GATEWAY_URL[^]+JWKS_URL[^]+SERVICE_CREDENTIAL[^]+rockpool up/,
  )
  expect(() => createRockpool({ environment })).not.toThrow('hunter2')
})

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keptLog } from '../test/support/service.ts'
import { createSigner } from '../test/support/signer.ts'
import { createKeys, createVerifier } from './identity.ts'
import type { Keys } from './types.ts'
import { toJwks } from './wire.ts'

const first = createSigner('g1', 'gateway')
const second = createSigner('g2', 'gateway')

let source: Server
let url: string
let served: unknown
let status: number
let reads: number
let keys: Keys | undefined

beforeEach(async () => {
  served = toJwks([first.publicKey])
  status = 200
  reads = 0
  source = createServer((_, response) => {
    reads += 1
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(served))
  })
  await new Promise<void>((resolve) => source.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(source.address() as AddressInfo).port}/.well-known/jwks.json`
})
afterEach(async () => {
  keys?.close()
  source.closeAllConnections()
  await new Promise((resolve) => source.close(resolve))
})

test('keys are read before the first identity comes', async () => {
  keys = createKeys({ url, log: keptLog() })
  expect(await keys.find('g1')).toEqual(first.publicKey)
  expect(reads).toBe(1)
})

test('a hundred who ask for an unknown key cause one look at the source', async () => {
  keys = createKeys({ url, log: keptLog() })
  await keys.find('g1')
  served = toJwks([first.publicKey, second.publicKey])
  const found = await Promise.all(Array.from({ length: 100 }, () => keys!.find('g2')))
  expect(new Set(found)).toEqual(new Set([second.publicKey]))
  expect(reads).toBe(2)
})

test('the source is asked at most once a second, so a flood of invented keys does not reach it', async () => {
  keys = createKeys({ url, log: keptLog() })
  await keys.find('g1')
  const began = performance.now()
  await keys.find('invented-1')
  await keys.find('invented-2')
  expect(performance.now() - began).toBeGreaterThan(1_900)
  expect(reads).toBe(3)
})

test('the last good keys stay when the source fails or talks nonsense, and it is said once', async () => {
  const log = keptLog()
  keys = createKeys({ url, log })
  await keys.find('g1')
  status = 500
  await keys.find('g2')
  status = 200
  served = { nothing: true }
  await keys.find('g2')
  expect(await keys.find('g1')).toEqual(first.publicKey)
  expect(log.lines).toHaveLength(1)
})

test('a key that the source names no more is not trusted any more', async () => {
  keys = createKeys({ url, log: keptLog() })
  await keys.find('g1')
  served = toJwks([second.publicKey])
  expect(await keys.find('g2')).toBeDefined()
  expect(await keys.find('g1')).toBeUndefined()
})

test('garbage never makes the verifier look for a key', async () => {
  const asked: string[] = []
  const watched: Keys = { find: (kid) => (asked.push(kid), Promise.resolve(undefined)), close: () => {} }
  const verifier = createVerifier({ service: 'shop', keys: watched, now: Date.now })
  for (const token of ['', 'a.b.c', `${first.sign()}x`.repeat(30), `eyJhbGciOiJub25lIn0.e30.`])
    await expect(verifier.verify(token, { trust: ['gateway'] })).rejects.toMatchObject({
      code: 'identity_malformed',
    })
  expect(asked).toEqual([])
  await expect(verifier.verify(first.sign(), { trust: ['gateway'] })).rejects.toMatchObject({
    code: 'identity_unknown_key',
  })
  expect(asked).toEqual(['g1'])
})

import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findChromium } from '../src/checks/browser/find.ts'
import { makeCertificate, type TestCertificate } from './support/certificates.ts'
import { copyShop, startInstallation } from './support/installation.ts'
import type { Installation, TestShop } from './support/installation.ts'
import { liveKey } from './support/shop.ts'

// The whole shop behind a gateway with a certificate that no public authority knows.

let copy: TestShop
let shop: Installation
let certificate: TestCertificate

beforeAll(async () => {
  copy = await copyShop()
  certificate = makeCertificate(copy.folder)
  await copy.patch(
    'rockpool.config.ts',
    "gateway: 'http://127.0.0.1:8470'",
    "gateway: 'https://127.0.0.1:8470'",
  )
  await copy.patch(
    'rockpool.config.ts',
    "  name: 'shop',\n",
    "  name: 'shop',\n  gateway: { tls: { cert: './server.crt', key: './server.key', ca: './server.crt' } },\n",
  )
  shop = await startInstallation({ shop: copy })
})
afterAll(async () => {
  await shop?.stop()
  await copy?.remove()
})

/** What curl says by HTTP/2, and by which version of it. */
async function curl(...args: string[]): Promise<string> {
  const shown = ['--silent', '--show-error', '--http2', '--write-out', ' %{http_version} %{response_code}']
  return (await promisify(execFile)('curl', [...shown, ...args])).stdout
}

test('the origin that is told is https, and HTTP/2 is spoken there, to who trusts the certificate', async () => {
  expect(shop.gateway).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  const { text } = await liveKey(shop)
  const items = [`${shop.gateway}/harbor/items`, '--header', `Authorization: Bearer ${text}`]
  expect(await curl('--cacert', certificate.cert, ...items)).toMatch(/^\{.* 2 200$/)
  await expect(curl(...items)).rejects.toThrow('SSL certificate problem')
})

test('checks pass: they, and services that call each other, reach the gateway by https', async () => {
  const { code, stdout, stderr } = await shop.cli('check', join(copy.folder, 'checks/cancelling.check.ts'))
  expect(code, stdout + stderr).toBe(0)
})

test('so do bots, and what the runner runs by its schedule', async () => {
  const { code, stdout, stderr } = await shop.cli('bot', 'run', 'order and cancel')
  expect(code, stdout + stderr).toBe(0)
})

test('a check in a browser passes: Chromium believes this one key', async (context) => {
  const found = await findChromium()
  if ('missing' in found) context.skip(found.missing)
  const { code, stdout, stderr } = await shop.cli('check', join(copy.folder, 'checks/storefront.check.ts'))
  expect(code, stdout + stderr).toBe(0)
})

test('a certificate that cannot be served keeps it from starting, with what is wrong and where', async () => {
  await shop.stop()
  await rm(join(copy.folder, 'server.key'))
  await expect(startInstallation({ shop: copy })).rejects.toThrow(
    /gateway\.tls\.key[^\n]*there is nothing at/,
  )
})

import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { makeCertificate } from '../../../test/support/certificates.ts'
import { temporaryFolder } from '../../../test/support/gateway.ts'
import { trustArguments } from './trust.ts'

test('a browser is told to believe nothing, where Node has no more authorities than it, or there is no TLS', async () => {
  expect(await trustArguments('https://127.0.0.1:1', {})).toEqual([])
  expect(await trustArguments('http://127.0.0.1:1', { NODE_EXTRA_CA_CERTS: '/ca.pem' })).toEqual([])
})

// That it believes the key of one that Node trusts: test/https.test.ts.
test('it is not told to believe a key that Node has not verified', async () => {
  const { cert, key } = makeCertificate(temporaryFolder())
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  // This process was started without that authority, whatever is said here.
  const asked = trustArguments(`https://127.0.0.1:${port}`, { NODE_EXTRA_CA_CERTS: cert })
  await expect(asked).rejects.toThrow(/cannot be reached at 127\.0\.0\.1: .*self-signed certificate/)
})

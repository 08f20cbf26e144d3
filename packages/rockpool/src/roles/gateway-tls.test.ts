import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeCertificate } from '../../test/support/certificates.ts'
import { temporaryFolder } from '../../test/support/gateway.ts'
import { refusal } from '../../test/support/organizations.ts'
import type { Config } from '../kernel/index.ts'
import { checkGatewayTls } from './gateway-tls.ts'

type Files = { cert: string; key: string; ca?: string }

function configOf(tls: Files | undefined, gateway = 'https://127.0.0.1:8470') {
  const config = {
    file: '/harbor/rockpool.config.ts',
    gateway: { tls },
    installations: { local: { gateway } },
  }
  return config as unknown as Config
}
const day = 24 * 60 * 60_000

test('a certificate for the configured origin, by an authority that is named, is served: people hear until when', async () => {
  const { cert, key } = makeCertificate(temporaryFolder())
  const said = (gateway: string) =>
    checkGatewayTls(configOf({ cert, key, ca: cert }, gateway), 'local', Date.now())
  for (const host of ['127.0.0.1:8470', 'localhost:8470'])
    expect(await said(`https://${host}`)).toMatch(/^https for \S+ \w+ only: renew its certificate$/)
  expect(
    await checkGatewayTls(configOf(undefined, 'http://127.0.0.1:8470'), 'local', Date.now()),
  ).toBeUndefined()
})

test('all that is wrong is told at once, each with its field', async () => {
  const folder = temporaryFolder()
  const { cert } = makeCertificate(folder)
  const { key } = makeCertificate(folder, 'another')
  await chmod(key, 0o644)
  const ca = join(folder, 'ca.pem')
  await writeFile(ca, 'no certificate')
  const { code, findings } = await refusal(
    checkGatewayTls(configOf({ cert, key, ca }, 'http://api.harbor.example'), 'local', Date.now()),
  )
  expect(code).toBe('config_invalid')
  expect(findings).toEqual([
    'installations.local.gateway the gateway has a certificate (gateway.tls): write an https URL',
    expect.stringMatching(/^gateway\.tls\.key everybody on this machine may use it: chmod o= /) as string,
    'gateway.tls.key it is not the key of this certificate',
    'gateway.tls.ca this is no certificate in PEM',
  ])
})

test.each([
  [
    'of another host',
    'https://api.harbor.example',
    {},
    /^gateway\.tls\.cert it is not for api\.harbor\.example, but for IP Address:127\.0\.0\.1, DNS:localhost$/,
  ],
  [
    'that is signed by itself, and named nowhere',
    'https://localhost',
    { ca: undefined },
    /^gateway\.tls\.ca the certificate is signed by itself: name it here too/,
  ],
  [
    'without its file',
    'https://localhost',
    { cert: '/nowhere/api.crt' },
    /^gateway\.tls\.cert there is nothing at \/nowhere\/api\.crt$/,
  ],
  [
    'without the file of its authority',
    'https://localhost',
    { ca: '/nowhere/ca.crt' },
    /^gateway\.tls\.ca there is nothing at \/nowhere\/ca\.crt$/,
  ],
])('a certificate %s is refused', async (_, gateway, more, finding) => {
  const { cert, key } = makeCertificate(temporaryFolder())
  const tls = { cert, key, ca: cert, ...more } as Files
  const { findings } = await refusal(checkGatewayTls(configOf(tls, gateway), 'local', Date.now()))
  expect(findings).toEqual([expect.stringMatching(finding)])
})

test('an expired one is refused', async () => {
  const { cert, key } = makeCertificate(temporaryFolder())
  const { findings } = await refusal(
    checkGatewayTls(configOf({ cert, key, ca: cert }), 'local', Date.now() + 3 * day),
  )
  expect(findings).toEqual([expect.stringMatching(/^gateway\.tls\.cert it expired on /)])
})

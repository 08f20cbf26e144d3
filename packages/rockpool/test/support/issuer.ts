import {
  constants,
  generateKeyPairSync,
  randomUUID,
  sign,
  type KeyObject,
  type KeyPairKeyObjectResult,
} from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { IssuerKey, SnapshotIssuer } from '../../src/gateway/issuers/types.ts'
import { signatureAlgorithms, type SignatureAlgorithm } from '../../src/kernel/index.ts'

// An issuer as tests need one: real keys, and tokens written by hand, so that they can be wrong in any way.

export interface TestKey {
  alg: SignatureAlgorithm
  privateKey: KeyObject
  /** As a snapshot has it. */
  key: IssuerKey
}

export const iss = 'https://login.example.test/'

const made = new Map<string, KeyPairKeyObjectResult>()

/** One pair for each kind and `which`: RSA keys take their time. */
function pairOf(alg: SignatureAlgorithm, which: string): KeyPairKeyObjectResult {
  const kind = alg.startsWith('RS') || alg.startsWith('PS') ? 'RSA' : alg
  const name = `${kind} ${which}`
  const known = made.get(name)
  if (known) return known
  const curves = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' } as const
  const pair =
    kind === 'RSA'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : alg === 'EdDSA'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('ec', { namedCurve: curves[alg as keyof typeof curves] })
  made.set(name, pair)
  return pair
}

export function testKey(
  alg: SignatureAlgorithm,
  more: Partial<IssuerKey> & { which?: string } = {},
): TestKey {
  const { which = '', ...members } = more
  const { publicKey, privateKey } = pairOf(alg, which)
  const { kty, crv, n, e, x, y } = publicKey.export({ format: 'jwk' })
  const numbers = Object.entries({ crv, n, e, x, y }).filter(([, value]) => value !== undefined)
  const key = { kid: 'k1', alg: null, kty, ...Object.fromEntries(numbers), ...members } as IssuerKey
  return { alg, privateKey, key }
}

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** RFC 7518 3, as an issuer does it. */
export function signatureOf(alg: SignatureAlgorithm, privateKey: KeyObject, text: string): Buffer {
  const hash = alg === 'EdDSA' ? null : `sha${alg.slice(2)}`
  const how = {
    RS: {},
    PS: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
    ES: { dsaEncoding: 'ieee-p1363' as const },
    Ed: {},
  }[alg.slice(0, 2) as 'RS' | 'PS' | 'ES' | 'Ed']
  return sign(hash, Buffer.from(text), { key: privateKey, ...how })
}

/** A token with the key's own algorithm, signed by it, whatever the header says. */
export function tokenBy(key: TestKey, claims: unknown, header: object = {}): string {
  const text = `${encode({ alg: key.alg, typ: 'JWT', kid: key.key.kid ?? undefined, ...header })}.${encode(claims)}`
  return `${text}.${signatureOf(key.alg, key.privateKey, text).toString('base64url')}`
}

/** Claims that count for harbor from `nowMs` on, for five minutes. */
export function claimsAt(nowMs: number, more: object = {}): Record<string, unknown> {
  const iat = Math.floor(nowMs / 1000)
  return { iss, aud: 'api', sub: 'u1', org: 'harbor', iat, exp: iat + 300, ...more }
}

export function issuerEntry(keys: readonly IssuerKey[], more: Partial<SnapshotIssuer> = {}): SnapshotIssuer {
  return {
    issuer: iss,
    name: 'login.example.test',
    audience: ['api'],
    organization: { claim: 'org' },
    environment: 'production',
    subject: 'sub',
    prefix: '',
    algorithms: [...signatureAlgorithms],
    clockSkewS: 60,
    forwardToken: false,
    keys,
    ...more,
  }
}

/**
 * A place on loopback that answers as it is told; closed after the test. Gives its URL, whose path nobody else knows: what another test
 * still asks of whoever had this port before is not counted.
 */
export async function jwksServer(answer: RequestListener): Promise<string> {
  const path = `/${randomUUID()}/jwks.json`
  const server = createServer((request, response) =>
    request.url === path ? answer(request, response) : response.writeHead(404).end(),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
}

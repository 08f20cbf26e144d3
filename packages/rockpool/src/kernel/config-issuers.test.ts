import { join } from 'node:path'
import { expect, test } from 'vitest'
import { baseConfig, findingsIn } from '../../test/support/config.ts'
import { temporaryFolder } from '../../test/support/folder.ts'
import { signatureAlgorithms } from './config-issuers.ts'
import { readConfig } from './config.ts'

const issuer = {
  issuer: 'https://login.example.test/',
  jwks: 'https://login.example.test/.well-known/jwks.json',
  audience: 'api',
  organization: { claim: 'org' },
}

async function read(...issuers: object[]) {
  const file = join(await temporaryFolder('config'), 'rockpool.config.ts')
  return readConfig({ ...baseConfig, issuers }, file)
}

/** Paths and messages of what is wrong. */
const findingsOf = async (...issuers: object[]): Promise<string[]> =>
  (await findingsIn(read(...issuers))).map(({ path, message }) => `${path}: ${message}`)

test('an issuer comes back with what was not said', async () => {
  expect((await read(issuer)).issuers).toEqual([
    {
      ...issuer,
      audience: ['api'],
      name: 'login.example.test',
      subject: 'sub',
      prefix: '',
      algorithms: [...signatureAlgorithms],
      clockSkew: '60s',
      environment: 'production',
      forwardToken: false,
    },
  ])
})

test.each([
  'http://127.0.0.1:9000/',
  'http://localhost:9000/',
  'http://[::1]:9000/',
  'https://a.example/realms/x?v=1',
])('%s may be a place of keys', async (jwks) => {
  expect(await findingsOf({ ...issuer, jwks })).toEqual([])
})

test.each([
  'http://login.example.test/jwks.json',
  'http://127.0.0.1.example.test/',
  'http://localhost.example.test/',
  'https://user:secret@login.example.test/',
  'https://login.example.test/#keys',
  'file:///etc/keys.json',
  'keys.json',
])('%s may not', async (jwks) => {
  expect((await findingsOf({ ...issuer, jwks })).join()).toMatch(/^issuers\.0\.jwks: write an https URL/)
})

test('all findings come at once, and there is no default audience', async () => {
  const findings = await findingsOf({
    ...issuer,
    audience: undefined,
    organization: 'harbor',
    algorithms: ['RS256', 'none', 'HS256'],
    clockSkew: '1h',
    subject: '',
    forward: true,
  })
  expect(findings.map((finding) => finding.split(': ')[0])).toEqual([
    'issuers.0.audience',
    'issuers.0.organization',
    'issuers.0.subject',
    'issuers.0.algorithms.1',
    'issuers.0.algorithms.2',
    'issuers.0.clockSkew',
    'issuers.0',
  ])
  expect(findings.join()).toContain('there is no default')
  expect(findings.join()).toContain('never accepted')
})

test('an issuer stands once, under a name of its own, and for the environment of its organization', async () => {
  expect(await findingsOf(issuer, issuer)).toEqual([
    'issuers.1.issuer: this issuer stands here already; one may have several audiences',
    expect.stringContaining('issuers.1.prefix: two issuers may speak for the same organization'),
  ])
  const other = { ...issuer, issuer: 'https://login.example.test/staff', prefix: 'staff:' }
  expect(await findingsOf(issuer, other)).toEqual([
    'issuers.1.name: “login.example.test” is another issuer’s name already: give each a name',
  ])
  expect(await findingsOf(issuer, { ...other, name: 'staff' })).toEqual([])
  expect(await findingsOf({ ...issuer, organization: { slug: 'harbor-test' } })).toEqual([
    'issuers.0.organization.slug: “harbor-test” is a sandbox organization, and this issuer is for production',
  ])
})

test('two issuers need different prefixes where both may speak for one organization, and only there', async () => {
  const at = (host: string, organization: object, more: object = {}) => ({
    ...issuer,
    issuer: `https://${host}/`,
    organization,
    ...more,
  })
  const [harbor, marina] = [{ slug: 'harbor' }, { slug: 'marina' }]
  expect(await findingsOf(at('a', harbor), at('b', marina))).toEqual([])
  expect(await findingsOf(at('a', harbor), at('b', harbor))).toHaveLength(1)
  expect(await findingsOf(at('a', harbor), at('b', { claim: 'org' }))).toHaveLength(1)
  expect(
    await findingsOf(at('a', { claim: 'org' }), at('b', { claim: 'org' }, { environment: 'sandbox' })),
  ).toEqual([])
})

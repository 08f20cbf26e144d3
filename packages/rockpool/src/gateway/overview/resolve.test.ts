import { describe, expect, test } from 'vitest'
import {
  credential,
  fault,
  organization,
  sandbox,
  service,
  snapshotOf,
  type TestCredential,
} from '../../../test/support/gateway.ts'
import { sessionCookie } from '../cookies.ts'
import { decide, type Decision } from '../decision.ts'
import type { OperationValidation } from '../../kernel/index.ts'
import { defaultCutOff, type Ground } from '../ground.ts'
import { openSnapshot } from '../snapshot.ts'
import type { Snapshot } from '../types.ts'
import { organizationNamedIn, resolve } from './resolve.ts'
import { assumedKinds } from './assumed.ts'

const now = Date.now()
const later = new Date(now + 60_000).toISOString()
const route = (method: string, path: string, anonymous = false) => ({
  method,
  path,
  operationId: `${method} ${path}`,
  anonymous,
})

const credentials: TestCredential[] = [
  credential('live'),
  credential('live', { allows: { organization: 'quay' } }),
  credential('live', { endsAt: '2020-01-01T00:00:00.000Z' }),
  credential('sandbox'),
  credential('sandbox', { allows: { sandboxesOf: 'harbor' } }),
  credential('run'),
  credential('run', {
    allows: { organization: 'harbor' },
    environment: 'production',
    actor: 'bot',
    grant: { name: 'bot', writes: 3, card: null },
  }),
  credential('session', { allows: { organization: 'harbor' }, environment: 'production' }),
]

function groundOf(parts: Partial<Snapshot> = {}): Ground {
  const opened = openSnapshot(
    snapshotOf({
      organizations: [
        organization('harbor'),
        organization('quay'),
        sandbox('box'),
        sandbox('gone', { status: 'deleting' }),
      ],
      credentials,
      services: [
        service('catalog', {
          routes: [
            route('GET', '/{organization}/items'),
            route('POST', '/{organization}/items'),
            route('GET', '/{organization}/items/{id}', true),
            route('GET', '/me'),
            route('GET', '/open', true),
          ],
        }),
        service('broken', {
          state: 'failed',
          reason: 'exited with 1',
          routes: [route('GET', '/{organization}/broken')],
        }),
        service('theirs', { foreign: true, routes: [route('POST', '/{organization}/theirs')] }),
      ],
      faults: [fault({ kind: 'slow' }, { endsAt: later })],
      ...parts,
    }),
  )
  if (!opened.ok) throw new Error(JSON.stringify(opened.findings))
  return { directory: opened.directory, asOf: now, cutOff: defaultCutOff, secure: false }
}

const ground = groundOf()
const questions = ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'get'].flatMap((method) =>
  [
    '/harbor/items',
    '/quay/items?q=1',
    '/box/items/a%20b',
    '/gone/items',
    '/nobody/items',
    '/made-up/items',
    '/me',
    '/open',
    '/harbor/broken',
    '/harbor/theirs',
    '/box/theirs',
    '/a/../b',
    '/nothing',
    '/.rockpool/events',
  ].map((target) => ({ method, target })),
)

/** What of a decision is the same whoever tells it. */
const essence = (decision: Decision) => ({
  kind: decision.kind,
  problem: decision.kind === 'refuse' ? decision.problem.toJSON() : null,
  allow: decision.kind === 'forward' ? null : decision.allow,
  organization: decision.organization,
  identity: decision.identity,
  credential: decision.credential?.id,
  sent: decision.kind === 'forward' ? [decision.service, decision.target, decision.delayMs] : null,
})

describe('what is told is what the gateway decides', () => {
  test.each(credentials.map((one) => [one.kind, one]))(
    'for the holder of a %s credential',
    (kind, { text, id }) => {
      const headers =
        kind === 'session'
          ? ['cookie', `${sessionCookie}=${text}`, 'sec-fetch-site', 'same-origin']
          : ['authorization', `Bearer ${text}`]
      const known = [...ground.directory.credentials.values()].find((entry) => entry.id === id)!
      for (const question of questions) {
        const head = { ...question, headers: ['host', 'localhost', ...headers] }
        const { decision } = resolve(ground, { ...question, as: { credential: known } }, now)
        expect([question, essence(decision)]).toEqual([question, essence(decide(ground, head, now))])
      }
    },
  )

  test('for anybody', () => {
    for (const question of questions) {
      const head = { ...question, headers: ['host', 'localhost'] }
      const { decision } = resolve(ground, { ...question, as: { kind: 'anonymous' } }, now)
      expect([question, essence(decision)]).toEqual([question, essence(decide(ground, head, now))])
    }
  })
})

describe('by each kind of credential', () => {
  const kinds = (method: string, target: string) => {
    const { byKind } = resolve(ground, { method, target, as: { kind: 'anonymous' } }, now)
    return Object.fromEntries(byKind.map(({ kind, outcome, code }) => [kind, code ?? outcome]))
  }
  const all = (code: string) => Object.fromEntries(assumedKinds.map((kind) => [kind, code]))

  test.each([
    [
      'GET',
      '/harbor/items',
      {
        ...all('forward'),
        anonymous: 'credential_missing',
        sandbox: 'environment_mismatch',
        run: 'environment_mismatch',
      },
    ],
    [
      'POST',
      '/box/items',
      { ...all('forward'), anonymous: 'credential_missing', live: 'environment_mismatch' },
    ],
    ['GET', '/me', { ...all('forward'), anonymous: 'credential_missing' }],
    ['GET', '/open', all('forward')],
    ['GET', '/nobody/items', { ...all('organization_unknown'), anonymous: 'credential_missing' }],
    ['GET', '/made-up/items', { ...all('organization_unknown'), anonymous: 'credential_missing' }],
    ['GET', '/nothing', {}],
    ['DELETE', '/me', {}],
  ])('%s %s', (method, target, expected) => {
    expect(kinds(method, target)).toEqual(expected)
  })
})

describe('of a sandbox with a mock', () => {
  const mocked = groundOf({
    mocks: [
      {
        id: 'mck_1',
        organization: 'box',
        service: 'catalog',
        version: '2.0.0',
        origin: 'http://127.0.0.1:9100',
        routes: 'catalog@2',
      },
    ],
    mockRoutes: [
      { name: 'catalog@2', service: 'catalog', routes: [route('GET', '/{organization}/reviews/{id}')] },
    ],
    faults: [],
  })
  const ask = (target: string, kind: (typeof assumedKinds)[number]) =>
    resolve(mocked, { method: 'GET', target, as: { kind } }, now)

  test('what its version alone has is there for who acts in it', () => {
    const told = ask('/box/reviews/7', 'sandbox')
    expect(told).toMatchObject({ outcome: 'forward', parameters: { organization: 'box', id: '7' } })
    expect(told.steps.map(({ text }) => text)).toEqual([
      'GET /box/reviews/7',
      'catalog: GET /{organization}/reviews/{id} (GET /{organization}/reviews/{id})',
      'sandbox (made up for this)',
      'box, sandbox, active; acts as customer',
      'a mock of catalog 2.0.0 answers; 10000 ms for its answer',
      'nothing is broken on purpose for it',
      'the mock judges by 2.0.0',
    ])
  })

  test('and for nobody else', () => {
    const told = ask('/box/reviews/7', 'live')
    expect(told).toMatchObject({ outcome: 'refuse', parameters: {} })
    expect(told.steps[1]).toMatchObject({ is: 'refused', text: expect.stringMatching(/^route_unknown/) })
    expect(Object.fromEntries(told.byKind.map(({ kind, code }) => [kind, code]))).toEqual({
      anonymous: 'route_unknown',
      live: 'route_unknown',
      sandbox: null,
      run: null,
      session: null,
      service: null,
    })
    expect(ask('/harbor/reviews/7', 'live')).toMatchObject({ outcome: 'refuse', byKind: [] })
  })

  test('what its version lacks is said to be lacking', () => {
    expect(ask('/box/items', 'sandbox').steps[1]!.text).toBe(
      'route_unknown: the mock of catalog 2.0.0 has no route for this path',
    )
  })

  test('is named by the path as any organization, so that who is bound to another may not ask', () => {
    const question = { method: 'GET', target: '/box/reviews/7' }
    expect(organizationNamedIn(mocked, question)).toBe('box')
    expect(organizationNamedIn(ground, question)).toBeUndefined()
  })
})

describe('the steps', () => {
  const stepsOf = (method: string, target: string, as: (typeof assumedKinds)[number]) =>
    resolve(ground, { method, target, as: { kind: as } }, now).steps.map(({ step, is, text }) => [
      step,
      is,
      text,
    ])

  test('of what is served are all passed, in the order of the decision', () => {
    expect(stepsOf('GET', '/box/items/7', 'run')).toEqual([
      ['path', 'passed', 'GET /box/items/7'],
      ['route', 'passed', 'catalog: GET /{organization}/items/{id} (GET /{organization}/items/{id})'],
      ['credential', 'passed', 'run (made up for this)'],
      ['organization', 'passed', 'box, sandbox, active; acts as check'],
      ['upstream', 'passed', 'catalog runs; 10000 ms for its answer'],
      ['fault', 'passed', 'it is slow on purpose: 3000 ms'],
      ['contract', 'passed', 'requests are not held against it'],
    ])
  })

  test('say what of such calls is held against the contract', () => {
    const told = (validation: Partial<OperationValidation>) => {
      const whole = { requests: 'off', responses: 0, coerce: false, ...validation } as const
      const routes = [{ ...route('GET', '/open', true), validation: whole }]
      const judged = groundOf({ services: [service('catalog', { routes })], faults: [] })
      const question = { method: 'GET', target: '/open', as: { kind: 'anonymous' } } as const
      return resolve(judged, question, now).steps.at(-1)!.text
    }
    expect(told({ requests: 'refuse' })).toBe('what does not keep to it is refused (422)')
    expect(told({ requests: 'refuse', coerce: true })).toContain('values of other types are given its own')
    expect(told({ requests: 'report', responses: 0.05 })).toBe(
      'what does not keep to it goes through, and is counted; of answers a share of 0.05 is held against it',
    )
  })

  test.each([
    ['path', 'GET', '/a/../b', 'live', 'path_refused'],
    ['route', 'GET', '/nothing', 'live', 'route_unknown'],
    ['route', 'DELETE', '/harbor/items', 'live', 'method_not_allowed'],
    ['credential', 'GET', '/harbor/items', 'anonymous', 'credential_missing'],
    ['organization', 'GET', '/gone/items', 'sandbox', 'organization_deleted'],
    ['organization', 'GET', '/box/items', 'live', 'environment_mismatch'],
    ['upstream', 'GET', '/harbor/broken', 'live', 'upstream_unreachable'],
    ['upstream', 'POST', '/box/theirs', 'sandbox', 'write_refused'],
  ] as const)('end at %s for %s %s as %s: %s', (at, method, target, as, code) => {
    const steps = stepsOf(method, target, as)
    const end = steps.findIndex(([, is]) => is === 'refused')
    expect(steps[end]).toEqual([at, 'refused', expect.stringMatching(`^${code}: `)])
    expect(steps.slice(end + 1).map(([, is]) => is)).toEqual(steps.slice(end + 1).map(() => 'not reached'))
    expect(steps.slice(0, end).every(([, is]) => is === 'passed')).toBe(true)
  })

  test('what is broken on purpose is told at its own step', () => {
    const broken = groundOf({ faults: [fault({ kind: 'unavailable' }, { endsAt: later })] })
    const { steps } = resolve(broken, { method: 'GET', target: '/box/items', as: { kind: 'run' } }, now)
    expect(steps.at(-2)).toMatchObject({ step: 'fault', is: 'refused' })
  })
})

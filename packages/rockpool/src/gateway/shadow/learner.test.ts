import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/gateway.ts'
import { loadRoutes } from '../contract-routes.ts'
import { learnedRoutes, toDocument } from './document.ts'
import { bounds, createLearner } from './learner.ts'
import type { Learner } from './learner.ts'
import { sentencesOf, toProposal } from './proposal.ts'
import { isId, parameterName } from './segments.ts'
import { createHash, sightAnswer, sightRequest } from './sighting.ts'

const upstream = new URL('https://api.example.test')

interface Seen {
  line: string
  key?: string
  status?: number
  headers?: [string, string][]
}

/** A learner that has seen these exchanges. */
function after(...seen: Seen[]): Learner {
  const hash = createHash()
  const learner = createLearner({ hash })
  for (const { line, key, status = 200, headers = [] } of seen) {
    const [method = '', target = ''] = line.split(' ')
    const all: [string, string][] = [
      ...headers,
      ...(key ? [['authorization', `Bearer ${key}`] as [string, string]] : []),
    ]
    const sighted = sightRequest({ method, target, headers: all }, hash)
    if (sighted)
      learner.see({
        ...sighted,
        ...sightAnswer({ status, headers: [['content-type', 'application/json; charset=utf-8']] }),
      })
  }
  return learner
}

const pathsOf = (learner: Learner) =>
  learnedRoutes(learner.learned()).routes.map(({ method, path }) => `${method} ${path}`)

test.each([
  '42',
  '019aa3c6-0f2d-7d10-8c39-0f6a6a4e2b77',
  'order_019aa3c60f2d',
  'cus_9s6XKzkNRiz8i3',
  '507f1f77bcf86cd799439011',
  '01HZX3J9W0Q2V4T6Y8',
  '2026-11-22',
  'mia@harbor.example',
  'Ünïcode',
  '',
  'a b',
  '{x}',
])('%j names a thing', (segment) => expect(isId(segment)).toBe(true))

test.each(['orders', 'line-items', 'v1', 'oauth2', 'api', 'style.css', 'getOrders', 'well-known'])(
  '%j is a word',
  (segment) => expect(isId(segment)).toBe(false),
)

test.each([
  ['orders', 'orderId'],
  ['line-items', 'lineItemId'],
  ['categories', 'categoryId'],
  ['status', 'statusId'],
  [undefined, 'id'],
])('what follows %s is called %s', (before, name) => expect(parameterName(before)).toBe(name))

describe('routes', () => {
  test('are templates: what names a thing is a parameter, at any depth', () => {
    const learner = after(
      { line: 'GET /v1/orders/17/lines/3' },
      { line: 'GET /v1/orders/18/lines/4' },
      { line: 'POST /v1/orders', status: 201 },
      { line: 'GET /v1/orders/?limit=5' },
      { line: 'GET /' },
    )
    expect(pathsOf(learner)).toEqual([
      'GET /',
      'GET /v1/orders',
      'POST /v1/orders',
      'GET /v1/orders/{orderId}/lines/{lineId}',
    ])
  })

  test('many words at one place name things too', () => {
    const word = (number: number) =>
      `clock${'abcdefghij'[number % 10]}${'klmnopqrst'[Math.floor(number / 10)]}`
    const seen = Array.from({ length: bounds.literals + 5 }, (_, number) => ({
      line: `GET /items/${word(number)}/reviews`,
    }))
    expect(pathsOf(after(...seen, { line: 'GET /items' }))).toEqual([
      'GET /items',
      'GET /items/{itemId}/reviews',
    ])
  })

  test('that nothing ever answered are counted and left out', () => {
    const learner = after(
      { line: 'GET /wp-admin', status: 404 },
      { line: 'PUT /orders', status: 405 },
      { line: 'GET /orders' },
      { line: 'OPTIONS /orders', status: 204 },
    )
    const { routes, unanswered } = learnedRoutes(learner.learned())
    expect(routes.map(({ path }) => path)).toEqual(['/orders'])
    expect(unanswered).toBe(2)
  })
})

describe('the organization', () => {
  const shop = (organization: string, key: string): Seen[] => [
    { line: `GET /${organization}/orders/17`, key },
    { line: `GET /${organization}/items`, key },
  ]

  test('is the segment that goes with the credential, in the document as a parameter', () => {
    const learner = after(
      ...shop('acme', 'a'),
      ...shop('acme', 'a-second'),
      ...shop('globex', 'b'),
      { line: 'GET /initech/items' },
      { line: 'GET /health' },
    )
    expect(learner.learned().organization).toMatchObject({
      by: 'path',
      position: 0,
      organizations: 2,
      credentials: 3,
    })
    expect(pathsOf(learner)).toEqual([
      'GET /health',
      'GET /{organization}/items',
      'GET /{organization}/orders/{orderId}',
    ])
    const document = toDocument(learner.learned(), upstream)
    for (const name of ['acme', 'globex', 'initech']) expect(document).not.toContain(name)
  })

  test('is found behind a prefix, and among numbers', () => {
    const learner = after(...shop('v1/accounts/17', 'a'), ...shop('v1/accounts/18', 'b'))
    expect(learner.learned().organization).toMatchObject({ by: 'path', position: 2 })
    expect(pathsOf(learner)).toContain('GET /v1/accounts/{organization}/orders/{orderId}')
  })

  test.each<[string, Seen[]]>([
    ['one credential sees several', [...shop('acme', 'a'), ...shop('globex', 'a'), ...shop('globex', 'b')]],
    ['there is one alone', [...shop('acme', 'a'), ...shop('acme', 'b')]],
    [
      'the ways behind it differ',
      [
        { line: 'GET /orders/search', key: 'a' },
        { line: 'GET /items/search', key: 'b' },
      ],
    ],
    [
      'it was refused',
      [...shop('acme', 'a'), ...shop('globex', 'b').map((one) => ({ ...one, status: 403 }))],
    ],
  ])('is no segment where %s: then the credential tells it', (_when, seen) => {
    const { organization } = after(...seen).learned()
    expect(organization).toMatchObject({ by: 'credential' })
    expect(sentencesOf(organization).join(' ')).toContain('The credential tells the organization')
  })

  test('is unknown where no credential was seen', () => {
    expect(after({ line: 'GET /acme/items' }).learned().organization).toEqual({ by: 'unknown' })
  })
})

describe('the document', () => {
  const learner = after(
    { line: 'GET /acme/orders/17?expand=lines&api_key=topsecret', headers: [['x-api-key', 'sesame-1']] },
    { line: 'GET /acme/items', headers: [['x-api-key', 'sesame-1']] },
    { line: 'GET /globex/orders/18', headers: [['x-api-key', 'sesame-2']], status: 404 },
    { line: 'GET /globex/orders/19', headers: [['x-api-key', 'sesame-2']] },
    { line: 'GET /globex/items', headers: [['cookie', 'theme=dark; session_id=sesame-3']] },
    { line: 'GET /globex/items', headers: [['authorization', 'Basic c2VzYW1lOg==']], status: 401 },
    {
      line: 'POST /globex/orders',
      key: 'sesame-4',
      status: 201,
      headers: [['content-type', 'application/json']],
    },
    { line: 'GET /login' },
  )
  const document = toDocument(learner.learned(), upstream)

  test('is a contract that can be used as it is', async () => {
    const file = join(temporaryFolder(), 'shadow.yaml')
    await writeFile(file, document)
    const reading = await loadRoutes(file)
    expect(reading).toMatchObject({ ok: true, warnings: [] })
    if (!reading.ok) return
    expect(
      reading.operations.map(({ route: { operationId, anonymous } }) => [operationId, anonymous]),
    ).toEqual([
      ['getLogin', true],
      ['getItems', false],
      ['postOrders', false],
      ['getOrdersByOrderId', false],
    ])
  })

  test('tells status codes, content types, names of parameters and kinds of credentials', () => {
    expect(document).toMatch(/"200":\s+description: Seen 2 times\.\s+content:\s+application\/json: \{\}/)
    expect(document).toMatch(/"404":\s+description: Seen once/)
    expect(document).toContain('name: expand')
    expect(document).toMatch(/byHeaderXApiKey:\s+type: apiKey\s+in: header\s+name: x-api-key/)
    expect(document).toMatch(/byAuthorizationBearer:\s+type: http\s+scheme: bearer/)
    expect(document).toMatch(/byCookieSessionId:/)
  })

  test('and the proposal hold nothing secret, and no value of anything', () => {
    const proposal = toProposal({
      upstream,
      document: './shadow.yaml',
      organization: learner.learned().organization,
    })
    for (const secret of ['sesame', 'topsecret', 'c2VzYW1l', '17', '18', 'lines', 'dark'])
      expect(document + proposal).not.toContain(secret)
  })
})

test('memory is bounded whatever is asked for, and what is beyond is counted', () => {
  const words = (number: number) => [...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('')
  const hash = createHash()
  const learner = createLearner({ hash })
  for (let number = 0; number < 60_000; number++) {
    const path = `/${words(number % 39)}/${words((number * 7) % 37)}/x${words(number % 1_000)}/${words(number)}`
    const headers: [string, string][] = [
      ['authorization', `Bearer ${number}`],
      ['content-type', `a/b${number}`],
    ]
    const sighted = sightRequest(
      { method: `M${words(number % 50).toUpperCase()}`, target: `${path}?q${number}=1`, headers },
      hash,
    )
    learner.see({ ...sighted!, status: 100 + (number % 900), answerType: `c/d${number}` })
  }
  const { root, beyond } = learner.learned()
  let places = 0
  let operations = 0
  const count = (place: typeof root): void => {
    places += 1
    operations += place.operations.size
    expect(place.literals.size).toBeLessThanOrEqual(bounds.literals)
    for (const operation of place.operations.values()) {
      expect(operation.query.size).toBeLessThanOrEqual(bounds.query)
      expect(operation.requestTypes.size).toBeLessThanOrEqual(bounds.types)
    }
    for (const child of [...place.literals.values(), ...(place.parameter ? [place.parameter] : [])])
      count(child)
  }
  count(root)
  expect(places).toBeLessThanOrEqual(bounds.places)
  expect(operations).toBeLessThanOrEqual(bounds.operations)
  expect(beyond).toBeGreaterThan(0)
})

test('a target that is too long, too deep or no path is not looked at', () => {
  const hash = createHash()
  const sight = (target: string) => sightRequest({ method: 'GET', target, headers: [] }, hash)
  for (const target of ['x', '*', `/${'x'.repeat(5_000)}`, '/a'.repeat(30), 'example.test:443'])
    expect(sight(target), target.slice(0, 20)).toBeUndefined()
  expect(sight('http://127.0.0.1:8480/a')?.segments).toEqual(['a'])
  expect(sight('//a/b')?.segments).toBeDefined()
})

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/gateway.ts'
import { readContract } from '../contracts/index.ts'
import type { OperationOutline } from '../contracts/index.ts'
import { loadRoutes, routesOf, routesOfOutline } from './contract-routes.ts'
import type { RoutedOperation } from './contract-routes.ts'

const good = `
openapi: 3.1.0
info: { title: Catalog, version: 1.2.0 }
security: [{ key: [] }]
paths:
  /{organization}/items:
    parameters:
      - $ref: '#/components/parameters/Organization'
    get:
      operationId: listItems
      summary: List what is on sale
      parameters: [{ name: limit, in: query, schema: { type: integer } }]
      security: []
      responses: { '200': { description: The items } }
    post:
      operationId: createItem
      requestBody: { required: true, content: { application/json: { schema: { type: object } } } }
      responses: { 201: { description: Created }, 4XX: { description: Refused } }
  /{organization}/items/{id}:
    parameters:
      - $ref: '#/components/parameters/Organization'
      - { name: id, in: path, required: true, schema: { type: string } }
    get:
      operationId: getItem
      security: [{}]
      responses: { default: { description: The item } }
components:
  parameters:
    Organization: { name: organization, in: path, required: true, schema: { type: string } }
`

/** What is routed of a document, and what is said of it: errors, and warnings. */
function read(text: string, { foreign = false, file = 'openapi.yaml' } = {}) {
  let operations: RoutedOperation[] = []
  const reading = readContract(text, {
    file,
    foreign,
    demand: (contract, format, findings) => {
      operations = routesOf(contract, { format, foreign, findings })
    },
  })
  const told = (wanted: string) =>
    reading.findings.filter(({ level }) => level === wanted).map(({ path, message }) => `${path}: ${message}`)
  return {
    ok: reading.ok,
    operations: operations.map(({ operation }) => operation),
    routes: operations.map(({ route }) => route),
    errors: told('error'),
    warnings: told('warning'),
  }
}

const namesOf = (reading: ReturnType<typeof read>) => reading.routes.map(({ operationId }) => operationId)
const byName = 'checks and clients call the operation by it'

describe('a valid contract', () => {
  const reading = read(good)

  test('gives its routes', () => {
    expect(reading).toMatchObject({ ok: true, errors: [], warnings: [] })
    expect(reading.routes).toEqual([
      { method: 'GET', path: '/{organization}/items', operationId: 'listItems', anonymous: true },
      { method: 'POST', path: '/{organization}/items', operationId: 'createItem', anonymous: false },
      { method: 'GET', path: '/{organization}/items/{id}', operationId: 'getItem', anonymous: true },
    ])
  })

  test('gives what a caller by operationId has to know', () => {
    const [list, create] = reading.operations
    expect(list).toMatchObject({
      summary: 'List what is on sale',
      body: null,
      responses: [{ status: '200' }],
    })
    expect(list!.parameters.map(({ name, in: place, required }) => ({ name, in: place, required }))).toEqual([
      { name: 'organization', in: 'path', required: true },
      { name: 'limit', in: 'query', required: false },
    ])
    expect(create).toMatchObject({
      body: { required: true, content: [{ name: 'application/json' }] },
      responses: [{ status: '201' }, { status: '4XX' }],
    })
  })

  test('may be JSON, and OpenAPI 3.0', () => {
    const document = {
      openapi: '3.0.3',
      info: { title: 'T' },
      paths: { '/a': { get: { operationId: 'a', responses: { 200: {} } } } },
    }
    expect(read(JSON.stringify(document))).toMatchObject({ ok: true, routes: [{ operationId: 'a' }] })
  })
})

describe('whether a call needs a credential', () => {
  /** Whether the one operation may be called without one. `root`, `own`: what the document and the operation say. */
  const opens = (root: string, own: string) => {
    const { ok, errors, routes } = read(`
openapi: 3.1.0
info: { title: T }
${root}
paths: { /a: { get: { operationId: a, ${own} responses: { '200': {} } } } }`)
    return ok ? routes[0]!.anonymous : errors.join()
  }
  const list = '/security: security must be a list; an empty one says that no credential is needed'
  const one = '/paths/~1a/get/security/0: must be an object of schemes, each with a list of scopes'

  // OpenAPI 3.1, 4.8.1 and 4.8.10: the document's is the default, an operation's own counts instead of it.
  test.each([
    ['nothing is said', '', '', false],
    ['the document asks for one', 'security: [{ key: [] }]', '', false],
    ['the operation asks for one', '', 'security: [{ key: [] }],', false],
    ['the operation asks for one, whose scopes are {}', 'security: []', 'security: [{ key: {} }],', false],
    ['the operation asks for one, whose scopes are missing', 'security: []', 'security: [{ key: }],', false],
    ['the document says []', 'security: []', '', true],
    ['the operation says []', '', 'security: [],', true],
    ['the document says [], the operation asks for one', 'security: []', 'security: [{ key: [] }],', false],
    ['the document asks for one, the operation says []', 'security: [{ key: [] }]', 'security: [],', true],
    ['it is optional: [{}]', '', 'security: [{}],', true],
    ['it is optional: one of several is {}', '', 'security: [{ key: [] }, {}],', true],
    ['it is optional by the document', 'security: [{}, { key: [] }]', '', true],
    [
      'the document makes it optional, the operation asks',
      'security: [{}]',
      'security: [{ key: [] }],',
      false,
    ],
    ['the document says yes', 'security: yes', '', list],
    ['the document says nothing after the name', 'security:', '', list],
    ['the document says {}', 'security: {}', '', list],
    ['a requirement is null', '', 'security: [null],', one],
    ['a requirement is a list', '', 'security: [[]],', one],
  ])('%s', (_, root, own, expected) => expect(opens(root, own)).toBe(expected))

  test.each([
    ['', 'security: {}', ''],
    ['', 'security: [null]', ''],
    ['what opens the rest does not open it', 'security: []', 'security: yes,'],
    ['what opens the rest does not open it', 'security: []', 'security: [null],'],
  ])('somebody else’s document that says it wrongly is read, and opens nothing %s', (_, root, own) => {
    const { ok, routes, warnings } = read(
      `
openapi: 3.1.0
info: { title: T }
${root}
paths: { /a: { get: { operationId: a, ${own} responses: { '200': {} } } } }`,
      { foreign: true },
    )
    expect(ok && routes[0]!.anonymous).toBe(false)
    expect(warnings).toEqual([expect.stringMatching(/security.*: here it lets nobody in$/)])
  })
})

describe('findings', () => {
  test('come all at once, with their places: those of contracts and those of routes', () => {
    const text = `
openapi: 3.1.0
info: {}
paths:
  /a{b}c: { get: { operationId: half, responses: { '200': {} } } }
  /.rockpool/events: { get: { operationId: events, responses: { '200': {} } } }
  /{a}/x/{a}: { get: { operationId: twice, responses: { '200': {} } } }
  /{organization}/items/{id}:
    get: { operationId: 'get item', responses: { '200': {} } }
    trace: {}
  /{org}/items/{item}:
    parameters: [{ name: org, in: path }, { $ref: 'other.yaml#/x' }, { $ref: '#/nothing' }, { $ref: '#/components/loop' }]
    post: { operationId: one, security: yes, requestBody: {} }
    put: { operationId: one, responses: { '200': {} } }
components: { loop: { $ref: '#/components/loop' } }
`
    const { errors, warnings } = read(text)
    expect(errors).toEqual(
      expect.arrayContaining([
        '/info: info.title must be a text',
        '/paths/~1a{b}c/get: /a{b}c must begin with /, and each segment must be a literal or one {parameter}',
        '/paths/~1.rockpool~1events/get: /.rockpool/events: paths below /.rockpool are Rockpool’s own',
        '/paths/~1{a}~1x~1{a}/get: /{a}/x/{a} names the parameter a twice',
        `/paths/~1{organization}~1items~1{id}/get/operationId: operationId must be a name of letters, digits and _ that no other operation has: ${byName}`,
        '/paths/~1{organization}~1items~1{id}/get: the path parameter organization is not declared',
        '/paths/~1{organization}~1items~1{id}/trace: TRACE /{organization}/items/{id}: this method is never routed',
        '/paths/~1{org}~1items~1{item}/put: /{org}/items/{item} cannot be told from /{organization}/items/{id}',
        '/paths/~1{org}~1items~1{item}/parameters/1/$ref: $ref “other.yaml#/x” leads to other.yaml, which cannot be read',
        '/paths/~1{org}~1items~1{item}/parameters/2/$ref: $ref “#/nothing” leads to nothing',
        '/paths/~1{org}~1items~1{item}/parameters/3: its $ref leads in a circle',
        '/paths/~1{org}~1items~1{item}/post/security: security must be a list; an empty one says that no credential is needed',
        `/paths/~1{org}~1items~1{item}/post/operationId: operationId must be a name of letters, digits and _ that no other operation has: ${byName}`,
      ]),
    )
    expect(warnings).toEqual(
      expect.arrayContaining([
        '/paths/~1{org}~1items~1{item}/parameters/0: the path parameter org must say required: true',
        '/paths/~1{org}~1items~1{item}/post/operationId: operationId must be a name that no other operation has, and PUT /{org}/items/{item} has it: here it is postByOrgItemsByItem',
        '/paths/~1{org}~1items~1{item}/post: responses are missing: nobody knows what is answered',
        '/paths/~1{org}~1items~1{item}/post/requestBody: a body must name at least one media type',
      ]),
    )
  })

  test.each([
    ['openapi: 2.0', '/openapi: openapi must be a version 3.0.x, 3.1.x or 3.2.x'],
    ['openapi: 3.1.0\ninfo: { title: T }', '(the whole): there are no paths'],
  ])('%s is no contract', (text, error) => expect(read(text).errors).toEqual([error]))

  test('that leave one meaning are warnings: the service is served, as it is meant', () => {
    const { routes, errors, warnings } = read(`
openapi: 3.1.0
info: { title: T }
paths:
  items: { get: { operationId: list, parameters: [{ name: ghost, in: path, required: true }] } }`)
    expect(errors).toEqual([])
    expect(routes).toEqual([{ method: 'GET', path: '/items', operationId: 'list', anonymous: false }])
    expect(warnings).toEqual([
      '/paths/items: items must begin with /',
      '/paths/items/get: responses are missing: nobody knows what is answered',
      '/paths/items/get/parameters/0: /items has no {ghost}: the parameter is left out',
    ])
  })

  test('name the file and the line', async () => {
    const file = join(temporaryFolder(), 'openapi.yaml')
    await writeFile(
      file,
      'openapi: 3.1.0\ninfo: { title: T }\npaths:\n  /a:\n    get:\n      responses: { 200: {} }\n',
    )
    const reading = await loadRoutes(file)
    expect(reading.ok ? [] : reading.findings).toMatchObject([{ path: '/paths/~1a/get', file, line: 6 }])
  })

  test('name the other file, where a contract is spread over several', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'openapi.yaml')
    await writeFile(
      file,
      'openapi: 3.1.0\ninfo: { title: T }\npaths: { /a: { $ref: a.yaml#/a }, /b: { $ref: a.yaml#/b } }\n',
    )
    await writeFile(
      join(folder, 'a.yaml'),
      "a:\n  get: { operationId: one, responses: { '200': {} } }\nb:\n  get: { operationId: b-1, responses: { '200': {} } }\n",
    )
    const reading = await loadRoutes(file)
    expect(reading.ok ? [] : reading.findings).toMatchObject([
      { path: '/b/get/operationId', file: join(folder, 'a.yaml'), line: 4 },
    ])
  })

  test.each([
    ['an empty file', ''],
    ['a list', '- 1'],
    ['broken YAML', 'a: [1'],
    ['a name given twice', 'openapi: 3.1.0\nopenapi: 3.1.0'],
    [
      'aliases that explode',
      `a: &a [x]\n${'bcdefghij'
        .split('')
        .map((name, index) => `${name}: &${name} [${`*${'abcdefghi'[index]},`.repeat(9)}]`)
        .join('\n')}`,
    ],
  ])('%s is refused', (_, text) => {
    expect(read(text).errors.length).toBeGreaterThan(0)
  })

  test('a file that is not there is a finding', async () => {
    expect(await loadRoutes('/nowhere/openapi.yaml')).toMatchObject({
      ok: false,
      findings: [{ file: '/nowhere/openapi.yaml' }],
    })
  })
})

test('a document of somebody else’s need not be perfect: names are made from what is there', () => {
  const foreign = `
openapi: 3.0.0
info: { title: Theirs }
paths:
  /users/{id}/orders:
    get: { responses: { '200': {} } }
    post: { operationId: post-users-orders, responses: { '201': {} } }
  /users/{user}/orders:
    get: { operationId: again, responses: { '200': {} } }
  /status: { get: { operationId: 42, responses: { '200': {} } } }
  /a: { get: { operationId: same, responses: { '200': {} } } }
  /b: { get: { operationId: same, responses: { '200': {} } } }`
  expect(read(foreign).errors).not.toEqual([])
  const reading = read(foreign, { foreign: true })
  expect(reading.ok).toBe(true)
  expect(namesOf(reading)).toEqual(['getUsersByIdOrders', 'postUsersOrders', 'getStatus', 'same', 'getB'])
})

test('names that become the same by what is no letter are told apart', () => {
  const foreign = `
openapi: 3.0.0
info: { title: Theirs }
paths:
  /a: { get: { operationId: get-b, responses: { '200': {} } } }
  /b: { get: { operationId: getB, responses: { '200': {} } }, post: { operationId: get.b, responses: {} } }`
  const names = namesOf(read(foreign, { foreign: true }))
  expect(names).toEqual(['getB', 'getB_2', 'postB'])
})

test('what cannot be routed is left out of somebody else’s document, and told', () => {
  const foreign = `
openapi: 3.0.0
info: { title: Theirs }
paths:
  /a/{id}.csv: { get: { operationId: csv, responses: { '200': {} } } }
  /b: { trace: { operationId: trace, responses: {} }, get: { operationId: b, responses: { '200': {} } } }`
  expect(read(foreign).errors).toHaveLength(2)
  const reading = read(foreign, { foreign: true })
  expect(namesOf(reading)).toEqual(['b'])
  expect(reading.warnings.filter((one) => one.endsWith('left out'))).toEqual([
    '/paths/~1a~1{id}.csv/get: /a/{id}.csv must begin with /, and each segment must be a literal or one {parameter}: it is left out',
    '/paths/~1b/trace: TRACE /b: this method is never routed: it is left out',
  ])
})

describe('contracts of other formats', () => {
  const api = (resources: object) =>
    JSON.stringify({
      name: 'Shop',
      base_url: 'https://shop.test/v1',
      models: { item: { fields: [{ name: 'id', type: 'string' }] } },
      resources: { item: { operations: resources } },
    })

  test('are routed: of api.json, whose operations have no names, by names made of method and path', () => {
    const { routes, errors } = read(
      api([{ method: 'GET', path: '/:id' }, { method: 'DELETE', path: '/:key' }, { method: 'POST' }]),
      { file: 'api.json' },
    )
    expect(errors).toEqual([])
    expect(routes).toEqual([
      { method: 'GET', path: '/items/{id}', operationId: 'getItemsById', anonymous: false },
      { method: 'DELETE', path: '/items/{key}', operationId: 'deleteItemsByKey', anonymous: false },
      { method: 'POST', path: '/items', operationId: 'postItems', anonymous: false },
    ])
  })

  test('must be routable, too', () => {
    const operations = [
      { method: 'GET', path: '/:id' },
      { method: 'GET', path: '/:key' },
      { method: 'GET', path: '/:id.csv' },
      { method: 'TRACE', path: '/:id' },
    ]
    expect(read(api(operations), { file: 'api.json' }).errors).toEqual([
      '/resources/item/operations/3: TRACE /items/{id}: this method is never routed',
      '/resources/item/operations/1: GET /items/{key} cannot be told from GET /items/{id}',
      '/resources/item/operations/2: /items/{id}.csv must begin with /, and each segment must be a literal or one {parameter}',
    ])
  })

  test('a base path is not looked at, as servers are not', () => {
    const { routes } = read(`
swagger: '2.0'
info: { title: T }
host: t.test
basePath: /v1
security: []
paths: { /a: { get: { operationId: a, responses: { '200': { description: '' } } } } }`)
    expect(routes).toEqual([{ method: 'GET', path: '/a', operationId: 'a', anonymous: true }])
  })
})

test('of operations alone those are routed that can be, each under a name of its own', () => {
  const outline = (method: string, path: string, more: Partial<OperationOutline> = {}) => ({
    id: 'one',
    isNamed: true,
    method,
    path,
    security: null,
    ...more,
  })
  const routes = routesOfOutline([
    outline('GET', '/{organization}/items', { id: 'list-items' }),
    outline('POST', '/{organization}/items', { security: [] }),
    outline('PUT', '/{organization}/items', { security: [{ key: [] }] }),
    outline('GET', '/{other}/items', { id: 'again' }),
    outline('TRACE', '/{organization}/items', { id: 'trace' }),
    outline('GET', '/{organization}/{a}.{b}', { id: 'wide' }),
    outline('GET', '/.rockpool/events', { id: 'ours' }),
  ])
  expect(routes).toEqual([
    { method: 'GET', path: '/{organization}/items', operationId: 'listItems', anonymous: false },
    { method: 'POST', path: '/{organization}/items', operationId: 'one', anonymous: true },
    {
      method: 'PUT',
      path: '/{organization}/items',
      operationId: expect.not.stringMatching(/^one$/),
      anonymous: false,
    },
  ])
})

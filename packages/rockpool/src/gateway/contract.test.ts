import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/gateway.ts'
import { loadContract, readContract, routesOf } from './contract.ts'

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

function findingsOf(text: string): string[] {
  const reading = readContract(text)
  return reading.ok ? [] : reading.findings.map(({ path, message }) => `${path}: ${message}`)
}

describe('a valid contract', () => {
  const reading = readContract(good)
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings))

  test('gives its routes', () => {
    expect(routesOf(reading.contract)).toEqual([
      { method: 'GET', path: '/{organization}/items', operationId: 'listItems', anonymous: true },
      { method: 'POST', path: '/{organization}/items', operationId: 'createItem', anonymous: false },
      { method: 'GET', path: '/{organization}/items/{id}', operationId: 'getItem', anonymous: true },
    ])
  })

  test('gives what a caller by operationId has to know', () => {
    const [list, create] = reading.contract.operations
    expect(list).toMatchObject({ summary: 'List what is on sale', body: null, answers: ['200'] })
    expect(list!.parameters).toEqual([
      { name: 'limit', in: 'query', required: false },
      { name: 'organization', in: 'path', required: true },
    ])
    expect(create).toMatchObject({
      body: { required: true, contentTypes: ['application/json'] },
      answers: ['201', '4XX'],
    })
  })

  test('may be JSON, and OpenAPI 3.0', () => {
    const document = {
      openapi: '3.0.3',
      info: { title: 'T' },
      paths: { '/a': { get: { operationId: 'a', responses: { 200: {} } } } },
    }
    expect(readContract(JSON.stringify(document))).toMatchObject({ ok: true })
  })
})

describe('whether a call needs a credential', () => {
  /** Whether the one operation may be called without one. `root`, `own`: what the document and the operation say. */
  const opens = (root: string, own: string) => {
    const reading = readContract(`
openapi: 3.1.0
info: { title: T }
${root}
paths: { /a: { get: { operationId: a, ${own} responses: { '200': {} } } } }`)
    if (!reading.ok) return reading.findings.map(({ path, message }) => `${path}: ${message}`).join()
    return reading.contract.operations[0]!.anonymous
  }
  const list = 'must be a list of objects; an empty list says that no credential is needed'

  // OpenAPI 3.1, 4.8.1 and 4.8.10: the document's is the default, an operation's own counts instead of it.
  test.each([
    ['nothing is said', '', '', false],
    ['the document asks for one', 'security: [{ key: [] }]', '', false],
    ['the operation asks for one', '', 'security: [{ key: [] }],', false],
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
    ['the document says yes', 'security: yes', '', `security: ${list}`],
    ['the document says nothing after the name', 'security:', '', `security: ${list}`],
    ['the document says {}', 'security: {}', '', `security: ${list}`],
    ['a requirement is null', '', 'security: [null],', `paths./a.get.security: ${list}`],
    ['a requirement is a list', '', 'security: [[]],', `paths./a.get.security: ${list}`],
  ])('%s', (_, root, own, expected) => expect(opens(root, own)).toBe(expected))

  test('somebody else’s document that says it wrongly is read, and opens nothing', () => {
    const text = `
openapi: 3.1.0
info: { title: T }
security: {}
paths: { /a: { get: { operationId: a, responses: { '200': {} } } } }`
    const reading = readContract(text, undefined, { foreign: true })
    expect(reading.ok && reading.contract.operations[0]!.anonymous).toBe(false)
  })
})

describe('findings', () => {
  test('come all at once, with their paths', () => {
    const text = `
openapi: 2.0
info: {}
paths:
  items: {}
  /.rockpool/events: {}
  /{a}/x/{a}: {}
  /{organization}/items/{id}:
    get: { operationId: 'get item', responses: { '200': {} } }
    trace: {}
  /{org}/items/{item}:
    parameters: [{ name: org, in: path }, { $ref: 'other.yaml#/x' }, { $ref: '#/nothing' }, { $ref: '#/components/loop' }]
    post: { operationId: one, parameters: [{ name: ghost, in: path, required: true }], security: yes, requestBody: {} }
    put: { operationId: one, responses: { '200': {} } }
components: { loop: { $ref: '#/components/loop' } }
`
    expect(findingsOf(text)).toEqual(
      expect.arrayContaining([
        'openapi: must be a version 3.0.x or 3.1.x',
        'info.title: must be a text',
        'paths.items: must begin with /, and each segment must be a literal or one {parameter}',
        'paths./.rockpool/events: paths below /.rockpool are Rockpool’s own',
        'paths./{a}/x/{a}: names the parameter a twice',
        'paths./{organization}/items/{id}.get.operationId: must be a name of letters, digits and _: checks and clients call the operation by it',
        'paths./{organization}/items/{id}.get: the path parameter organization is not declared',
        'paths./{organization}/items/{id}.trace: this method is never routed',
        'paths./{org}/items/{item}: cannot be told from /{organization}/items/{id}',
        'paths./{org}/items/{item}.parameters.0: a path parameter must be required: true',
        'paths./{org}/items/{item}.parameters.1: $ref must lead to a place in the same document, such as #/components/parameters/Id',
        'paths./{org}/items/{item}.parameters.2: $ref leads to nothing',
        'paths./{org}/items/{item}.parameters.3: $ref leads in a circle',
        'paths./{org}/items/{item}.post.parameters: the path has no {ghost}',
        'paths./{org}/items/{item}.post.security: must be a list of objects; an empty list says that no credential is needed',
        'paths./{org}/items/{item}.post.responses: must name at least one answer',
        'paths./{org}/items/{item}.post.requestBody.content: must name at least one media type',
        'paths./{org}/items/{item}.put.operationId: one is already at POST /{org}/items/{item}',
      ]),
    )
  })

  test('name the file and the line', async () => {
    const file = join(temporaryFolder(), 'openapi.yaml')
    await writeFile(
      file,
      'openapi: 3.1.0\ninfo: { title: T }\npaths:\n  /a:\n    get:\n      responses: { 200: {} }\n',
    )
    const reading = await loadContract(file)
    expect(reading.ok ? [] : reading.findings).toMatchObject([
      { path: 'paths./a.get.operationId', file, line: 6 },
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
    expect(findingsOf(text).length).toBeGreaterThan(0)
  })

  test('a file that is not there is a finding', async () => {
    expect(await loadContract('/nowhere/openapi.yaml')).toMatchObject({
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
  expect(findingsOf(foreign)).not.toEqual([])
  const reading = readContract(foreign, undefined, { foreign: true })
  expect(reading.ok && routesOf(reading.contract).map(({ operationId }) => operationId)).toEqual([
    'getUsersByIdOrders',
    'postUsersOrders',
    'getStatus',
    'same',
    'getB',
  ])
})

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { everything } from '../../../../test/support/contract-with-everything.ts'
import { realDocument } from '../../../../test/support/contracts.ts'
import { count, limitMs } from '../../../../test/support/counts.ts'
import { documentsOf, onlyRule, settingsOf, whole } from '../../../../test/support/lint.ts'
import { differencesOf } from '../../differences/index.ts'
import { readDocuments } from '../../load.ts'
import { readContract } from '../../read.ts'
import type { Contract, Json, JsonObject } from '../../types.ts'
import { gatherHouse } from '../gather.ts'
import type { LintSettings } from '../types.ts'
import { fixDocuments } from './fix.ts'

const settings = settingsOf({ extends: ['recommended', 'house'], rules: { 'path-case': 'off' } })

function fixed(text: string, by: LintSettings, name = 'api.yaml') {
  const { files, findings, documents } = fixDocuments(documentsOf({ [name]: text }), by)
  const reading = readDocuments(documents)
  const left = reading.ok ? gatherHouse(reading.contract, by).map(({ finding }) => finding) : []
  return { text: files.get(name)?.after ?? text, count: findings.length, left }
}

function contractIn(text: string): Contract {
  const reading = readContract(text, { file: 'api.yaml' })
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings))
  return reading.contract
}

const head = 'openapi: 3.1.0\ninfo: { title: T, version: "1" }\n'
const operation = (parameters: string) =>
  `${head}paths:\n  /a:\n    get:\n      parameters:\n${parameters}\n      responses: {}\n`
const described = onlyRule('parameter-descriptions')
const ordered = onlyRule('parameter-order')
const worded = onlyRule('inclusive-words')
const events = onlyRule('event-fields')

test.each<[string, LintSettings, string, string]>([
  [
    'a description on a line of its own is taken away with what stands beside it',
    described,
    operation(`        - name: limit # how many
          # said elsewhere
          description: >-
            How many
            of them # no comment

          in: query # where
          schema: { type: integer }`),
    operation(`        - name: limit # how many
          # said elsewhere

          in: query # where
          schema: { type: integer }`),
  ],
  [
    'what stands first behind a dash gives its place to what follows',
    described,
    operation(`        - description: How many
          name: limit
          in: query`),
    operation(`        - name: limit
          in: query`),
  ],
  [
    'between brackets the comma goes along, first or last',
    described,
    operation(`        - { description: How many, name: limit, in: query }
        - { name: offset, in: query, description: "From {where}, on" }`),
    operation(`        - { name: limit, in: query }
        - { name: offset, in: query }`),
  ],
  [
    'parameters change places with their comments, and nothing else moves',
    ordered,
    operation(`        - { name: sort, in: query } # by what
        - { name: limit,   in: query }
        # whose
        - name: name
          in: query # here
        # from where
        - $ref: '#/x'`).replace(
      "        # from where\n        - $ref: '#/x'",
      '        - { name: X, in: header }',
    ),
    operation(`        # whose
        - name: name
          in: query # here
        - { name: limit,   in: query }
        - { name: sort, in: query } # by what
        - { name: X, in: header }`),
  ],
  [
    'fields come into their order, with the lines above them',
    events,
    `${head}components:
  schemas:
    A:
      properties:
        id: { type: string }
        # when
        timestamp:
          type: string

        event_id: { type: string } # of this
      type: object
`,
    `${head}components:
  schemas:
    A:
      properties:
        event_id: { type: string } # of this
        # when
        timestamp:
          type: string

        id: { type: string }
      type: object
`,
  ],
  [
    'words of descriptions are replaced in whatever way they are quoted, in their case, and names are left',
    worded,
    `${head}components:
  schemas:
    whitelist:
      description: |
        Whitelist, "whitelist"
        and WHITELIST
      properties:
        a: { type: string, description: 'it''s a blacklist' }
`,
    `${head}components:
  schemas:
    whitelist:
      description: |
        Allowlist, "allowlist"
        and ALLOWLIST
      properties:
        a: { type: string, description: 'it''s a denylist' }
`,
  ],
])('%s', async (_, by, before, after) => {
  const { text } = fixed(before, by)
  expect(text).toBe(after)
  expect(differencesOf(contractIn(before), contractIn(text))).toEqual([])
})

test('JSON keeps its indentation, its line ends and the order of all else', async () => {
  const parameters = [
    { name: 'limit', in: 'query', description: 'a \\" , } ] whitelist' },
    { in: 'query', description: 'How', name: 'id' },
  ]
  const json = (of: object) =>
    JSON.stringify(
      whole({ paths: { '/a': { get: { parameters: of as Json, responses: {} } } } }),
      null,
      '\t',
    ).replaceAll('\n', '\r\n')
  const { text, left } = fixed(json(parameters), settings, 'api.json')
  expect(text).toBe(
    json([
      { in: 'query', name: 'id' },
      { name: 'limit', in: 'query' },
    ]),
  )
  expect(left.filter(({ fixable }) => fixable)).toEqual([])
})

test.each<[string, LintSettings, string]>([
  [
    'an anchor that would come after what names it',
    ordered,
    operation(
      `        - { name: limit, in: query, schema: &s { type: string } }\n        - { name: id, in: query, schema: *s }`,
    ),
  ],
  [
    'what an alias repeats elsewhere',
    described,
    `${head}paths:\n  /a: &a\n    get: { parameters: [&p { name: limit, in: query, description: A }], responses: {} }\n  /b: { get: { parameters: [*p], responses: {} } }\n`,
  ],
  [
    'parameters of which some stand elsewhere',
    ordered,
    `${operation(`        - { $ref: '#/components/parameters/limit' }\n        - { name: id, in: query }`)}components: { parameters: { limit: { name: limit, in: query } } }\n`,
  ],
  [
    'a comment between brackets',
    described,
    operation(`        - { name: limit, # how many\n            description: A, in: query }`),
  ],
  [
    'a comment above the first, which may be about all of them',
    ordered,
    operation(`        # of pages\n        - { name: limit, in: query }\n        - { name: id, in: query }`),
  ],
  [
    'a word that a text spells with escapes',
    worded,
    `${head}components: { schemas: { A: { description: "white\\u006cist" } } }\n`,
  ],
])('%s is found, and left as it is', async (_, by, text) => {
  const after = fixed(text, by)
  expect([after.text, after.count]).toEqual([text, 0])
  expect(after.left.length).toBeGreaterThan(0)
})

test('a fix that changes the contract is not made, and the others are', async () => {
  // A merge key: taking the name away lets what is merged through.
  const before = operation(`        - <<: { in: query, description: Merged }
          name: limit
          description: Own
        - { name: offset, in: query, description: From }`)
  const { text, count: made } = fixed(before, described)
  expect(made).toBe(1)
  expect(text).toBe(before.replace(', description: From', ''))
})

test('a document that is spread over files is mended where each part stands', async () => {
  const documents = documentsOf({
    'api.yaml': `${head}paths:\n  /a:\n    $ref: 'a.json'\n`,
    'a.json':
      '{"get": {"parameters": [{"name": "limit", "in": "query", "description": "x"}], "responses": {}}}',
  })
  const { files } = fixDocuments(documents, described)
  expect([...files]).toEqual([
    [
      'a.json',
      {
        before: expect.any(String),
        after: '{"get": {"parameters": [{"name": "limit", "in": "query"}], "responses": {}}}',
      },
    ],
  ])
})

test.each(['stripe-2022-04-12.json', 'flow-service.json', 'apibuilder-api.json'])(
  '%s: hundreds of findings are mended, the contract stays, and nothing is left to mend',
  { timeout: 120_000 },
  async (name) => {
    const { file, isHere } = realDocument(name)
    if (!isHere) return
    const text = readFileSync(file, 'utf8')
    const after = fixed(text, settings, 'api.json')
    expect(after.count).toBeGreaterThan(30)
    expect(after.left.filter(({ fixable }) => fixable)).toEqual([])
    expect(differencesOf(contractIn(text), contractIn(after.text))).toEqual([])
  },
)

const parameters = fc.uniqueArray(
  fc.constantFrom('id', 'q', 'limit', 'offset', 'sort', 'expand', 'a', 'b', 'c'),
)
const names = fc.uniqueArray(
  fc.constantFrom('event_id', 'timestamp', 'organization', 'number', 'id', 'a', 'b'),
)
const words = fc.constantFrom('', 'Whitelist', 'a blacklist: #1, {x} - "y"', 'plain')

test(
  'whatever the order and the notation, the contract is the same afterwards, and a second time nothing changes',
  { timeout: limitMs(60_000) },
  async () => {
    await fc.assert(
      fc.asyncProperty(parameters, names, words, fc.boolean(), async (query, fields, description, isYaml) => {
        const part: JsonObject = {
          ...everything,
          paths: {
            '/a': {
              get: { parameters: query.map((name) => ({ name, in: 'query', description })), responses: {} },
            },
          },
          components: {
            schemas: {
              x_upserted: {
                type: 'object',
                description,
                properties: Object.fromEntries(fields.map((name) => [name, { type: 'string', description }])),
              },
            },
          },
        }
        const { stringify } = await import('yaml')
        const text = isYaml ? stringify(part) : JSON.stringify(part, null, 2)
        const once = fixed(text, settings)
        expect(differencesOf(contractIn(text), contractIn(once.text))).toEqual([])
        expect(once.left.filter(({ fixable }) => fixable)).toEqual([])
        expect(fixed(once.text, settings).text).toBe(once.text)
      }),
      { numRuns: count('lintFixes', 60) },
    )
  },
)

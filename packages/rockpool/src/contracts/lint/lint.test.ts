import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { realDocument } from '../../../test/support/contracts.ts'
import { documentsOf, lintText, settingsOf, whole } from '../../../test/support/lint.ts'
import { loadDocuments } from '../load.ts'
import type { JsonObject } from '../types.ts'
import { commonRules } from './common/table.ts'
import { lintDocuments } from './lint.ts'

const recommended = settingsOf({})
const everyRule = settingsOf({
  extends: ['recommended', 'house'],
  rules: Object.fromEntries(commonRules.map(({ id }) => [id, 'warn'])),
})

test('every common rule is one of the package that applies them', async () => {
  const { createConfig } = await import('@redocly/openapi-core')
  const { rules } = await createConfig({ extends: ['all'] })
  const known = new Set(Object.values(rules).flatMap((of) => Object.keys(of as object)))
  expect(commonRules.map(({ id }) => id).filter((id) => !known.has(id))).toEqual([])
})

const misspelt: JsonObject = {
  servers: [{ url: 'https://shop.test/' }],
  paths: { '/a': { get: { sumary: 'A', security: [], responses: { '200': { description: '' } } } } },
  components: { schemas: { Unused: { type: 'object' } } },
}

test('common rules know file, line and place, in JSON and in YAML alike', async () => {
  for (const text of [JSON.stringify(whole(misspelt), null, 2), stringify(whole(misspelt))]) {
    const { findings } = await lintText(text, recommended)
    const lines = text.split('\n')
    const wordIn = (line: number) => /\w+/.exec(lines[line - 1]!)![0]
    expect(findings.map(({ rule, path, line }) => `${rule} ${path} ${wordIn(line!)}`).toSorted()).toEqual([
      'no-server-trailing-slash /servers/0/url url',
      'no-unused-components /components/schemas/Unused Unused',
      'struct /paths/~1a/get/sumary sumary',
    ])
  }
})

test.each(['openapi: 3.0', 'openapi: "3.1"', 'openapi: 3.2', 'swagger: 2.0'])(
  'common rules are applied to a document that says %s',
  async (version) => {
    const paths = '{/a: {get: {sumary: A, responses: {200: {description: ok}}}}}'
    const { findings } = await lintText(
      `${version}\ninfo: {title: A, version: "1"}\npaths: ${paths}\n`,
      recommended,
    )
    const told = findings.map(({ rule, path, line }) => `${rule} ${path} ${line}`)
    expect(told).toContain('struct /paths/~1a/get/sumary 3')
    expect(told.filter((one) => /^(?:common|struct \/(?:openapi|swagger))/.test(one))).toEqual([])
  },
)

test('what stands in another file is told with that file', async () => {
  const documents = documentsOf({
    'api/openapi.yaml': stringify(whole({ paths: { '/a': { $ref: '../paths/a.json' } } })),
    'paths/a.json': JSON.stringify({
      get: { sumary: 'A', security: [], responses: { '200': { description: '' } } },
    }),
  })
  const { findings } = await lintDocuments(documents, recommended)
  expect(findings).toMatchObject([{ rule: 'struct', file: 'paths/a.json', path: '/get/sumary', line: 1 }])
})

test('what is not read is led to by some: the rules are applied to all else', async () => {
  const examples = { big: { externalValue: 'https://example.test/big.json' } }
  const content = { 'application/json': { schema: { type: 'object' }, examples } }
  const paths = {
    '/a': {
      get: {
        sumary: 'A',
        security: [],
        responses: { '200': { description: '', content } },
        'x-samples': [{ $ref: 'samples/absent.yaml' }],
      },
    },
  }
  const { findings } = await lintText(JSON.stringify(whole({ paths })), recommended)
  expect(findings.map(({ rule, path }) => `${rule} ${path}`)).toEqual(['struct /paths/~1a/get/sumary'])
})

test('nothing is told twice: neither what the reader tells, nor what a rule of the house asks for in every format', async () => {
  const document = whole({
    paths: {
      '/a/': { get: { responses: 3, parameters: [{ name: 'x', in: 'query', required: 'true' }] } },
      '/b/{id}': { get: { security: [] } },
      '/b/{name}': { get: { security: [] } },
    },
    components: { schemas: { A: { type: 'object', properties: { a: { nullable: true, required: true } } } } },
  })
  const { findings } = await lintText(JSON.stringify(document, null, 2), recommended)
  const struct = findings.filter(({ rule }) => rule === 'struct').map(({ path }) => path)
  const read = new Set(findings.filter(({ rule }) => rule === 'reader').map(({ path }) => path))
  expect(struct.filter((path) => read.has(path))).toEqual([])
  expect(findings.filter(({ rule }) => /slash/.test(rule))).toHaveLength(1)
  expect(findings.filter(({ rule }) => /distinct|identical/.test(rule))).toHaveLength(1)
})

test('documents of API Builder have no common rules, and one that cannot be used has the reader’s findings alone', async () => {
  const api = {
    name: 'A',
    apidoc: { version: '1' },
    models: { a: { fields: [{ name: 'id', type: 'string' }] } },
  }
  expect((await lintText(JSON.stringify(api), everyRule, 'api.json')).findings).toEqual([])
  const { findings, reading } = await lintText('openapi: 3.1.0\npaths: 3\n', everyRule)
  expect(reading.ok).toBe(false)
  expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set(['reader']))
})

test('nothing is fetched from the network, whatever a document names', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url!)
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  const document = whole({
    jsonSchemaDialect: `${url}/dialect`,
    paths: {
      '/a': {
        get: {
          responses: {
            '200': {
              description: '',
              content: {
                'application/json': {
                  examples: { a: { externalValue: `${url}/example` }, b: { $ref: `${url}/ref` } },
                },
              },
            },
          },
        },
      },
    },
    components: {
      schemas: {
        A: { $id: `${url}/id`, discriminator: { propertyName: 'a', mapping: { a: `${url}/mapping` } } },
      },
    },
  })
  await lintText(JSON.stringify(document), everyRule)
  await lintText(JSON.stringify(document).replace(`{"$ref":"${url}/ref"}`, '{}'), everyRule)
  expect(asked).toEqual([])
})

test('common rules are applied to a document with a flow for devices', async () => {
  const [deviceAuthorizationUrl, tokenUrl] = ['https://shop.test/device', 'https://shop.test/token']
  const flows = { deviceAuthorization: { deviceAuthorizationUrl, tokenUrl, scopes: { read: 'Read' } } }
  const components = { securitySchemes: { device: { type: 'oauth2', flows } } }
  const { findings } = await lintText(JSON.stringify(whole({ openapi: '3.2.0', components })), recommended)
  expect(findings.map(({ rule }) => rule)).toEqual(['no-unused-components'])
})

test('findings are sorted by place, and a rule told as an error is one', async () => {
  const settings = settingsOf({ extends: 'house', rules: { 'path-case': 'error' } })
  const text = stringify(
    whole({ paths: { '/a': { get: { responses: {} } }, '/B': { get: { responses: {} } } } }),
  )
  const { findings } = await lintText(text, settings)
  const lines = findings.map(({ line }) => line!)
  expect(lines).toEqual(lines.toSorted((one, other) => one - other))
  expect(findings.filter(({ level }) => level === 'error').map(({ rule }) => rule)).toEqual(['path-case'])
})

test.each([
  'petstore.yaml',
  'adyen-checkout70.json',
  'stripe-2017-09-05.json',
  'stripe-2022-04-12.json',
  'flow-service.json',
  'apibuilder-api.json',
  'apibuilder-spec.json',
])(
  '%s: every rule there is takes seconds, and every finding has its place',
  { timeout: 120_000 },
  async (name) => {
    const { file, isHere } = realDocument(name)
    if (!isHere) return
    const started = performance.now()
    const { findings } = await lintDocuments(await loadDocuments(file), everyRule)
    expect(performance.now() - started).toBeLessThan(60_000)
    expect(findings.filter(({ rule }) => rule === 'common')).toEqual([])
    expect(findings.length).toBeGreaterThan(0)
    for (const { line, file: of, path } of findings)
      expect([of, line, path]).toEqual([file, expect.any(Number), expect.any(String)])
  },
)

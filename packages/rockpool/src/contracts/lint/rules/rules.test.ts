import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { lintCases } from '../../../../test/support/lint-cases.ts'
import { documentsOf, lintText, onlyRule, settingsOf, whole } from '../../../../test/support/lint.ts'
import { toOpenApi } from '../../export/openapi.ts'
import { readContract } from '../../read.ts'
import type { JsonObject } from '../../types.ts'
import { fixDocuments } from '../fix/fix.ts'
import { houseRules } from './index.ts'

const asJson = (part: JsonObject) => JSON.stringify(whole(part), null, 2)
const asYaml = (part: JsonObject) => stringify(whole(part), { aliasDuplicateObjects: false })

test('every rule has a case, and every case a rule', () => {
  expect(Object.keys(lintCases).toSorted()).toEqual(houseRules.map(({ id }) => id).toSorted())
})

test.each(Object.entries(lintCases))(
  '%s: finds what is bad, at its place, and nothing in what is good',
  async (id, { good, bad, at, options }) => {
    const settings = onlyRule(id, options)
    const ofRule = async (text: string) =>
      (await lintText(text, settings)).findings.filter(({ rule }) => rule !== 'reader')
    expect(await ofRule(asJson(good))).toEqual([])
    const found = await ofRule(asJson(bad))
    expect(found.map(({ rule, path }) => ({ rule, path }))).toEqual(at.map((path) => ({ rule: id, path })))
    for (const { line, file } of found) expect([file, line]).toEqual(['api.yaml', expect.any(Number)])
  },
)

test.each(Object.entries(lintCases))(
  '%s: says the same of JSON and of YAML, each with its line',
  async (id, { bad, options }) => {
    const settings = onlyRule(id, options)
    const [json, yaml] = await Promise.all([asJson(bad), asYaml(bad)].map((text) => lintText(text, settings)))
    const told = ({ findings }: typeof json & object) =>
      findings.map((finding) => ({ ...finding, line: undefined }))
    expect(told(yaml!)).toEqual(told(json!))
    const lines = asYaml(bad).split('\n')
    for (const { line, path } of yaml!.findings) {
      const name = path.split('/').at(-1)!.replaceAll('~1', '/')
      if (!/^\d+$/.test(name)) expect(lines.slice(line! - 2, line).join('\n')).toContain(name)
    }
  },
)

test('a rule that says that it mends mends its case, and no other says so', () => {
  const mending = houseRules.filter(({ id }) => {
    const { bad, options } = lintCases[id]!
    return fixDocuments(documentsOf({ 'api.json': asJson(bad) }), onlyRule(id, options)).files.size > 0
  })
  expect(mending.map(({ id }) => id)).toEqual(houseRules.filter(({ fixes }) => fixes).map(({ id }) => id))
})

const service = {
  name: 'Shop',
  apidoc: { version: '0.16.50' },
  attributes: [],
  models: {
    order: {
      fields: [
        { name: 'id', type: 'long' },
        { name: 'organisation', type: 'string' },
      ],
    },
    order_upserted: {
      fields: [
        { name: 'timestamp', type: 'string' },
        { name: 'event_id', type: 'string' },
      ],
    },
    order_error: { fields: [{ name: 'code', type: 'string' }], attributes: [{ name: 'unheard', value: {} }] },
  },
  unions: { expandable_order: { types: [{ type: 'order' }] } },
  resources: {
    order: {
      operations: [
        {
          method: 'GET',
          path: '/:id',
          parameters: [
            { name: 'sort', type: 'string', description: 'How' },
            { name: 'limit', type: 'long' },
            { name: 'envelope', type: '[string]' },
          ],
        },
      ],
    },
  },
}

test('API Builder’s words are judged as those of OpenAPI are, at their own places', async () => {
  const { apidoc: _, attributes: __, ...rest } = service
  const text = JSON.stringify({ ...rest, apidoc: { version: '0.16.50' } }, null, 2)
  const { findings } = await lintText(text, settingsOf({ extends: 'house' }), 'api.json')
  const told = findings.map(({ rule, path }) => `${rule} ${path}`)
  expect(told).toEqual(
    expect.arrayContaining([
      'field-types /models/order/fields/0',
      'preferred-names /models/order/fields/1',
      'event-fields /models/order_upserted',
      'event-twins /models/order_upserted',
      'error-codes /models/order_error/fields/0',
      'attributes-known /models/order_error/attributes',
      'expandable-types /unions/expandable_order',
      'parameter-descriptions /resources/order/operations/0/parameters/0/description',
      'parameter-limit /resources/order/operations/0/parameters/1',
      'reserved-parameters /resources/order/operations/0/parameters/2/name',
      'list-bounds /resources/order/operations/0/parameters/2',
      'sort-attribute /resources/order/operations/0/parameters/0',
      'collection-get /resources/order/operations/0',
    ]),
  )
})

test('written as OpenAPI, a contract is told the same by the rules of the house', async () => {
  const text = JSON.stringify(service)
  const reading = readContract(text, { file: 'api.json' })
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings))
  const settings = settingsOf({ extends: 'house' })
  const messages = async (of: string, name: string) =>
    (await lintText(of, settings, name)).findings
      .filter(({ rule }) => rule !== 'reader')
      .map(({ rule, message }) => `${rule}: ${message}`)
      .toSorted()
  expect(await messages(JSON.stringify(toOpenApi(reading.contract)), 'openapi.json')).toEqual(
    await messages(text, 'api.json'),
  )
})

test('what many operations share is told once', async () => {
  const parameter = { name: 'limit', in: 'query', schema: { type: 'string' } }
  const shared = { get: { parameters: [{ $ref: '#/components/parameters/limit' }], responses: {} } }
  const text = asJson({
    paths: { '/a': shared, '/b': shared },
    components: { parameters: { limit: parameter } },
  })
  const { findings } = await lintText(text, onlyRule('parameter-limit'))
  expect(findings.map(({ path }) => path)).toEqual(['/components/parameters/limit'])
})

test('names are compared by their words: PascalCase and camelCase are the same as snake_case', async () => {
  const fields = {
    type: 'object',
    properties: { eventId: { type: 'string' }, id: { type: 'string' }, timestamp: { type: 'string' } },
  }
  const { findings } = await lintText(
    asJson({ components: { schemas: { OrderDeleted: fields } } }),
    onlyRule('event-fields'),
  )
  expect(findings.map(({ message }) => message)).toEqual([
    'OrderDeleted must begin with eventId and timestamp, in this order',
  ])
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { apiWith, readApi } from '../../../test/support/apibuilder.ts'
import { toOpenApi } from '../export/openapi.ts'
import { readContract } from '../read.ts'
import type { Json } from '../types.ts'

const described = { description: 'x', deprecation: {}, attributes: [{ name: 'a', value: {} }] }
const field = { name: 'id', type: 'uuid', ...described }
/** One of each thing that api.json has. */
const everything = {
  ...apiWith(
    {
      method: 'POST',
      path: '/:id',
      parameters: [{ ...field, name: 'q', type: 'role', default: 'a' }],
      body: { type: 'any', ...described },
      responses: {
        200: { type: 'thing', headers: [{ ...field, type: 'string' }] },
        default: { type: 'unit' },
      },
      ...described,
    },
    described,
    {
      name: 'shop',
      base_url: 'https://a.example',
      info: { contact: { name: 'a' }, license: { name: 'MIT' } },
      imports: [{ uri: 'https://a.example/service.json' }],
      headers: [{ ...field, type: 'string' }],
      annotations: { pii: {} },
      enums: { role: { values: [{ name: 'a', value: 'b', ...described }], ...described } },
      interfaces: { named: { fields: [field] } },
      unions: {
        any: { discriminator: 'type', types: [{ type: 'thing' }, { type: 'string', default: true }] },
      },
      templates: {
        models: { timed: { fields: [field] } },
        resources: { crud: { operations: [{ method: 'GET' }] } },
      },
    },
  ),
  models: {
    thing: {
      fields: [{ ...field, minimum: 1, maximum: 2, example: 'x', annotations: ['pii'] }],
      interfaces: ['named'],
      templates: [{ name: 'timed', cast: { x: 'y' } }],
    },
  },
}

/** The same of service.json. */
const writtenOut = {
  name: 'shop',
  apidoc: { version: '1' },
  organization: { key: 'acme' },
  application: { key: 'shop' },
  namespace: 'io.shop.v1',
  version: '1.0.0',
  info: {},
  imports: [{ uri: 'https://a.example/service.json', namespace: 'io.a.v0', models: ['b'], enums: [] }],
  headers: [{ ...field, type: 'string' }],
  enums: [{ name: 'role', plural: 'roles', values: [{ name: 'a' }], ...described }],
  interfaces: [{ name: 'named', plural: 'named', fields: [field] }],
  models: [
    {
      name: 'thing',
      plural: 'things',
      fields: [{ ...field, minimum: 1, default: 'x' }],
      interfaces: ['named'],
    },
    { name: 'other', plural: 'others', fields: [{ name: 'it', type: '[thing]' }] },
  ],
  unions: [
    { name: 'any', plural: 'anies', discriminator: 'type', types: [{ type: 'thing' }, { type: 'inner' }] },
    { name: 'inner', plural: 'inners', discriminator: 'type', types: [{ type: 'other', default: true }] },
    { name: 'plain', plural: 'plains', types: [{ type: 'thing' }, { type: 'string' }] },
  ],
  resources: [
    {
      type: 'thing',
      plural: 'things',
      path: '/things',
      operations: [
        {
          method: 'POST',
          path: '/things/:id',
          parameters: [
            { ...field, location: 'Path' },
            { ...field, name: 'q', location: 'Query' },
            { ...field, name: 'f', location: 'Form' },
          ],
          responses: [
            { code: { integer: { value: 200 } }, type: 'any', headers: [{ ...field, type: 'string' }] },
            { code: { response_code_option: 'Default' }, type: 'plain' },
          ],
        },
      ],
    },
  ],
  annotations: [{ name: 'pii' }],
}

function replaced(value: Json, path: readonly number[], by: Json): Json {
  const [first, ...rest] = path
  if (first === undefined || typeof value !== 'object' || value === null) return by
  const names = Object.keys(value)
  if (names.length === 0) return by
  const name = names[first % names.length]!
  const inner = replaced((value as Record<string, Json>)[name]!, rest, by)
  return Array.isArray(value) ? value.with(Number(name), inner) : { ...value, [name]: inner }
}

const values = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(
    'thing',
    '[thing]',
    'map',
    'any',
    'named',
    'role',
    'unit',
    'io.a.v0.models.b',
    '/:a/:a',
    ':',
    '',
    ' ',
    'GET',
    'value',
    { toString: 1, valueOf: 2, toJSON: 3 },
    JSON.parse('{"__proto__": {"type": "string", "fields": []}, "constructor": []}') as Json,
    { model: 'b', fields: [{ name: 'c', type: { union: 'd', types: [{ type: 'b' }] } }] },
    [{ type: 'thing', fields: [] }],
  ),
)

test.each([
  ['api.json', everything],
  ['service.json', writtenOut],
])(
  'whatever is written in any place of %s, nothing is thrown; and what is accepted is the same once it is written and read again',
  { timeout: 60_000 },
  (_, document) => {
    let accepted = 0
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 9 }), values, (path, value) => {
        const { contract, errors } = readApi(JSON.stringify(replaced(document, path, value)))
        if (contract === undefined) return void expect(errors).not.toEqual([])
        accepted += 1
        const again = readContract(JSON.stringify(toOpenApi(contract)), { file: 'b.json' })
        expect(again.ok && again.contract).toEqual(contract)
      }),
      { numRuns: 500 },
    )
    expect(accepted).toBeGreaterThan(50)
  },
)

describe('bounds', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => index)
  const unions = (count: number, typesOf: (index: number) => object[]) =>
    Object.fromEntries(many(count).map((index) => [`u${index}`, { types: typesOf(index) }]))
  const quickly = (document: object) => {
    const start = performance.now()
    const { errors } = readApi(document)
    expect(performance.now() - start).toBeLessThan(5_000)
    return errors
  }

  test('unions nested thousands deep', () => {
    const errors = quickly({
      models: { m: { fields: [] } },
      unions: unions(3_000, (index) => [{ type: index === 2_999 ? 'm' : `u${index + 1}` }]),
    })
    expect(errors[0]).toBe('/unions/u0/types: unions are nested deeper than 32')
  })

  test('unions that lead to the same ones by ever more ways', () => {
    const errors = quickly({
      models: { m: { fields: [] } },
      unions: unions(60, (index) =>
        index >= 58
          ? [{ type: 'm' }]
          : many(60 - index - 1).map((step) => ({ type: `u${index + 1 + step}` })),
      ),
    })
    expect(errors.some((error) => error.includes('nested deeper'))).toBe(true)
  })

  test('unions that have more types than anybody reads', () => {
    const errors = quickly({
      models: Object.fromEntries(many(500).map((index) => [`m${index}`, { fields: [] }])),
      unions: {
        all: { types: many(500).map((index) => ({ type: `m${index}` })) },
        ...unions(500, () => [{ type: 'all' }]),
      },
    })
    expect(errors.at(-1)).toMatch(/unions have more than 200000 types/)
  })

  test('templates that lead to each other in thousands', () => {
    const models = Object.fromEntries(
      many(2_000).map((index) => [
        `t${index}`,
        { fields: [{ name: `f${index}`, type: 'string' }], templates: [{ name: `t${(index + 1) % 2_000}` }] },
      ]),
    )
    const errors = quickly({
      templates: { models },
      models: { thing: { fields: [], templates: [{ name: 't0' }] } },
    })
    expect(errors[0]).toBe('/models/thing/templates: it uses more than 100 templates')
  })

  test('types within types, and a name as long as a book', () => {
    const name = 'a'.repeat(1_000_000)
    const [deep, long] = quickly({
      models: {
        thing: {
          fields: [
            { name: 'a', type: `${'map['.repeat(5_000)}string${']'.repeat(5_000)}` },
            { name: 'b', type: name },
          ],
        },
      },
    })
    expect(deep).toMatch(/is no type$/)
    expect(long!.length).toBeLessThan(200)
  })
})

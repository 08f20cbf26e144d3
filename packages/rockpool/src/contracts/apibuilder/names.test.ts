import { describe, expect, test } from 'vitest'
import { readApi } from '../../../test/support/apibuilder.ts'

const field = (name: string, type = 'string') => ({ name, type })
const model = (...fields: object[]) => ({ fields })
const values = (...names: string[]) => ({ values: names.map((name) => ({ name })) })

const refused: [rule: string, document: object, errors: string[]][] = [
  [
    'names start with a letter or _, and are made of letters, digits, -, _ and .',
    {
      models: { '1st': model(), 'a b': model(), _ok: model(field('ö'), field('_x'), field('a.b-c_1')) },
      enums: { role: values('$') },
    },
    [
      '/models/1st: the model “1st” must begin with a letter or “_”, and have only letters, digits, “-”, “_” and “.”',
      '/models/a b: the model “a b” must begin with a letter or “_”, and have only letters, digits, “-”, “_” and “.”',
      '/enums/role/values/0: the value “$” must begin with a letter or “_”, and have only letters, digits, “-”, “_” and “.”',
      '/models/_ok/fields/0: the field “ö” must begin with a letter or “_”, and have only letters, digits, “-”, “_” and “.”',
    ],
  ],
  [
    'the name of the service starts with a letter',
    { name: '1', models: {} },
    ['/name: the name “1” must begin with a letter'],
  ],
  [
    'names of types are unique without regard to case, over enums, interfaces, models and unions',
    {
      enums: { Thing: values('a') },
      interfaces: { other: model() },
      models: { thing: model(), other: model() },
      unions: { OTHER: { types: [{ type: 'thing' }] } },
    },
    [
      '/models/thing: “thing” is the name of the enum, too',
      '/models/other: “other” is the name of the interface, too',
      '/unions/OTHER: “OTHER” is an interface, too: the union must list it, or have another name',
    ],
  ],
  [
    'names of fields, values and annotations are unique',
    {
      models: { thing: model(field('userId'), field('user_id')) },
      enums: { role: values('admin', 'Admin') },
      annotations: { pii: {}, PII: {} },
    },
    [
      '/enums/role/values/1: the value “Admin” stands here more than once',
      '/annotations/PII: the annotation “PII” stands here more than once',
      '/models/thing/fields/1: the field “user_id” stands here more than once',
    ],
  ],
  [
    'base_url does not end in /',
    { base_url: 'https://a.example/', models: {} },
    ['/base_url: must not end in “/”'],
  ],
  [
    'unknown keys are refused at every node, all at once',
    {
      namee: 'x',
      info: { licence: {}, license: { name: 'MIT', spdx: 'MIT' } },
      imports: [],
      enums: { role: { values: [{ name: 'a', wire: 'b' }], sort: true } },
      interfaces: { named: { fields: [], types: [] } },
      models: { thing: { fields: [{ name: 'id', type: 'string', maxLength: 3 }], table: 'things' } },
      unions: { any: { types: [{ type: 'thing', weight: 1 }], oneOf: [] } },
      annotations: { pii: { level: 1 } },
      headers: [{ name: 'X-A', type: 'string', minimun: 1 }],
      attributes: [{ name: 'a', value: {}, scope: 'x' }],
      resources: {
        thing: {
          paths: '/x',
          operations: [
            {
              method: 'POST',
              summary: 'x',
              deprecation: { since: '2024' },
              body: { type: 'thing', required: true },
              parameters: [{ name: 'q', type: 'string', in: 'query' }],
              responses: { 200: { type: 'thing', schema: {} } },
            },
          ],
        },
      },
    },
    [
      '/enums/role/sort: “sort” is no member of an enum',
      '/enums/role/values/0/wire: “wire” is no member of an enum value',
      '/interfaces/named/types: “types” is no member of an interface',
      '/models/thing/table: “table” is no member of a model',
      '/models/thing/fields/0/maxLength: “maxLength” is no member of a field',
      '/unions/any/oneOf: “oneOf” is no member of a union',
      '/unions/any/types/0/weight: “weight” is no member of a union type',
      '/resources/thing/paths: “paths” is no member of a resource',
      '/resources/thing/operations/0/summary: “summary” is no member of an operation',
      '/resources/thing/operations/0/deprecation/since: “since” is no member of a deprecation',
      '/resources/thing/operations/0/body/required: “required” is no member of a body',
      '/resources/thing/operations/0/parameters/0/in: “in” is no member of a parameter',
      '/resources/thing/operations/0/responses/200/schema: “schema” is no member of a response',
      '/annotations/pii/level: “level” is no member of an annotation',
      '/headers/0/minimun: “minimun” is no member of a header',
      '/attributes/0/scope: “scope” is no member of an attribute',
      '/info/licence: “licence” is no member of an info',
      '/info/license/spdx: “spdx” is no member of a license',
      '/namee: “namee” is no member of a service',
    ],
  ],
  [
    'what is missing or of the wrong kind is refused, with its place',
    {
      models: {
        thing: { fields: [{ type: 'string' }, { name: 'b' }, 'c', { name: 'd', type: [] }] },
        other: [],
      },
      enums: { role: {} },
      description: 7,
      headers: {},
    },
    [
      '/description: “description” must be a text',
      '/headers: “headers” must be a list',
      '/enums/role: an enum must say “values”',
      '/enums/role: the enum role must have a value',
      '/models/thing/fields/0: a field must say “name”',
      '/models/thing/fields/1: a field must say “type”',
      '/models/thing/fields/2: must be an object',
      '/models/thing/fields/3/type: “type” must be a text or an object',
      '/models/other: must be an object',
      '/models/thing/fields/0: the field “” must begin with a letter or “_”, and have only letters, digits, “-”, “_” and “.”',
    ],
  ],
]

describe('refused', () => {
  test.each(refused)('%s', (_, document, errors) => {
    expect(readApi(document).errors.toSorted()).toEqual(errors.toSorted())
    expect(readApi(document).contract).toBeUndefined()
  })

  test('a JSON key that stands twice', () => {
    const text = '{\n"name": "shop",\n"models": {\n"a": { "fields": [] },\n"a": { "fields": [] } } }'
    const { errors, contract } = readApi(text)
    expect(errors).toEqual(['(the whole): “a” stands here twice'])
    expect(contract).toBeUndefined()
  })
})

test('a union may have the name of an interface that it lists', () => {
  const { contract, errors } = readApi({
    interfaces: { pet: model(field('name')) },
    models: { dog: { fields: [field('name')], interfaces: ['pet'] } },
    unions: { pet: { interfaces: ['pet'], discriminator: 'kind', types: [{ type: 'dog' }] } },
  })
  expect(errors).toEqual([])
  expect([...contract!.schemas.keys()]).toEqual(['interfaces.pet', 'dog', 'pet', 'pet.dog'])
  expect(contract!.schemas.get('interfaces.pet')).toMatchObject({
    properties: { name: { type: 'string' } },
    required: ['name'],
    'x-rockpool-kind': 'interface',
  })
})

test('names that every object inherits are names like others', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']
  const fields = names.map((name) => `{ "name": "${name}", "type": "constructor" }`).join(', ')
  const { contract, errors } = readApi(
    `{ "name": "shop", "enums": { "__proto__": { "values": [{ "name": "__proto__" }, { "name": "toString" }] } },
       "models": { "constructor": { "fields": [${fields}] }, "toString": { "fields": [{ "name": "a", "type": "__proto__", "default": "toString" }] } },
       "unions": { "valueOf": { "discriminator": "hasOwnProperty_", "types": [{ "type": "constructor", "discriminator_value": "__proto__" }] } } }`,
  )
  expect(errors).toEqual([])
  const { schemas } = contract!
  expect([...schemas.keys()]).toEqual([
    '__proto__',
    'constructor',
    'toString',
    'valueOf',
    'valueOf.constructor',
  ])
  const { properties, required } = schemas.get('constructor') as { properties: object; required: string[] }
  expect(Object.keys(properties)).toEqual(names)
  expect(required).toEqual(names)
  expect(schemas.get('toString')).toMatchObject({
    properties: { a: { $ref: '#/components/schemas/__proto__', default: 'toString' } },
  })
  const { discriminator } = schemas.get('valueOf') as { discriminator: { mapping: object } }
  expect(Object.entries(discriminator.mapping)).toEqual([
    ['__proto__', '#/components/schemas/valueOf.constructor'],
  ])
})

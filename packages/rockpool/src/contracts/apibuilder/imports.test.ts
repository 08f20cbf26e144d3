import { describe, expect, test } from 'vitest'
import { apiOf, readApi, schemaNamed } from '../../../test/support/apibuilder.ts'
import type { JsonObject } from '../types.ts'

const field = (name: string, type: string, more: JsonObject = {}): JsonObject => ({
  name,
  type,
  required: true,
  ...more,
})
const uri = 'https://app.apibuilder.io/acme/common/latest/service.json'

const common = {
  name: 'common',
  namespace: 'io.common.v0',
  organization: { key: 'acme' },
  application: { key: 'common' },
  version: '1.0.0',
  info: {},
  imports: [{ uri: 'https://app.apibuilder.io/acme/shop/latest/service.json', namespace: 'io.shop.v0' }],
  enums: [{ name: 'role', plural: 'roles', values: [{ name: 'admin' }] }],
  models: [
    {
      name: 'audit',
      plural: 'audits',
      fields: [field('by', 'user'), field('role', 'role', { default: 'admin' })],
    },
    { name: 'user', plural: 'users', fields: [field('id', 'long'), field('shop', 'io.shop.v0.models.shop')] },
    { name: 'unused', plural: 'unuseds', fields: [] },
  ],
  unions: [
    {
      name: 'party',
      plural: 'parties',
      discriminator: 'type',
      types: [{ type: 'user' }, { type: 'audit' }],
      interfaces: [],
    },
  ],
  interfaces: [{ name: 'named', plural: 'named', fields: [field('name', 'string')] }],
  annotations: [{ name: 'pii' }],
} satisfies JsonObject as JsonObject

const using = (type: string, more: object = {}) => ({
  imports: [{ uri }],
  models: { thing: { fields: [{ name: 'it', type, ...more }] } },
})
const imports = (wanted: string) => (wanted === uri ? common : undefined)
const qualified = 'io.common.v0.models.audit'

describe('an import that is given', () => {
  test('gives its types by their qualified names, and what they refer to', () => {
    const contract = apiOf(using(qualified), { imports })
    expect([...contract.schemas.keys()]).toEqual([
      'thing',
      qualified,
      'io.common.v0.models.user',
      'io.common.v0.enums.role',
      'io.shop.v0.models.shop',
    ])
    expect(schemaNamed(contract, qualified).properties).toEqual({
      by: { $ref: '#/components/schemas/io.common.v0.models.user' },
      role: { $ref: '#/components/schemas/io.common.v0.enums.role', default: 'admin' },
    })
    expect(contract.extensions['x-rockpool-imports']).toEqual([{ uri }])
  })

  test('gives unions with their types', () => {
    const contract = apiOf(using('io.common.v0.unions.party'), { imports })
    expect(schemaNamed(contract, 'io.common.v0.unions.party').discriminator).toEqual({
      propertyName: 'type',
      mapping: {
        user: '#/components/schemas/io.common.v0.unions.party.user',
        audit: '#/components/schemas/io.common.v0.unions.party.audit',
      },
    })
  })

  test('gives interfaces and annotations', () => {
    const document = {
      imports: [{ uri }],
      models: {
        thing: {
          interfaces: ['io.common.v0.interfaces.named'],
          fields: [{ name: 'a', type: 'string', annotations: ['pii'] }],
        },
      },
    }
    expect(readApi(document, { imports }).errors).toEqual([])
  })

  test('types path parameters of a resource that is its model', () => {
    const resources = { 'io.common.v0.models.audit': { operations: [{ method: 'GET', path: '/:role' }] } }
    const contract = apiOf({ ...using('string'), resources }, { imports })
    expect(contract.operations[0]).toMatchObject({
      path: '/audits/{role}',
      parameters: [{ schema: { $ref: '#/components/schemas/io.common.v0.enums.role' } }],
    })
  })

  test('does not have every type', () => {
    expect(readApi(using('io.common.v0.models.nobody'), { imports }).errors).toEqual([
      '/models/thing/fields/0/type: there is no type “io.common.v0.models.nobody”',
    ])
    expect(readApi(using('io.other.v0.models.audit'), { imports }).errors).toEqual([
      '/models/thing/fields/0/type: there is no type “io.other.v0.models.audit”',
    ])
  })

  test('that cannot be read is told where it is imported', () => {
    const broken = (wanted: string) => (wanted === uri ? { ...common, models: {} } : undefined)
    expect(readApi(using('string'), { imports: broken }).errors).toEqual([
      `/imports/0/uri: ${uri} cannot be read: (the whole): “models” must be a list`,
    ])
  })

  test('may import what imports it', () => {
    const contract = apiOf(using(qualified), {
      imports: (wanted) =>
        wanted === uri
          ? common
          : {
              ...common,
              name: 'shop',
              namespace: 'io.shop.v0',
              imports: [{ uri, namespace: 'io.common.v0' }],
              models: [{ name: 'shop', plural: 'shops', fields: [field('audit', qualified)] }],
              unions: [],
            },
    })
    expect(schemaNamed(contract, 'io.shop.v0.models.shop').properties).toEqual({
      audit: { $ref: `#/components/schemas/${qualified}` },
    })
  })
})

describe('an import that is not given', () => {
  test('is told once, however often it is used; its types are objects, and texts where they are enums', () => {
    const types = [qualified, `[${qualified}]`, 'io.common.v0.unions.party', 'io.common.v0.enums.role']
    const fields = types.map((type, index) => ({
      name: `f${index}`,
      type,
      ...(index === 3 ? { default: 'admin' } : {}),
    }))
    const { contract, warnings, errors } = readApi({ imports: [{ uri }], models: { thing: { fields } } })
    expect(errors).toEqual([])
    expect(warnings).toEqual([
      `/imports/0/uri: ${uri} is not given: its types are taken for objects of which nothing is known (nothing is fetched from there without --allow-remote https://app.apibuilder.io)`,
    ])
    expect(schemaNamed(contract!, qualified)).toEqual({ type: 'object', 'x-rockpool-kind': 'unknown model' })
    expect(schemaNamed(contract!, 'io.common.v0.unions.party').type).toBe('object')
    expect(schemaNamed(contract!, 'io.common.v0.enums.role').type).toBe('string')
  })

  test('may say another plural of a resource than the one that is taken for its path', () => {
    const resources = { [qualified]: { operations: [{ method: 'GET' }] } }
    const { contract, warnings } = readApi({ imports: [{ uri }], resources })
    expect(contract!.operations[0]!.path).toBe('/audits')
    expect(warnings[1]).toBe(
      `/resources/${qualified}: it is taken to be at /audits: ${qualified} may have another plural`,
    )
  })

  test('may declare annotations', () => {
    expect(readApi(using('string', { annotations: ['pii'] })).errors).toEqual([])
    expect(readApi({ ...using('string', { annotations: ['pii'] }), imports: [] }).errors).toHaveLength(1)
  })
})

test('a type that is qualified where nothing is imported is refused', () => {
  expect(readApi({ ...using(qualified), imports: [] }).errors).toEqual([
    `/models/thing/fields/0/type: there is no type “${qualified}”`,
  ])
})

test('a service may name its own types in full', () => {
  const { contract, errors } = readApi({
    ...using('io.shop.v0.models.thing'),
    imports: [],
    namespace: 'io.shop.v0',
  })
  expect(errors).toEqual([])
  expect(schemaNamed(contract!, 'thing').properties).toEqual({ it: { $ref: '#/components/schemas/thing' } })
})

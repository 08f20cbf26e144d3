import { expect, test } from 'vitest'
import { contractOf, readDocument, schemaOf } from '../../../test/support/contracts.ts'
import type { Json } from '../types.ts'

const other = { $ref: '#/components/schemas/Other' }

test.each<[string, Json, Json, string | null, string?]>([
  [
    'a pattern as Ruby writes it',
    { pattern: '\\Akite-\\d+\\z' },
    { pattern: '^kite-\\d+$' },
    '\\A and \\z are no ends of a text in ECMA 262: here they are taken for ^ and $',
  ],
  ['a pattern that ends in a backslash and a z', { pattern: '^\\\\z' }, { pattern: '^\\\\z' }, null],
  [
    'a pattern of another language',
    { pattern: '(?i)^kite$' },
    { pattern: '(?i)^kite$' },
    'it is no regular expression of ECMA 262: nothing is refused by it',
  ],
  ['nullable beside a type', { type: 'string', nullable: true }, { type: ['string', 'null'] }, null, '3.0.3'],
  ['nullable: false', { type: 'string', nullable: false }, { type: 'string' }, null, '3.0.3'],
  [
    'nullable beside an enum without null',
    { type: 'string', enum: ['a'], nullable: true },
    { type: ['string', 'null'], enum: ['a', null] },
    'it is nullable: then null belongs to the values of its enum',
    '3.0.3',
  ],
  [
    'nullable without a type',
    { allOf: [other], nullable: true, description: 'd' },
    { description: 'd', anyOf: [{ allOf: [other] }, { type: 'null' }] },
    'nullable counts beside a type only (OpenAPI 3.0.3): here it is taken for “or null”',
    '3.0.3',
  ],
  [
    'nullable in a later version',
    { type: 'integer', nullable: true },
    { type: ['integer', 'null'] },
    'nullable is of OpenAPI 3.0: write the type as ["…", "null"]',
  ],
  [
    'x-nullable of Swagger',
    { type: 'string', 'x-nullable': true },
    { type: ['string', 'null'] },
    null,
    '2.0',
  ],
  [
    'a boolean exclusiveMinimum',
    { minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
    { exclusiveMinimum: 1, maximum: 9 },
    null,
    '3.0.3',
  ],
  [
    'a boolean exclusiveMaximum in 3.1',
    { maximum: 9, exclusiveMaximum: true },
    { exclusiveMaximum: 9 },
    'exclusiveMaximum is a number since OpenAPI 3.1',
  ],
  ['an example', { example: 1 }, { examples: [1] }, null, '3.0.3'],
  ['an example beside examples', { example: 1, examples: [2] }, { examples: [2] }, null],
  [
    'a tuple',
    { items: [{ type: 'string' }], additionalItems: false },
    { prefixItems: [{ type: 'string' }], items: false },
    null,
    '3.0.3',
  ],
  [
    'a tuple in 3.1',
    { items: [{ type: 'string' }] },
    { prefixItems: [{ type: 'string' }] },
    'a list of items is called prefixItems since OpenAPI 3.1',
  ],
  [
    'a list of types in 3.0',
    { type: ['string', 'null'] },
    { type: ['string', 'null'] },
    'a list of types is of OpenAPI 3.1: this document says 3.0',
    '3.0.3',
  ],
  ['a list of one type', { type: ['string'] }, { type: 'string' }, null],
  [
    'null without quotes',
    { type: ['string', null] },
    { type: ['string', 'null'] },
    'type must be "null" in quotes',
  ],
  [
    'a type that is none',
    { type: 'gizmo', title: 't' },
    { title: 't' },
    '"gizmo" is no type: it is left out',
  ],
  [
    'a type of another language',
    { type: 'date' },
    { type: 'string', format: 'date' },
    '"date" is no type: it is taken for string of the format date',
  ],
  [
    'a type in capitals, with a format of its own',
    { type: 'String', format: 'email' },
    { type: 'string', format: 'email' },
    '"String" is no type: it is taken for string',
  ],
  ['a file', { type: 'file' }, { type: 'string', format: 'binary' }, null, '2.0'],
  [
    'required: true of a property',
    { properties: { a: { type: 'string', required: true } } },
    { properties: { a: { type: 'string' } }, required: ['a'] },
    'that a is required is said in the list of the object',
  ],
  [
    'required names twice',
    { required: ['a', 'a'] },
    { required: ['a'] },
    'required must be a list of names, each of them once',
  ],
  [
    'an enum of a list that is meant for its items',
    { type: 'array', items: { type: 'string' }, enum: ['a', 'b'] },
    { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
    'its type is array: the values of its items stand in the enum of items',
  ],
  [
    'an empty enum',
    { enum: [], title: 't' },
    { title: 't' },
    'enum must be a list of values: it is left out',
  ],
  [
    'an empty list of alternatives, as of an enum that has no values yet',
    { type: 'integer', oneOf: [] },
    { type: 'integer' },
    'oneOf must be a list of at least one schema: it is left out',
  ],
  [
    'a value twice',
    { enum: [1, 1, { a: 1 }, { a: 1 }] },
    { enum: [1, { a: 1 }] },
    'enum has the same value twice',
  ],
  [
    'texts that YAML took for numbers',
    { type: 'string', enum: [1, true, 'a'] },
    { type: 'string', enum: ['1', 'true', 'a'] },
    'its type is string: the values of enum must stand in quotes',
  ],
  [
    'a number in quotes',
    { minLength: '3', minimum: '1.5' },
    { minLength: 3, minimum: 1.5 },
    'minLength must be a number without quotes',
  ],
  [
    'a count that is none',
    { maxItems: -1, title: 't' },
    { title: 't' },
    'maxItems must be a whole number from 0 on: it is left out',
  ],
  [
    'a discriminator of Swagger',
    { discriminator: 'kind' },
    { discriminator: { propertyName: 'kind' } },
    null,
    '2.0',
  ],
  [
    'a mapping, by name and by reference',
    {
      discriminator: {
        propertyName: 'kind',
        mapping: { a: 'Other', b: '#/components/schemas/Other', c: 'Nobody' },
      },
    },
    { discriminator: { propertyName: 'kind', mapping: { a: other.$ref, b: other.$ref } } },
    'c leads to no schema: it is left out',
  ],
  [
    'dependencies of older drafts',
    { dependencies: { a: ['b'], c: { required: ['d'] } } },
    { dependentRequired: { a: ['b'] }, dependentSchemas: { c: { required: ['d'] } } },
    null,
  ],
  [
    'what is beside a reference, in 3.0',
    { properties: { a: { ...other, maxLength: 3, description: 'd' } } },
    { properties: { a: { ...other, description: 'd' } } },
    null,
    '3.0.3',
  ],
  [
    'what is beside a reference, in 3.1',
    { properties: { a: { ...other, maxLength: 3 } } },
    { properties: { a: { ...other, maxLength: 3 } } },
    null,
  ],
  ['an empty schema', { properties: { a: {} } }, { properties: { a: true } }, null],
  ['extensions', { 'x-sensitive': 'card', type: 'string' }, { 'x-sensitive': 'card', type: 'string' }, null],
  [
    'a word that is none',
    { typ: 'string', title: 't' },
    { title: 't' },
    '“typ” is no keyword of a schema: it is left out',
  ],
])('%s', (_, given, wanted, message, version) => {
  const { schema, messages } = schemaOf(given, version)
  expect(schema).toEqual(wanted)
  if (message === null) expect(messages).toEqual([])
  else expect(messages).toContain(message)
})

test('a reference to any place gives what stands there a name', () => {
  const contract = contractOf({
    components: {
      schemas: {
        Order: { properties: { address: { type: 'object', properties: { street: { type: 'string' } } } } },
        Customer: {
          properties: {
            home: { $ref: '#/components/schemas/Order/properties/address' },
            street: { $ref: '#/components/schemas/Order/properties/address/properties/street' },
            other: { $ref: '#/components/schemas/Customer/$defs/a~1b' },
          },
          $defs: { 'a/b': { type: 'integer' } },
        },
      },
    },
  })
  expect(contract.schemas.get('Customer')).toEqual({
    properties: {
      home: { $ref: '#/components/schemas/address' },
      street: { $ref: '#/components/schemas/street' },
      other: { $ref: '#/components/schemas/a_b' },
    },
  })
  expect([...contract.schemas.keys()]).toEqual(['Order', 'Customer', 'address', 'street', 'a_b'])
})

test('a schema is found by its anchor, and a dynamic one where no other bears the name', () => {
  const reading = readDocument({
    components: {
      schemas: {
        Price: {
          properties: { of: { $ref: '#money' }, at: { $ref: '#time' } },
          $defs: { m: { $anchor: 'money' } },
        },
        Time: { $anchor: 'time', type: 'string' },
        Tree: { $dynamicAnchor: 'node', properties: { next: { $dynamicRef: '#node', title: 'next' } } },
        List: { items: { $dynamicRef: '#item' }, $defs: { item: { $dynamicAnchor: 'item', not: {} } } },
        Times: { $ref: '#/components/schemas/List', $defs: { item: { $dynamicAnchor: 'item' } } },
      },
    },
  })
  const to = (name: string) => ({ $ref: `#/components/schemas/${name}` })
  expect(reading.ok && Object.fromEntries(reading.contract.schemas)).toEqual({
    Price: { properties: { of: to('money'), at: to('Time') } },
    money: true,
    Time: { type: 'string' },
    Tree: { properties: { next: { ...to('Tree'), title: 'next' } } },
    List: { items: true },
    Times: to('List'),
  })
  expect(reading.findings.map(({ message }) => message)).toEqual([
    'a $dynamicRef that does not lead to one schema alone is not followed: anything is allowed here',
  ])
})

test('a reference that lacks the slash behind its # is followed, with a warning', () => {
  const reading = readDocument({
    components: { schemas: { A: { $ref: '#components/schemas/B' }, B: { type: 'string' } } },
  })
  expect(reading.ok && reading.contract.schemas.get('A')).toEqual({ $ref: '#/components/schemas/B' })
  expect(reading.findings.map(({ message }) => message)).toEqual([
    '$ref “#components/schemas/B” lacks the / behind its #: it is put there',
  ])
})

test('schemas may lead to themselves', () => {
  const node = { properties: { next: { $ref: '#/components/schemas/Node' } } }
  expect(contractOf({ components: { schemas: { Node: node } } }).schemas.get('Node')).toEqual(node)
})

test.each([
  [
    { A: { $ref: '#/components/schemas/B' }, B: { $ref: '#/components/schemas/A' } },
    'the schema A is nothing but references in a circle',
  ],
  [{ A: { $ref: '#/components/schemas/A' } }, 'the schema A is nothing but references in a circle'],
  [{ A: { $ref: '#/components/schemas/Missing' } }, '$ref “#/components/schemas/Missing” leads to nothing'],
  [{ A: { $ref: '#/info/title' } }, 'must lead to a schema'],
  [{ A: { properties: { of: { $ref: '#' } } } }, 'must lead to a schema'],
  [{ A: { $ref: '#B' } }, '$ref “#B” must be a JSON pointer, such as #/components/schemas/Thing'],
  [
    { A: { $ref: '#b' }, B: { $anchor: 'b' }, C: { $anchor: 'b' } },
    '$ref “#b” may mean several schemas: each $anchor must be another one',
  ],
  [{ A: { $ref: '#/constructor' } }, '$ref “#/constructor” leads to nothing'],
  [
    { A: { $ref: 'https://example.test/a.json' } },
    '$ref “https://example.test/a.json” leads into the network: nothing is fetched from there without --allow-remote https://example.test',
  ],
  [{ A: { $ref: './b.yaml#/B' } }, '$ref “./b.yaml#/B” leads to b.yaml, which cannot be read'],
  [{ A: { items: 3 } }, 'must be a schema'],
])('%j is refused: %s', (schemas, message) => {
  const reading = readDocument({ components: { schemas } })
  expect(reading.ok).toBe(false)
  expect(reading.findings.map((finding) => finding.message)).toContain(message)
  for (const { level, file, line } of reading.findings)
    expect([level, file, typeof line]).toEqual(['error', 'contract.json', 'number'])
})

test('schemas that stand where another version has them are found', () => {
  const reading = readDocument({
    components: { schemas: { A: { properties: { b: { $ref: '#/definitions/B' } } }, B: { type: 'string' } } },
  })
  expect(reading).toMatchObject({ ok: true })
  expect(reading.findings[0]?.message).toBe(
    'schemas stand in #/components/schemas here, not in #/definitions',
  )
})

test('a mapping may lead to a schema that allows anything, by name and by reference', () => {
  const $ref = '#/components/schemas/Anything'
  const discriminator = { propertyName: 'kind', mapping: { a: 'Anything', b: $ref } }
  const { schemas } = contractOf({ components: { schemas: { A: { discriminator }, Anything: true } } })
  expect(schemas.get('A')).toEqual({ discriminator: { propertyName: 'kind', mapping: { a: $ref, b: $ref } } })
})

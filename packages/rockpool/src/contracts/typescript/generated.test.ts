import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../../../test/support/compile.ts'
import { contractOf } from '../../../test/support/contracts.ts'
import type { Contract, Json, Schema, SchemaType } from '../types.ts'
import { emitTypes } from './index.ts'

const names = ['A', 'B', 'c-d', 'constructor', '__proto__', '1']
const types: SchemaType[] = ['null', 'boolean', 'object', 'array', 'number', 'integer', 'string']

const anyName = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names) }, fc.string({ maxLength: 5 }))
const anyText = fc.oneof(fc.string(), fc.constantFrom('*/', "'", '"', '\n * @deprecated', '\\'))
const anyJson = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>

const anyReference = fc.constantFrom(...names).map((name) => `#/components/schemas/${name}`)

const { schema: anySchema } = fc.letrec<{ schema: Schema }>((tie) => {
  const inner = tie('schema')
  const some = fc.array(inner, { minLength: 1, maxLength: 3 })
  const by = <T>(keys: fc.Arbitrary<string>, values: fc.Arbitrary<T>) =>
    fc.dictionary(keys, values, { maxKeys: 3, noNullPrototype: true })
  const keywords: Record<string, fc.Arbitrary<unknown>> = {
    $ref: anyReference,
    type: fc.oneof(fc.constantFrom(...types), fc.uniqueArray(fc.constantFrom(...types))),
    enum: fc.array(anyJson, { maxLength: 3 }),
    const: anyJson,
    format: anyText,
    description: anyText,
    default: anyJson,
    items: inner,
    prefixItems: some,
    minItems: fc.nat(3),
    maxItems: fc.nat(3),
    properties: by(anyName, inner),
    patternProperties: by(fc.constantFrom('^x-', '^c', '^c-.*$', '[0-9]'), inner),
    additionalProperties: inner,
    required: fc.array(anyName, { maxLength: 3 }),
    allOf: some,
    anyOf: some,
    oneOf: some,
    not: inner,
    discriminator: fc.record({ propertyName: anyName, mapping: by(anyText, anyReference) }),
  }
  // oxlint-disable-next-line unicorn/no-thenable
  const choice = fc.record({ if: inner, then: inner, else: inner })
  const one = Object.entries(keywords).map(([name, value]) => value.map((each) => ({ [name]: each })))
  return {
    schema: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.constantFrom<Schema>(true, false, { type: 'string' }, { type: 'object' }),
      anyReference.map(($ref) => ({ $ref })),
      fc.array(fc.oneof(...one, choice), { maxLength: 4 }).map((each): Schema => Object.assign({}, ...each)),
    ),
  }
})

/** A reader lets no circle of references alone into a model. */
function withMore(schema: Schema): Schema {
  return typeof schema === 'object' && schema.$ref !== undefined ? { ...schema, minLength: 0 } : schema
}

/** Not through a reader: whatever a model can hold. */
const anyContract: fc.Arbitrary<Contract> = fc
  .record({
    schemas: fc.tuple(...names.map(() => anySchema)),
    name: anyText,
  })
  .map(({ schemas, name }) => ({
    ...contractOf({
      paths: { '/a': { get: { responses: { 200: { description: name } } } } },
    }),
    title: name,
    schemas: new Map(names.map((each, index) => [each, withMore(schemas[index]!)])),
  }))

test('the types of any model compile', async () => {
  const contracts = fc.sample(anyContract, 200)
  const files = contracts.map((contract, index) => [`model-${index}.ts`, emitTypes(contract)] as const)
  const faultsOf = await compile(Object.fromEntries(files))
  for (const [index, [name, text]] of files.entries())
    expect(faultsOf(name), `${JSON.stringify([...contracts[index]!.schemas], null, 1)}\n${text}`).toEqual([])
}, 60_000)

import { expect, test } from 'vitest'
import { compile } from '../../../test/support/compile.ts'
import { contractOf, schemaOf } from '../../../test/support/contracts.ts'
import type { Contract, Json, Schema } from '../types.ts'
import { emitTypes } from './index.ts'

const contractWith = (schemas: Map<string, Schema>): Contract => ({ ...contractOf({}), schemas })
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
const ref = (index: number): Schema => ({ $ref: `#/components/schemas/S${index}` })

function deep(wrap: (inner: Schema) => Schema): Schema {
  let schema: Schema = { type: 'string' }
  for (let level = 0; level < 10_000; level += 1) schema = wrap(schema)
  return schema
}

let value: Json = 1
for (let level = 0; level < 10_000; level += 1) value = [value]

const hostile: Record<string, Schema[]> = {
  'members in members': [deep((inner) => ({ properties: { a: inner } }))],
  'lists in lists': [deep((items) => ({ items }))],
  'bases in bases': [deep((inner) => ({ allOf: [inner], required: ['a'] }))],
  'unions in unions': [deep((inner) => ({ anyOf: [inner, { type: 'null' }], required: ['a'] }))],
  'values in values': [{ const: value, default: value, examples: [value] }],
  'schemas that are each other': times(40, () => ({ allOf: times(40, ref), oneOf: times(40, ref) })),
  'a chain of bases': times(2_000, (index) => ({ allOf: [ref(index + 1)], required: ['a', 'b'] })),
  'a chain of heirs': [
    { properties: { kind: { type: 'string' } }, discriminator: { propertyName: 'kind' } },
    ...times(2_000, (index): Schema => ({ allOf: [ref(index)] })),
  ],
  'more bases than arguments fit into a call': [
    { allOf: times(200_000, (index): Schema => ({ required: [`r${index}`] })) },
  ],
}

const emit = (name: string) =>
  emitTypes(contractWith(new Map(hostile[name]!.map((schema, index) => [`S${index}`, schema]))))

test.each(Object.keys(hostile))('%s: types come soon', (name) => {
  const began = performance.now()
  expect(emit(name).length).toBeLessThan(2_000_000)
  expect(performance.now() - began).toBeLessThan(10_000)
})

test('all of these compile', async () => {
  const names = Object.keys(hostile)
  const files = names.map((name, index) => [`types-${index}.ts`, emit(name)])
  const faultsOf = await compile(Object.fromEntries(files))
  for (const [index, name] of names.entries()) expect(faultsOf(`types-${index}.ts`), name).toEqual([])
}, 60_000)

test('what is deeper than anybody writes is unknown; what is not, is what it is', () => {
  const nested = (levels: number) => {
    let schema: Json = { const: 'at the bottom' }
    for (let level = 0; level < levels; level += 1) schema = { properties: { a: schema } }
    return emitTypes(contractWith(new Map([['A', schemaOf(schema).schema]])))
  }
  expect(nested(40)).toContain("'at the bottom'")
  expect(nested(60)).toContain('a?: unknown')
})

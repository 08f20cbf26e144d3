import { expect, test } from 'vitest'
import type { JsonObject } from '../../types.ts'
import { toldOf, toSchema } from '../../../../test/support/differences/schema-documents.ts'

const text = { type: 'string' }
const object = (properties: JsonObject, ...required: string[]): JsonObject => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
})
const base = object({ id: text }, 'id')
const card = object({ kind: { const: 'card' }, number: text }, 'kind', 'number')
const bank = object({ kind: { const: 'bank' }, iban: text }, 'kind', 'iban')

test('what is listed in allOf is compared by what it comes to', () => {
  const listed = { allOf: [toSchema('Base'), object({ name: text }, 'name')] }
  const flat = object({ id: text, name: text }, 'name', 'id')
  expect(toldOf(listed, flat, { Base: base })).toEqual([])
  expect(toldOf(flat, listed, { Base: base })).toEqual([])
  expect(toldOf(listed, object({ id: text, name: text }, 'id'), { Base: base })).toEqual([
    'request-property-became-optional: body /name',
  ])
})

test('a member that moves from one schema of a list to another is where it was', () => {
  const before = { allOf: [toSchema('Base'), object({ name: text, note: text })] }
  const after = { allOf: [toSchema('Base'), object({ name: text }), object({ note: text })] }
  expect(toldOf(before, after, { Base: base })).toEqual([])
})

test('a member that moves into the schema with a name is where it was, too', () => {
  const [before, after] = [object({ id: text }), object({ id: text, name: text })]
  const [listed, moved] = [object({ name: text, note: text }), object({ note: text })]
  expect(
    toldOf(
      { allOf: [toSchema('Base'), listed] },
      { allOf: [toSchema('Base'), moved] },
      { Base: before },
      { Base: after },
    ),
  ).toEqual([])
})

test('a change inside one schema of a list is told of that schema', () => {
  const listed = (name: JsonObject) => ({ allOf: [toSchema('Base'), object({ name })] })
  expect(toldOf(listed(text), listed({ ...text, maxLength: 9 }), { Base: base })).toEqual([
    'request-property-max-length-set: body /name',
  ])
})

test('a list that appears beside what was there is told as such', () => {
  expect(toldOf(card, { ...card, allOf: [toSchema('Bank')] }, { Bank: bank })).toEqual([
    'request-body-all-of-added: body',
  ])
  expect(toldOf({ ...card, allOf: [toSchema('Bank')] }, card, { Bank: bank })).toEqual([
    'request-body-all-of-removed: body',
  ])
})

test('a list of one is what it lists', () => {
  const field = (schema: JsonObject) => object({ base: schema })
  const wrapped = { description: 'Where it began', allOf: [toSchema('Base')] }
  expect(toldOf(field(toSchema('Base')), field(wrapped), { Base: base })).toEqual([])
})

test('what may be null says so in either way', () => {
  const field = (schema: JsonObject) => object({ base: schema })
  const nullable = { anyOf: [toSchema('Base'), { type: 'null' }] }
  expect(toldOf(field(toSchema('Base')), field(nullable), { Base: base })).toEqual([
    'request-property-became-nullable: body /base',
  ])
  expect(toldOf(field({ type: ['string', 'null'] }), field({ oneOf: [text, { type: 'null' }] }))).toEqual([])
})

test('branches are matched by what they are, not by where they stand', () => {
  const named = { Card: card, Bank: bank }
  const [one, other] = [toSchema('Card'), toSchema('Bank')]
  expect(toldOf({ oneOf: [one, other] }, { oneOf: [other, one] }, named)).toEqual([])
  expect(toldOf({ oneOf: [card, bank] }, { oneOf: [bank, card] })).toEqual([])
  // A branch that gets a name is the branch it was.
  expect(toldOf({ oneOf: [card, bank] }, { oneOf: [other, one] }, named)).toEqual([])
  const titled = (title: string, schema: JsonObject) => ({ title, ...schema })
  expect(
    toldOf(
      { anyOf: [titled('A', object({ a: text })), titled('B', object({ b: text }))] },
      { anyOf: [titled('B', object({ b: { ...text, maxLength: 9 } })), titled('A', object({ a: text }))] },
    ),
  ).toEqual(['request-property-max-length-set: body /<B>/b'])
})

test('a branch with a name is the one of this name, however like another it is', () => {
  const [one, other] = [object({ a: text, b: text }), object({ a: text, b: text, c: text })]
  const union = { oneOf: [toSchema('One'), toSchema('Other')] }
  expect(toldOf(union, union, { One: one, Other: other }, { One: other, Other: one })).toEqual([
    'new-optional-request-property: schema One /c',
    'request-property-removed: schema Other /c',
  ])
})

test('a branch that got another name is known by the value that tells its kind', () => {
  const union = (name: string): JsonObject => ({
    oneOf: [toSchema(name), toSchema('Bank')],
    discriminator: {
      propertyName: 'kind',
      mapping: { card: `#/components/schemas/${name}`, bank: '#/components/schemas/Bank' },
    },
  })
  const changed = object({ kind: { const: 'card' }, number: text }, 'kind')
  expect(
    toldOf(union('Card'), union('CardV2'), { Card: card, Bank: bank }, { CardV2: changed, Bank: bank }),
  ).toEqual([
    'api-schema-removed: schema Card',
    'request-property-became-optional: schema Card (now CardV2) /number',
    'request-body-discriminator-mapping-changed: body',
  ])
})

test('a property that becomes one of several is told by what came', () => {
  const named = { Card: card, Bank: bank }
  const field = (schema: JsonObject) => object({ payment: schema })
  expect(
    toldOf(field(toSchema('Card')), field({ oneOf: [toSchema('Card'), toSchema('Bank')] }), named),
  ).toEqual(['request-property-one-of-added: body /payment'])
  // As a body, what was always there may be missing now.
  expect(toldOf(toSchema('Card'), { oneOf: [toSchema('Card'), toSchema('Bank')] }, named)).toEqual([
    'request-body-wrapped-in-one-of: body',
  ])
  expect(
    toldOf(field({ oneOf: [toSchema('Card'), toSchema('Bank')] }), field(toSchema('Bank')), named),
  ).toEqual(['request-property-one-of-removed: body /payment'])
})

test('of two kinds that have nothing in common, no more is told', () => {
  const before = { type: 'string', minLength: 1, pattern: '^a', enum: ['a'] }
  expect(toldOf(before, { type: 'integer', minimum: 1 })).toEqual(['request-body-type-changed: body'])
})

test.each([
  [
    'a wider format',
    { type: 'integer', format: 'int32' },
    { type: 'integer', format: 'int64' },
    'generalized',
  ],
  ['a format that appears', text, { ...text, format: 'email' }, 'changed'],
  ['a format that goes', { ...text, format: 'email' }, text, 'generalized'],
  ['a type more', text, { type: ['string', 'integer'] }, 'generalized'],
  ['any type', {}, text, 'changed'],
])('%s is a matter of type', (_, before, after, how) => {
  expect(toldOf(object({ a: before }), object({ a: after }))).toEqual([
    `request-property-type-${how}: body /a`,
  ])
})

test('a type that was meant, and is now said, is none that is new', () => {
  expect(toldOf({ properties: { a: text } }, object({ a: text }))).toEqual([])
  expect(toldOf({ enum: ['a', 'b'] }, { ...text, enum: ['a', 'b'] })).toEqual([])
  expect(toldOf({ const: 'a' }, { enum: ['a'] })).toEqual([])
})

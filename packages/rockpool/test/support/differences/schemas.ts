import type { Json, JsonObject } from '../../../src/contracts/types.ts'

/** Two schemas, and the one thing that they differ in; what that necessarily also is. */
export interface Case {
  before: Json
  after: Json
  /** Facts, beside the one that the case is for. */
  also?: string[]
  /** Of the document: named schemas that the two refer to. */
  named?: JsonObject
}

type Pair = [before: Json, after: Json]

const text = { type: 'string' }
const whole = { type: 'integer' }
const object = { type: 'object' }
const list = { type: 'array', items: text }
const card = { type: 'object', properties: { number: text }, required: ['number'] }
const bank = { type: 'object', properties: { iban: text }, required: ['iban'] }
const cash = { type: 'object', properties: { till: whole }, required: ['till'] }
const named = { Card: card, Bank: bank, Cash: cash }
const reference = (name: string) => `#/components/schemas/${name}`
const to = (name: string): JsonObject => ({ $ref: reference(name) })
const [toCard, toBank, toCash] = [to('Card'), to('Bank'), to('Cash')] as const
const kind = { propertyName: 'kind' }
const mapped = (mapping: JsonObject): JsonObject => ({ propertyName: 'kind', mapping })

/** Both directions of what has two. */
function bothWays(
  there: string,
  back: string,
  [less, more]: Pair,
  rest: Partial<Case> = {},
): Record<string, Case> {
  return { [there]: { before: less, after: more, ...rest }, [back]: { before: more, after: less, ...rest } }
}

/** A bound: set, unset, up and down. */
function bound(name: string, keyword: string, rest: JsonObject): Record<string, Case> {
  const at = (value: number) => ({ ...rest, [keyword]: value })
  return {
    ...bothWays(`${name}-set`, `${name}-unset`, [rest, at(5)]),
    ...bothWays(`${name}-increased`, `${name}-decreased`, [at(5), at(7)]),
  }
}

function keyword(name: string, [less, more]: Pair, other?: JsonObject): Record<string, Case> {
  return {
    ...bothWays(`${name}-added`, `${name}-removed`, [less, more]),
    ...(other && { [`${name}-changed`]: { before: more, after: other } }),
  }
}

function following(word: 'then' | 'else'): JsonObject {
  return { [word]: { minProperties: 2 } }
}

/** A planted edit for every fact about a value, by the fact's name. */
export const cases: Record<string, Case> = {
  ...bound('max', 'maximum', whole),
  ...bound('min', 'minimum', whole),
  ...bound('exclusive-max', 'exclusiveMaximum', whole),
  ...bound('exclusive-min', 'exclusiveMinimum', whole),
  ...bound('max-length', 'maxLength', text),
  ...bound('min-length', 'minLength', text),
  ...bound('max-items', 'maxItems', list),
  ...bound('min-items', 'minItems', list),
  ...bound('max-properties', 'maxProperties', object),
  ...bound('min-properties', 'minProperties', object),
  ...bound('max-contains', 'maxContains', { ...list, contains: { const: 'a' } }),
  ...bound('min-contains', 'minContains', { ...list, contains: { const: 'a' } }),
  'multiple-of-set': { before: whole, after: { ...whole, multipleOf: 5 } },
  'multiple-of-unset': { before: { ...whole, multipleOf: 5 }, after: whole },
  'multiple-of-changed': { before: { ...whole, multipleOf: 5 }, after: { ...whole, multipleOf: 7 } },
  ...bothWays('unique-items-added', 'unique-items-removed', [list, { ...list, uniqueItems: true }]),
  ...keyword('pattern', [text, { ...text, pattern: '^a+$' }], { ...text, pattern: '^b+$' }),
  'pattern-generalized': { before: { ...text, pattern: '^a+$' }, after: { ...text, pattern: '^.*$' } },

  'type-changed': { before: whole, after: { type: 'boolean' } },
  ...bothWays('type-generalized', 'type-specialized', [whole, { type: 'number' }]),
  'type-compatible': { before: whole, after: text },
  ...bothWays('list-of-types-widened', 'list-of-types-narrowed', [
    text,
    { oneOf: [text, { type: 'boolean' }] },
  ]),
  ...bothWays('became-nullable', 'became-not-nullable', [text, { type: ['string', 'null'] }]),
  ...bothWays('became-impossible', 'became-possible', [text, false]),

  ...keyword('all-of', [{ allOf: [toCard, toBank] }, { allOf: [toCard, toBank, toCash] }]),
  ...bothWays('all-of-added-annotation-only', 'all-of-removed-annotation-only', [
    { allOf: [toCard, toBank] },
    { allOf: [toCard, toBank, { description: 'As you like it' }] },
  ]),
  ...keyword('one-of', [{ oneOf: [toCard, toBank] }, { oneOf: [toCard, toBank, toCash] }]),
  ...keyword('any-of', [{ anyOf: [toCard, toBank] }, { anyOf: [toCard, toBank, toCash] }]),
  ...imposed('one-of', 'oneOf'),
  ...imposed('any-of', 'anyOf'),
  'wrapped-in-one-of': { before: card, after: { oneOf: [toBank, toCash] } },
  ...keyword('not', [text, { ...text, not: { const: 'a' } }], { ...text, not: { const: 'b' } }),
  ...keyword('if', [card, { ...card, if: { required: ['number'] } }], {
    ...card,
    if: { required: ['name'] },
  }),
  ...keyword('then', [
    { ...card, if: bank },
    { ...card, if: bank, ...following('then') },
  ]),
  ...keyword('else', [
    { ...card, if: bank },
    { ...card, if: bank, ...following('else') },
  ]),

  ...bothWays('discriminator-added', 'discriminator-removed', [
    { oneOf: [toCard, toBank] },
    { oneOf: [toCard, toBank], discriminator: kind },
  ]),
  'discriminator-property-name-changed': {
    before: { oneOf: [toCard, toBank], discriminator: kind },
    after: { oneOf: [toCard, toBank], discriminator: { propertyName: 'sort' } },
  },
  ...bothWays('discriminator-mapping-added', 'discriminator-mapping-deleted', [
    { oneOf: [toCard, toBank], discriminator: kind },
    { oneOf: [toCard, toBank], discriminator: mapped({ Card: reference('Card') }) },
  ]),
  'discriminator-mapping-changed': {
    before: {
      oneOf: [toCard, toBank],
      discriminator: mapped({ a: reference('Card'), b: reference('Card'), c: reference('Bank') }),
    },
    after: {
      oneOf: [toCard, toBank],
      discriminator: mapped({ a: reference('Card'), b: reference('Bank'), c: reference('Bank') }),
    },
    also: ['discriminator-value-moved'],
  },
  'discriminator-value-moved': {
    before: {
      oneOf: [toCard, toBank],
      discriminator: mapped({ a: reference('Card'), b: reference('Bank') }),
    },
    after: { oneOf: [toCard, toBank], discriminator: mapped({ a: reference('Bank'), b: reference('Card') }) },
    also: ['discriminator-value-moved', 'discriminator-mapping-changed', 'discriminator-mapping-changed'],
  },
  'discriminator-value-added': {
    before: { oneOf: [toCard, toBank], discriminator: mapped({ a: reference('Card') }) },
    after: { oneOf: [toCard, toBank], discriminator: mapped({ a: reference('Card'), b: reference('Card') }) },
    also: ['discriminator-mapping-added'],
  },
  'discriminator-value-removed': {
    before: {
      oneOf: [toCard, toBank],
      discriminator: mapped({ a: reference('Card'), b: reference('Card') }),
    },
    after: { oneOf: [toCard, toBank], discriminator: mapped({ a: reference('Card') }) },
    also: ['discriminator-mapping-deleted'],
  },
  'discriminator-value-renamed': {
    before: { oneOf: [toCard, toBank], discriminator: mapped({ a: reference('Card') }) },
    after: { oneOf: [toCard, toBank], discriminator: mapped({ b: reference('Card') }) },
    also: ['discriminator-mapping-deleted', 'discriminator-mapping-added'],
  },

  ...keyword('prefix-items', [
    { type: 'array', prefixItems: [text] },
    { type: 'array', prefixItems: [text, whole] },
  ]),
  ...bothWays('additional-items-allowed', 'additional-items-forbidden', [
    { type: 'array', prefixItems: [text], items: false },
    { type: 'array', prefixItems: [text], items: text },
  ]),
  ...keyword('contains', [list, { ...list, contains: { const: 'a' } }]),
  ...keyword('unevaluated-items', [
    { type: 'array', prefixItems: [text] },
    { type: 'array', prefixItems: [text], unevaluatedItems: false },
  ]),
  ...keyword('dependent-required', [card, { ...card, dependentRequired: { number: ['expiry'] } }], {
    ...card,
    dependentRequired: { number: ['expiry', 'name'] },
  }),
  ...keyword('dependent-schema', [card, { ...card, dependentSchemas: { number: { minProperties: 2 } } }]),
  ...keyword('pattern-property', [card, { ...card, patternProperties: { '^n': text } }]),
  ...keyword('property-names', [card, { ...card, propertyNames: { maxLength: 9 } }]),
  ...keyword('unevaluated-properties', [card, { ...card, unevaluatedProperties: false }]),
  ...bothWays('additional-properties-forbidden', 'additional-properties-allowed', [
    card,
    { ...card, additionalProperties: false },
  ]),
  ...bothWays('additional-properties-typed', 'additional-properties-untyped', [
    card,
    { ...card, additionalProperties: whole },
  ]),
  ...keyword('content-schema', [
    { ...text, contentMediaType: 'application/json' },
    { ...text, contentMediaType: 'application/json', contentSchema: card },
  ]),
  'content-media-type-changed': {
    before: { ...text, contentMediaType: 'image/png' },
    after: { ...text, contentMediaType: 'image/webp' },
  },
  'content-encoding-changed': {
    before: { ...text, contentEncoding: 'base64' },
    after: { ...text, contentEncoding: 'base64url' },
  },

  ...bothWays('became-enum', 'became-not-enum', [text, { ...text, enum: ['a', 'b'] }]),
  ...keyword('enum-value', [
    { ...text, enum: ['a', 'b'] },
    { ...text, enum: ['b', 'a', 'c'] },
  ]),
  ...keyword('x-extensible-enum-value', [
    { ...text, 'x-extensible-enum': ['a', 'b'] },
    { ...text, 'x-extensible-enum': ['b', 'a', 'c'] },
  ]),
  ...keyword('const', [text, { ...text, const: 'a' }], { ...text, const: 'b' }),
  ...keyword('default-value', [text, { ...text, default: 'a' }], { ...text, default: 'b' }),
  ...keyword('annotation', [text, { ...text, 'x-sensitive': true }], { ...text, 'x-sensitive': 'masked' }),

  ...bothWays('deprecated', 'reactivated', [text, { ...text, deprecated: true }]),
  'deprecated-with-sunset': { before: text, after: { ...text, deprecated: true, 'x-sunset': '2099-01-31' } },
  'deprecated-sunset-invalid': {
    before: text,
    after: { ...text, deprecated: true, 'x-sunset': '2099-02-31' },
  },
  'sunset-deleted': {
    before: { ...text, deprecated: true, 'x-sunset': '2099-01-31' },
    after: { ...text, deprecated: true },
  },
  ...bothWays('stability-increased', 'stability-decreased', [
    { ...text, 'x-stability-level': 'beta' },
    { ...text, 'x-stability-level': 'stable' },
  ]),
  'stability-invalid': { before: text, after: { ...text, 'x-stability-level': 'solid' } },
}

for (const each of Object.values(cases)) each.named = named

/** The same of facts that hang on what day it is, and on what the house asks for. */
export const datedCases: Record<string, Case> = {
  'deprecated-sunset-missing': { before: text, after: { ...text, deprecated: true } },
  'sunset-date-too-small': { before: text, after: { ...text, deprecated: true, 'x-sunset': '2026-06-20' } },
  'sunset-date-changed-too-small': {
    before: { ...text, deprecated: true, 'x-sunset': '2026-09-01' },
    after: { ...text, deprecated: true, 'x-sunset': '2026-06-20' },
  },
}

/** The same of facts about the member `field` of an object. */
export const memberCases: Record<string, Case> = {
  ...memberCase('property-added-required', {}, { field: text }, [], ['field']),
  ...memberCase(
    'property-added-required-with-default',
    {},
    { field: { ...text, default: 'a' } },
    [],
    ['field'],
  ),
  ...memberCase('property-added-optional', {}, { field: text }),
  ...memberCase('property-removed-required', { field: text }, {}, ['field'], []),
  ...memberCase('property-removed-optional', { field: text }, {}),
  ...memberCase('became-required', { field: text }, { field: text }, [], ['field']),
  ...memberCase(
    'became-required-with-default',
    { field: { ...text, default: 'a' } },
    { field: { ...text, default: 'a' } },
    [],
    ['field'],
  ),
  ...memberCase('became-optional', { field: text }, { field: text }, ['field'], []),
  ...accessCases('read-only', 'readOnly'),
  ...accessCases('write-only', 'writeOnly'),
}

function memberCase(
  fact: string,
  before: JsonObject,
  after: JsonObject,
  needed: string[] = [],
  neededAfter: string[] = needed,
): Record<string, Case> {
  const schema = (properties: JsonObject, required: string[]): JsonObject => ({
    ...object,
    properties: { other: text, ...properties },
    required: ['other', ...required],
  })
  return { [fact]: { before: schema(before, needed), after: schema(after, neededAfter) } }
}

function accessCases(name: string, keyword: string): Record<string, Case> {
  const is = { field: { ...text, [keyword]: true } }
  return Object.fromEntries(
    [
      memberCase(`became-${name}-required`, { field: text }, is, ['field']),
      memberCase(`became-${name}-optional`, { field: text }, is),
      memberCase(`became-not-${name}-required`, is, { field: text }, ['field']),
      memberCase(`became-not-${name}-optional`, is, { field: text }),
    ].flatMap((each) => Object.entries(each)),
  )
}

function imposed(name: string, keyword: string): Record<string, Case> {
  const alternatives = { [keyword]: [{ required: ['number'] }, { required: ['name'] }] }
  return bothWays(`${name}-imposed`, `${name}-lifted`, [card, { ...card, ...alternatives }])
}

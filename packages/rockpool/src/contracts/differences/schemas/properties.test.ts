import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { Contract, Json, JsonObject } from '../../types.ts'
import { differencesOf } from '../index.ts'
import {
  contractIn,
  documentWith,
  operation,
  toSchema,
} from '../../../../test/support/differences/schema-documents.ts'

const names = ['A', 'B', 'C']
const type = fc.constantFrom('string', 'integer', 'number', 'boolean')
const word = fc.constantFrom('a', 'b', 'constructor', '__proto__', 'x/y')

const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => {
  const inner = tie('schema')
  const leaf = fc.record(
    {
      type,
      maxLength: fc.nat(9),
      enum: fc.uniqueArray(word, { minLength: 1 }),
      default: word,
      'x-sensitive': fc.boolean(),
    },
    { requiredKeys: ['type'] },
  )
  const record = fc
    .record({
      properties: fc.uniqueArray(fc.tuple(word, inner), { selector: ([name]) => name, maxLength: 4 }),
      required: fc.uniqueArray(word),
    })
    .map(({ properties, required }) => ({
      type: 'object',
      properties: Object.fromEntries(properties),
      required,
    }))
  const reference = fc.constantFrom(...names).map(toSchema)
  const list = inner.map((items) => ({ type: 'array', items }))
  const composed = fc
    .tuple(fc.constantFrom('oneOf', 'anyOf', 'allOf'), fc.array(inner, { minLength: 1, maxLength: 3 }))
    .map(([keyword, list]) => ({ [keyword]: list }))
  return {
    schema: fc.oneof({ depthSize: 'small' }, leaf, record, reference, list, composed),
  }
})

const document = fc
  .tuple(schema, schema, fc.array(schema, { minLength: names.length, maxLength: names.length }))
  .map(([sent, answered, named]) =>
    documentWith(
      { '/a': { post: operation(sent, answered) }, '/b': { get: operation(null, sent) } },
      // No name is only another name: that may be a circle, which is refused.
      Object.fromEntries(
        names.map((name, index) => [name, { type: 'object', properties: { of: named[index]! } }]),
      ),
    ),
  )

/** The same, with the members of all objects the other way around. */
function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, each]) => [name, reversed(each)]),
  )
}

const read = (document: Json): Contract => contractIn(JSON.stringify(document))
const fingerprints = (before: Contract, after: Contract) =>
  differencesOf(before, after).map((each) => each.fingerprint)

test('a contract differs in nothing from itself', () => {
  fc.assert(
    fc.property(document, (one) => {
      expect(differencesOf(read(one), read(one))).toEqual([])
    }),
  )
})

test('the order of members, and whether it is JSON or YAML, changes no difference', () => {
  fc.assert(
    fc.property(document, document, (one, other) => {
      const told = fingerprints(read(one), read(other))
      expect(fingerprints(read(reversed(one)), read(other))).toEqual(told)
      expect(fingerprints(read(one), contractIn(stringify(reversed(other)), 'things.yaml'))).toEqual(told)
    }),
  )
})

test('every difference has a place, and its fingerprint is its own', () => {
  fc.assert(
    fc.property(document, document, (one, other) => {
      const differences = differencesOf(read(one), read(other))
      expect(new Set(differences.map(({ fingerprint }) => fingerprint)).size).toBe(differences.length)
      for (const { place, operation, uses } of differences) {
        expect(place).not.toBe('')
        if (place.startsWith('schema ')) expect(operation).toBeNull()
        else if (operation !== null) expect(uses.length).toBeGreaterThan(0)
      }
    }),
  )
})

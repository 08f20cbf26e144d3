// oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema
import { validator as schemasafe } from '@exodus/schemasafe'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json, Schema, SchemaObject } from '../types.ts'
import { createValidator } from './index.ts'

const names = fc.constantFrom('a', 'b', 'c', 'aa')
const patterns = fc.constantFrom('^a', 'b$', 'a|b', '^.$', '^(a|b)+$')
const small = fc.integer({ min: 0, max: 3 })
const numbers = fc.constantFrom(-1, 0, 0.5, 1, 1.5, 2, 3, 4.5, 6)
const types = fc.constantFrom('null', 'boolean', 'object', 'array', 'number', 'integer', 'string')

const values = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constantFrom(null, true, false, '', 'a', 'b', 'ab', '💩', '💩b'), numbers),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value

/** Each keyword now and then; one or a few to a schema. */
const schemas = fc.letrec<{ schema: Schema; object: SchemaObject; keywords: SchemaObject }>((tie) => {
  const schema = tie('schema')
  const list = fc.array(schema, { minLength: 1, maxLength: 3 })
  const members = fc.dictionary(names, schema, { maxKeys: 3, noNullPrototype: true })
  const subsets = fc.uniqueArray(names, { minLength: 1, maxLength: 3 })
  const one = <T>(keyword: string, value: fc.Arbitrary<T>): fc.Arbitrary<SchemaObject> =>
    value.map((value) => ({ [keyword]: value }) as SchemaObject)
  const leaves: fc.Arbitrary<SchemaObject>[] = [
    one('type', fc.oneof(types, fc.uniqueArray(types, { minLength: 1, maxLength: 3 }))),
    one(
      'enum',
      fc.uniqueArray(values, {
        minLength: 1,
        maxLength: 4,
        comparator: (a, b) => JSON.stringify(a) === JSON.stringify(b),
      }),
    ),
    one('const', values),
    ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map((keyword) => one(keyword, numbers)),
    one('multipleOf', fc.constantFrom(0.5, 1, 1.5, 2, 3)),
    ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'].map((keyword) =>
      one(keyword, small),
    ),
    one('pattern', patterns),
    one('uniqueItems', fc.boolean()),
    one('required', subsets),
    one('dependentRequired', fc.dictionary(names, subsets, { maxKeys: 2, noNullPrototype: true })),
    one('$ref', fc.constantFrom('#/components/schemas/A', '#/components/schemas/B')),
  ]
  const nested: fc.Arbitrary<SchemaObject>[] = [
    ...[
      'items',
      'unevaluatedItems',
      'additionalProperties',
      'propertyNames',
      'unevaluatedProperties',
      'not',
    ].map((keyword) => one(keyword, schema)),
    ...['prefixItems', 'allOf', 'anyOf', 'oneOf'].map((keyword) => one(keyword, list)),
    ...['properties', 'dependentSchemas'].map((keyword) => one(keyword, members)),
    one('patternProperties', fc.dictionary(patterns, schema, { maxKeys: 2, noNullPrototype: true })),
    fc.record({ contains: schema, minContains: small, maxContains: small }, { requiredKeys: ['contains'] }),
    fc
      .record({ if: schema, then: schema, else: schema }, { requiredKeys: ['if'] })
      .filter((made) => Object.keys(made).length > 1),
  ]
  return {
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.boolean(),
      fc.oneof(...leaves),
      tie('object'),
    ),
    object: fc
      .array(tie('keywords'), { minLength: 1, maxLength: 4 })
      .map((parts) => Object.assign({}, ...parts) as SchemaObject),
    keywords: fc.oneof(fc.oneof(...leaves), fc.oneof(...nested)),
  }
})

type Judge = (value: Json) => boolean

function ajvOf(document: object): Judge {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false })
  const validate = ajv.compile(document)
  return (value) => validate(value)
}

function schemasafeOf(document: object): Judge {
  const $schemaDefault = 'https://json-schema.org/draft/2020-12/schema'
  const validate = schemasafe(document, { mode: 'lax', $schemaDefault, isJSON: true })
  return (value) => validate(value)
}

/**
 * Where another validator is wrong. Each of them is by one alone: the other one is still held to there.
 *
 * | who | in a schema with | what it does, and what JSON Schema 2020-12 says |
 * |---|---|---|
 * | ajv | `contains` | lets short lists pass beside `prefixItems`, and `[]` where it is `false`; core, 10.3.1.3: one item at least must match |
 * | ajv | `unevaluatedItems`, `unevaluatedProperties` | counts what a branch has looked at that fails, or that stands in `not`; core, 7.7.1.1: a schema that fails leaves no annotations |
 * | ajv | `unevaluatedItems` | counts what `contains` takes by its number, not by its places, where `minContains` or `maxContains` is there; core, 11.2 |
 * | schemasafe | `minimum` beside `exclusiveMinimum`, `maximum` beside `exclusiveMaximum` | looks at one of them; validation, 6.2: both are asserted |
 */
function isExplained(name: string, text: string): boolean {
  if (name === 'ajv') return /"(?:contains|unevaluated\w+)":/.test(text)
  return (['inimum', 'aximum'] as const).some(
    (end) => text.includes(`"m${end}":`) && text.includes(`"exclusiveM${end}":`),
  )
}

/** What it says; undefined: it does not take such a schema, or ends in it. */
function tried<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}

test('generated schemas say of generated values what two other validators say', () => {
  const compared = { ajv: 0, schemasafe: 0, valid: 0 }
  const documents = fc.record({ asked: schemas.object, A: schemas.object, B: schemas.object })
  const run = (
    { asked, ...named }: { asked: SchemaObject; A: SchemaObject; B: SchemaObject },
    values: Json[],
  ) => {
    const { isValid, validate } = createValidator({ schemas: new Map(Object.entries(named)) })
    const document = { ...asked, components: { schemas: named } }
    const judges = { ajv: tried(() => ajvOf(document)), schemasafe: tried(() => schemasafeOf(document)) }
    for (const value of values) {
      const own = isValid(asked, value)
      const violations = validate(asked, value)
      expect(violations.length === 0, 'what is not valid has a reason').toBe(own)
      // Schemas that lead to themselves alone.
      if (violations.some(({ keyword }) => keyword === 'depth')) continue
      compared.valid += own ? 1 : 0
      const against: string[] = []
      for (const name of ['ajv', 'schemasafe'] as const) {
        const theirs = tried(() => judges[name]?.(value))
        if (theirs === undefined) continue
        compared[name] += 1
        if (theirs !== own) against.push(name)
      }
      if (against.length === 1 && isExplained(against[0]!, JSON.stringify(document))) continue
      expect(against, `${JSON.stringify(value)}, which we call ${own ? 'valid' : 'invalid'}`).toEqual([])
    }
  }
  fc.assert(fc.property(documents, fc.array(values, { minLength: 6, maxLength: 10 }), run), {
    numRuns: 400,
  })
  // Enough was compared, and of both kinds.
  expect(compared.ajv).toBeGreaterThan(2000)
  expect(compared.schemasafe).toBeGreaterThan(1500)
  expect(compared.valid / compared.ajv).toBeGreaterThan(0.2)
  expect(compared.valid / compared.ajv).toBeLessThan(0.8)
}, 60_000)

import { validator as schemasafe } from '@exodus/schemasafe'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../types.ts'
import { createValidator } from '../validation/index.ts'
import { createSampler } from './index.ts'
import { ajvOf } from '../../../test/support/contract-ajv.ts'
import { schemaAround, someValue } from '../../../test/support/contract-schemas.ts'

const contract = { schemas: new Map() }
const schemas = someValue.chain((value) => schemaAround(value).map((schema) => ({ value, schema })))

/** What it says; undefined: it does not take such a schema. */
function bySchemasafe(schema: object): ((value: unknown) => boolean) | undefined {
  const $schemaDefault = 'https://json-schema.org/draft/2020-12/schema'
  try {
    const validate = schemasafe(schema, { mode: 'lax', $schemaDefault, isJSON: true })
    return (value) => validate(value as Json)
  } catch {
    return undefined
  }
}

const slow = { timeout: 60_000 }

test(
  'whatever is given is valid, by two other validators too; and nearly always something is given',
  slow,
  () => {
    const ajv = ajvOf(contract)
    const seen = { possible: 0, given: 0, ajv: 0, schemasafe: 0 }
    fc.assert(
      fc.property(schemas, ({ value, schema }) => {
        const validator = createValidator(contract)
        const sample = createSampler(contract, { validator }).sample(schema, {
          key: 'k',
          direction: 'response',
        })
        // The schema was drawn around a value; its `not` and `oneOf` may refuse that one all the same.
        if (validator.isValid(schema, value)) {
          seen.possible += 1
          if (sample.ok) seen.given += 1
        }
        if (!sample.ok || typeof schema === 'boolean') return
        expect(createValidator(contract).validate(schema, sample.value)).toEqual([])
        // Ajv counts what has been evaluated otherwise than the standard (validation/differential.test.ts).
        if (!/"(?:contains|unevaluated\w+)":/.test(JSON.stringify(schema))) {
          seen.ajv += 1
          expect(ajv.validate(schema, sample.value)).toEqual([])
        }
        const judge = bySchemasafe(JSON.parse(JSON.stringify(schema)) as object)
        if (judge === undefined) return
        seen.schemasafe += 1
        expect(judge(sample.value)).toBe(true)
      }),
      { numRuns: 200, seed: 20, endOnFailure: true },
    )
    expect(seen.ajv).toBeGreaterThan(50)
    expect(seen.schemasafe).toBeGreaterThan(120)
    expect(seen.given / seen.possible).toBeGreaterThan(0.98)
  },
)

test('the same sample is given whatever was sampled before', () => {
  const drawn = fc.sample(schemas, { numRuns: 60, seed: 3 }).map(({ schema }) => schema)
  const validator = createValidator(contract)
  const sampler = createSampler(contract, { validator })
  const options = { key: 'k', direction: 'response' as const }
  const forwards = drawn.map((schema) => sampler.sample(schema, options))
  const other = createSampler(contract, { validator })
  const backwards = drawn.toReversed().map((schema) => other.sample(schema, options))
  expect(backwards.toReversed()).toEqual(forwards)
})

test('a member that is added changes no other', slow, () => {
  fc.assert(
    fc.property(fc.array(schemas, { minLength: 1, maxLength: 4 }), schemas, (own, added) => {
      const sampler = createSampler(contract, { validator: createValidator(contract) })
      const properties = Object.fromEntries(own.map(({ schema }, index) => [`own_${index}`, schema]))
      const sampled = (all: object) =>
        sampler.sample({ type: 'object', properties: { ...all } }, { key: 'k', direction: 'response' })
      const before = sampled(properties)
      const after = sampled({ added: added.schema, ...properties })
      if (!before.ok || !after.ok) throw new Error('optional members are never a reason to refuse')
      expect(after.value).toMatchObject(before.value as object)
    }),
    { numRuns: 60, seed: 5, endOnFailure: true },
  )
})

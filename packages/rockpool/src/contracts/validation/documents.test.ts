import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { realDocument } from '../../../test/support/contracts.ts'
import { setMember } from '../json-object.ts'
import { readContract } from '../read.ts'
import { referenceTo } from '../references.ts'
import type { Contract, Json, Schema } from '../types.ts'
import { createValidator, knownFormats } from './index.ts'

function contractIn(file: string): Contract {
  const reading = readContract(readFileSync(file, 'utf8'), { file })
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings, null, 2))
  return reading.contract
}

/** Bodies that the document gives as examples, with the schemas that they are given for. */
function examplesOf(contract: Contract): [Schema, Json][] {
  return contract.operations
    .flatMap(({ body, responses }) => [
      ...(body?.content ?? []),
      ...responses.flatMap(({ content }) => content),
    ])
    .flatMap(({ schema, examples }) =>
      examples.flatMap(({ value }): [Schema, Json][] => (value === undefined ? [] : [[schema, value]])),
    )
}

/** The value with one thing in it taken away, doubled or replaced, for each thing in it. */
function* spoilt(value: Json): Generator<Json> {
  yield typeof value === 'string' ? 0 : ''
  yield null
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      yield value.toSpliced(index, 1)
      yield value.toSpliced(index, 0, item)
      for (const other of spoilt(item)) yield value.with(index, other)
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const name of Object.keys(value)) {
      const { [name]: member, ...rest } = value
      yield rest
      for (const other of spoilt(member!)) {
        const made = { ...rest }
        setMember(made, name, other)
        yield made
      }
    }
  }
}

const names = [
  'petstore.yaml',
  'adyen-checkout70.json',
  'stripe-2017-09-05.json',
  'stripe-2022-04-12.json',
  'flow-service.json',
  'apibuilder-api.json',
]

for (const name of names) {
  const { file, isHere } = realDocument(name)

  test.skipIf(!isHere)(
    `${name} (a document beside the project): its schemas are ready when they are asked, and all of them are judged`,
    () => {
      const contract = contractIn(file)
      const { isValid, validate, findings } = createValidator(contract, { direction: 'response' })
      const start = performance.now()
      for (const schemaName of contract.schemas.keys()) {
        const schema = { $ref: referenceTo(schemaName) }
        for (const value of [{}, [], 'x', 0, null, [{}], { data: [{}], id: 'x' }])
          expect(validate(schema, value).length === 0).toBe(isValid(schema, value))
      }
      expect(performance.now() - start).toBeLessThan(5000)
      expect(findings()).toEqual([])
    },
  )
}

const adyen = realDocument('adyen-checkout70.json')

describe.skipIf(!adyen.isHere)('the examples of Adyen (a document beside the project)', () => {
  const contract = adyen.isHere ? contractIn(adyen.file) : null
  const examples = contract === null ? [] : examplesOf(contract)

  test('are valid', () => {
    const { validate } = createValidator(contract!)
    expect(examples).toHaveLength(200)
    expect(examples.flatMap(([schema, value]) => validate(schema, value))).toEqual([])
  })

  test('are to us what they are to ajv, however they are spoilt', { timeout: 60_000 }, () => {
    const formats = Object.fromEntries(Object.keys(knownFormats).map((format) => [format, null]))
    const { isValid } = createValidator(contract!, { formats })
    const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false, inlineRefs: false })
    for (const [name, schema] of contract!.schemas) ajv.addSchema(standingAlone(schema), `schema:${name}`)
    const seen = { valid: 0, invalid: 0 }
    for (const [schema, value] of examples) {
      const theirs = ajv.compile(standingAlone(schema))
      for (const other of spoilt(value)) {
        const own = isValid(schema, other)
        seen[own ? 'valid' : 'invalid'] += 1
        if (theirs(other) !== own)
          expect(JSON.stringify(other), `we call it ${own ? 'valid' : 'invalid'}`).toBe('')
      }
    }
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(1000)
  })
})

/** Its references lead to schemas of their own names. */
function standingAlone(schema: Schema): object {
  const text = JSON.stringify(schema === true ? {} : schema)
  return JSON.parse(text.replaceAll('"#/components/schemas/', '"schema:')) as object
}

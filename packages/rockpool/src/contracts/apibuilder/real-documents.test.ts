import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readApi, schemaNamed } from '../../../test/support/apibuilder.ts'
import { realDocument } from '../../../test/support/contracts.ts'
import { toOpenApi } from '../export/openapi.ts'
import { readContract } from '../read.ts'
import { originOf } from '../source/origins.ts'
import type { Contract } from '../types.ts'
import { createValidator } from '../validation/index.ts'

const without = 'skipped without the documents beside the project'

function read(name: string): { contract: Contract; format: string; warnings: string[] } {
  const { contract, format, warnings, errors } = readApi(readFileSync(realDocument(name).file, 'utf8'))
  if (contract === undefined) throw new Error(errors.join('\n'))
  return { contract, format: format!, warnings }
}

describe.each([
  ['apibuilder-api.json', 'api.json', { operations: 74, schemas: 75, imports: 3 }],
  ['apibuilder-spec.json', 'api.json', { operations: 0, schemas: 28, imports: 0 }],
  ['flow-service.json', 'service.json', { operations: 666, schemas: 2305, imports: 8 }],
])('%s', (name, format, counts) => {
  const isHere = realDocument(name).isHere

  test.skipIf(!isHere)(`is read without errors, with one warning for each import (${without})`, () => {
    const reading = read(name)
    expect(reading.format).toBe(format)
    expect(reading.warnings).toHaveLength(counts.imports)
    expect(reading.contract.operations).toHaveLength(counts.operations)
    expect(reading.contract.schemas.size).toBe(counts.schemas)
  })

  test.skipIf(!isHere)(`is the same once it was written as OpenAPI and read again (${without})`, () => {
    const { contract } = read(name)
    const again = readContract(JSON.stringify(toOpenApi(contract)), { file: 'openapi.json' })
    expect(again.findings).toEqual([])
    expect(again.ok && again.contract).toEqual(contract)
  })

  test.skipIf(!isHere)(`every operation, parameter and schema knows where it was read (${without})`, () => {
    const { contract } = read(name)
    const schemas = [...contract.schemas.values()].filter((schema) => typeof schema === 'object')
    const made = [
      ...contract.operations,
      ...contract.operations.flatMap(({ parameters, responses }) => [...parameters, ...responses]),
      ...schemas,
      ...schemas.flatMap(({ properties }) => Object.values(properties ?? {})),
    ]
    const lost = made.filter((one) => typeof one === 'object' && originOf(one) === undefined)
    expect(lost).toEqual([])
  })
})

const both = ['apibuilder-spec.json', 'flow-service.json']
test.skipIf(!both.every((name) => realDocument(name).isHere))(
  `Flow's service.json is what API Builder's own contract says that a service.json is (${without})`,
  () => {
    const { contract } = read('apibuilder-spec.json')
    const service = JSON.parse(readFileSync(realDocument('flow-service.json').file, 'utf8'))
    const validator = createValidator(contract)
    expect(validator.validate(schemaNamed(contract, 'service'), service)).toEqual([])
    service.resources[3].operations[0].responses[0].code = { integer: 200 }
    service.models[5].fields[0].required = 'yes'
    const violations = validator.validate(schemaNamed(contract, 'service'), service)
    expect(violations.map(({ pointer }) => pointer)).toEqual([
      '/models/5/fields/0/required',
      '/resources/3/operations/0/responses/0/code/integer',
    ])
  },
)

test.skipIf(!realDocument('flow-service.json').isHere)(
  `of Flow's service.json a union, an unknown type and a path are what they are on the wire (${without})`,
  () => {
    const { contract } = read('flow-service.json')
    expect(schemaNamed(contract, 'authorization.card_authorization').allOf).toEqual([
      {
        type: 'object',
        properties: { discriminator: { type: 'string', const: 'card_authorization' } },
        required: ['discriminator'],
      },
      { $ref: '#/components/schemas/card_authorization' },
    ])
    expect(
      schemaNamed(contract, 'io.flow.channel.internal.v0.enums.channel_order_acceptance_status').type,
    ).toBe('string')
    const cart = contract.operations.find(({ path }) => path === '/shopify/carts/{id}.html')!
    expect(cart.parameters.map(({ name, in: place }) => `${place} ${name}`)).toContain('path id')
    expect(originOf(cart)).toMatchObject({
      file: 'api.json',
      pointer: expect.stringMatching(/^\/resources\/\d+\/operations\/\d+$/),
    })
  },
)

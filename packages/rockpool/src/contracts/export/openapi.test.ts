import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { everything } from '../../../test/support/contract-with-everything.ts'
import { contractOf, realDocument } from '../../../test/support/contracts.ts'
import { readContract } from '../read.ts'
import type { Contract } from '../types.ts'
import { toOpenApi } from './openapi.ts'

function again(contract: Contract, as: (document: object) => string, file: string): Contract {
  const reading = readContract(as(toOpenApi(contract)), { file })
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings, null, 2))
  // What is written needs no mending.
  expect(reading.findings).toEqual([])
  return reading.contract
}

const yamlOf = (document: object) => stringify(document, { aliasDuplicateObjects: false })

test('whatever a contract has, it is the same after it was written and read again, as JSON and as YAML', () => {
  const contract = contractOf(everything)
  expect(again(contract, JSON.stringify, 'a.json')).toEqual(contract)
  expect(again(contract, yamlOf, 'a.yaml')).toEqual(contract)
})

test('what is written is OpenAPI 3.1, whatever was read', () => {
  const document = toOpenApi(contractOf(everything))
  expect(document['openapi']).toBe('3.1.1')
  const item = (document['paths'] as Record<string, object>)['/a/{id}']!
  expect(Object.keys(item).toSorted()).toEqual(['get', 'post', 'trace', 'x-rockpool-operations'])
})

test('writing what was read of what was written changes nothing any more', () => {
  const first = JSON.stringify(toOpenApi(contractOf(everything)))
  const second = JSON.stringify(toOpenApi(again(contractOf(everything), JSON.stringify, 'a.json')))
  expect(second).toBe(first)
})

describe('real documents', () => {
  for (const name of [
    'petstore.yaml',
    'adyen-checkout70.json',
    'stripe-2017-09-05.json',
    'stripe-2022-04-12.json',
  ]) {
    const { file, isHere } = realDocument(name)
    test.skipIf(!isHere)(
      `${name}: read, written and read again it is the same (skipped without the documents beside the project)`,
      () => {
        const reading = readContract(readFileSync(file, 'utf8'), { file: name })
        if (!reading.ok) throw new Error(JSON.stringify(reading.findings.slice(0, 9), null, 2))
        expect(again(reading.contract, JSON.stringify, 'a.json')).toEqual(reading.contract)
      },
    )
  }
})

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readContract } from '../../src/contracts/read.ts'
import type { ContractReading } from '../../src/contracts/read.ts'
import type { Contract, Json, SchemaObject } from '../../src/contracts/types.ts'

const folder = join(
  process.env['ROCKPOOL_SHARED'] ?? fileURLToPath(new URL('../../../../../shared', import.meta.url)),
  'data/contracts',
)

/** A real document beside the project; `isHere` false: it is not on this machine. */
export function realDocument(name: string): { file: string; isHere: boolean } {
  const file = join(folder, name)
  return { file, isHere: existsSync(file) }
}

/** Reads a document given as values, as OpenAPI 3.1 unless it says another version. */
export function readDocument(document: object): ContractReading {
  return readContract(JSON.stringify({ openapi: '3.1.0', info, paths: {}, ...document }, null, 2), {
    file: 'contract.json',
  })
}

const info = { title: 'Things', version: '1.0.0' }

/** The contract, which must be good. */
export function contractOf(document: object): Contract {
  const reading = readDocument(document)
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings, null, 2))
  return reading.contract
}

/** What becomes of one schema, with the words of a version. */
export function schemaOf(schema: Json, version = '3.1.0'): { schema: SchemaObject; messages: string[] } {
  const components = { schemas: { Thing: schema, Other: { type: 'string' } } }
  const reading = readDocument(
    version === '2.0'
      ? { openapi: undefined, swagger: '2.0', definitions: components.schemas }
      : { openapi: version, components },
  )
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings, null, 2))
  return {
    schema: reading.contract.schemas.get('Thing') as SchemaObject,
    messages: reading.findings.map(({ message }) => message),
  }
}

import { readApiBuilder } from '../../src/contracts/apibuilder/index.ts'
import type { ApiBuilderOptions } from '../../src/contracts/apibuilder/index.ts'
import { Findings } from '../../src/contracts/findings.ts'
import { isObject } from '../../src/contracts/json-object.ts'
import { readText } from '../../src/contracts/source/text.ts'
import type { Contract, Operation, SchemaObject } from '../../src/contracts/types.ts'

export interface ApiReading {
  contract: Contract | undefined
  format: string | undefined
  /** As `<pointer>: <message>`. */
  errors: string[]
  warnings: string[]
}

/** Reads a text of API Builder, or a document given as values, which needs no name. */
export function readApi(document: object | string, options?: ApiBuilderOptions): ApiReading {
  const text =
    typeof document === 'string' ? document : JSON.stringify({ name: 'shop', ...document }, null, 2)
  const { value, findings: faults } = readText(text, 'api.json')
  const findings = new Findings()
  findings.all.push(...faults)
  const read = isObject(value) ? readApiBuilder(value, findings, options) : undefined
  const tell = (level: string) =>
    findings.all.filter((one) => one.level === level).map(({ path, message }) => `${path}: ${message}`)
  return {
    contract: read?.contract,
    format: read?.format,
    errors: tell('error'),
    warnings: tell('warning'),
  }
}

/** The contract of a document in which nothing is wrong. */
export function apiOf(document: object, options?: ApiBuilderOptions): Contract {
  const { contract, errors, warnings } = readApi(document, options)
  if (contract === undefined || warnings.length > 0) throw new Error([...errors, ...warnings].join('\n'))
  return contract
}

export function schemaNamed(contract: Contract, name: string): SchemaObject {
  const schema = contract.schemas.get(name)
  if (typeof schema !== 'object') throw new Error(`there is no schema ${name}`)
  return schema
}

/** The schema of the field `it` of a type, in an API that has some others. */
export function fieldOf(field: object, document: object = {}): unknown {
  const contract = apiOf({ models: { thing: { fields: [{ name: 'it', ...field }] } }, ...document })
  return schemaNamed(contract, 'thing').properties!['it']
}

/** The one operation of a resource `thing`. */
export function operationOf(operation: object, resource: object = {}, document: object = {}): Operation {
  return apiOf(apiWith(operation, resource, document)).operations[0]!
}

/** An API with a resource `thing`, whose model has an id. */
export function apiWith(operation: object, resource: object = {}, document: object = {}): object {
  return {
    models: { thing: { fields: [{ name: 'id', type: 'uuid' }] } },
    resources: { thing: { operations: [{ method: 'GET', ...operation }], ...resource } },
    ...document,
  }
}

const beside = {
  enums: { role: { values: [{ name: 'admin' }, { name: 'read_only', value: 'ReadOnly' }] } },
  models: {},
}
/** A document with one field, `it` of `thing`, and what fields may lead to. */
export const withField = (field: object) => ({
  ...beside,
  models: { thing: { fields: [{ name: 'it', ...field }] }, other: { fields: [] } },
  interfaces: { named: { fields: [] } },
})
export const errorsOfField = (field: object) => readApi(withField(field)).errors
export const schemaOfField = (field: object) =>
  schemaNamed(apiOf(withField(field)), 'thing').properties!['it']

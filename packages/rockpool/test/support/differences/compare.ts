import { readContract } from '../../../src/contracts/read.ts'
import type { Contract } from '../../../src/contracts/types.ts'
import { differencesOf } from '../../../src/contracts/differences/index.ts'
import type { Difference } from '../../../src/contracts/differences/index.ts'

/** A contract as a test writes it: the whole, or what follows its title. */
export function contractIn(text: string): Contract {
  return readWhole(text.startsWith('openapi') ? text : withTitle(text), 'things.yaml')
}

export function readWhole(text: string, file: string): Contract {
  const reading = readContract(text, { file })
  if (!reading.ok) throw new Error(reading.findings.map(({ message }) => message).join('; '))
  return reading.contract
}

export function withTitle(text: string): string {
  return `openapi: 3.1.0\ninfo: { title: Things, version: '1' }\n${text}`
}

/** Whether the version says it is left out: that has cases of its own. */
export function between(before: string, after: string): Difference[] {
  return differencesOf(contractIn(before), contractIn(after)).filter(({ place }) => place !== 'version')
}

/** Rules and places, such as `endpoint-added: GET /things operation`. */
export function told(before: string, after: string): string[] {
  return between(before, after).map(({ rule, operation, place }) => {
    const at = operation === null ? '' : `${operation.method} ${operation.path} `
    return `${rule}: ${at}${place}`
  })
}

// Parts of documents.
export const done = 'responses: { 204: { description: Done } }'
export const query = (name: string) =>
  `{ name: ${name}, in: query, required: true, schema: { type: string } }`
export const inPath = (name: string) =>
  `{ name: ${name}, in: path, required: true, schema: { type: string } }`

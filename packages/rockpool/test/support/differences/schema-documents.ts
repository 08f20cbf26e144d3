import { readContract } from '../../../src/contracts/read.ts'
import type { Contract, Json, JsonObject } from '../../../src/contracts/types.ts'
import { differencesOf } from '../../../src/contracts/differences/index.ts'
import type { Difference } from '../../../src/contracts/differences/types.ts'

/** A contract of a document in JSON or YAML. */
export function contractIn(text: string, file = 'things.json'): Contract {
  const reading = readContract(text, { file })
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings))
  return reading.contract
}

export const documentWith = (paths: JsonObject, schemas: JsonObject = {}): JsonObject => ({
  openapi: '3.1.0',
  info: { title: 'Things', version: '1' },
  paths,
  components: { schemas },
})

export const bodyOf = (schema: Json): JsonObject => ({ content: { 'application/json': { schema } } })
export const answerOf = (schema: Json): JsonObject => ({ 200: { description: 'Done', ...bodyOf(schema) } })
export const done: JsonObject = { 204: { description: 'Done' } }

/** An operation that is sent the first schema, and answers the second. */
export function operation(sent: Json | null, answered: Json | null = null): JsonObject {
  return {
    responses: answered === null ? done : answerOf(answered),
    ...(sent !== null && { requestBody: bodyOf(sent) }),
  }
}

export const toSchema = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` })

/** What is different, but for what follows of a version that is the same. */
export function between(before: JsonObject, after: JsonObject): Difference[] {
  const [one, other] = [before, after].map((each) => contractIn(JSON.stringify(each)))
  return differencesOf(one!, other!).filter(({ place }) => place !== 'version')
}

/** `rule: place` of each. */
export function told(before: JsonObject, after: JsonObject): string[] {
  return between(before, after).map(({ rule, place }) => `${rule}: ${place}`)
}

/** The same of two bodies that are sent. */
export function toldOf(
  before: Json,
  after: Json,
  schemas: JsonObject = {},
  schemasAfter = schemas,
): string[] {
  const document = (schema: Json, named: JsonObject) =>
    documentWith({ '/things': { post: operation(schema) } }, named)
  return told(document(before, schemas), document(after, schemasAfter)).map((text) =>
    text.replace('request body application/json', 'body'),
  )
}

import { validator } from '@exodus/schemasafe'
import type { Contract, Json, Schema } from '../../src/contracts/types.ts'

/**
 * Judges values by schemas of a contract, by a validator that is nobody's here. All schemas are compiled at once, for
 * each compilation brings along all that it leads to.
 * @param asked the schemas, by names of the caller's
 */
export function schemasafeOf(
  contract: Contract,
  asked: ReadonlyMap<string, Schema>,
): (name: string, value: Json) => boolean {
  const $schemaDefault = 'https://json-schema.org/draft/2020-12/schema'
  const document = {
    type: 'object',
    properties: Object.fromEntries(asked),
    components: { schemas: Object.fromEntries(contract.schemas) },
  }
  const validate = validator(plain(document as unknown as Json) as object, {
    mode: 'lax',
    $schemaDefault,
    isJSON: true,
  })
  return (name, value) => validate({ [name]: value })
}

/** Without what refuses no value in JSON Schema 2020-12, and is something else, or a fault, to this validator. */
function plain(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(plain)
  const { type } = value
  const kept = Object.entries(value).filter(
    ([name, inner]) => !isLeftOut(name, inner) && !isOfAnotherType(name, type),
  )
  return Object.fromEntries(kept.map(([name, inner]) => [name, plain(inner)]))
}

function isLeftOut(name: string, value: Json): boolean {
  if (name === 'discriminator') return typeof value === 'object' && value !== null && 'propertyName' in value
  return name === 'format' && typeof value === 'string' && !formats.has(value)
}

/** `maxLength` of what is no text refuses nothing (validation, 6.1), and is a fault to this validator. */
function isOfAnotherType(name: string, type: Json | undefined): boolean {
  return typeof type === 'string' && type !== 'string' && ofTexts.has(name)
}

const ofTexts = new Set(['minLength', 'maxLength', 'pattern'])

/** Those of JSON Schema 2020-12 (validation, 7.3); others, such as `int32`, are whatever somebody says. */
const formats = new Set(
  `date-time date time duration email idn-email hostname idn-hostname ipv4 ipv6 uri uri-reference iri iri-reference
  uuid uri-template json-pointer relative-json-pointer regex`.split(/\s+/),
)

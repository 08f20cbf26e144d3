import Ajv2020 from 'ajv/dist/2020.js'
import type { ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { setMember } from '../../src/contracts/json-object.ts'
import type { Contract, Json, Schema } from '../../src/contracts/types.ts'
import type { SampleValidator } from '../../src/contracts/samples/index.ts'

const id = 'rockpool:contract'

/** Ajv as the validator of a contract. */
export function ajvOf({ schemas }: Pick<Contract, 'schemas'>): SampleValidator {
  const ajv = new Ajv2020.default({ strict: false, allErrors: true, logger: false, multipleOfPrecision: 8 })
  addFormats.default(ajv)
  const named: Record<string, Json> = {}
  for (const [name, schema] of schemas) setMember(named, name, absolute(schema as Json))
  ajv.addSchema({ $id: id, components: { schemas: named } })
  const compiled = new WeakMap<object, ValidateFunction>()
  const functionFor = (schema: Schema): ValidateFunction => {
    if (typeof schema === 'boolean') return ajv.compile(schema)
    let validate = compiled.get(schema)
    if (validate === undefined)
      compiled.set(schema, (validate = ajv.compile(absolute(schema as Json) as object)))
    return validate
  }
  return {
    validate(schema, value) {
      const validate = functionFor(schema)
      validate(value)
      return (validate.errors ?? []).map(({ instancePath: pointer, keyword }) => ({ pointer, keyword }))
    },
    isValid: (schema, value) => functionFor(schema)(value),
  }
}

/** References into the contract, wherever the schema itself stands. */
function absolute(value: Json): Json {
  if (Array.isArray(value)) return value.map(absolute)
  if (typeof value !== 'object' || value === null) return value
  const copy: Record<string, Json> = {}
  for (const [name, member] of Object.entries(value)) {
    const isReference = name === '$ref' && typeof member === 'string' && member.startsWith('#')
    setMember(copy, name, isReference ? `${id}${member}` : absolute(member))
  }
  return copy
}

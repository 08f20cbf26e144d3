import { nameOfReference } from '../references.ts'
import type { Contract, Schema, SchemaObject } from '../types.ts'
import type { ValidatorOptions } from './types.ts'

/** References and `allOf` that are followed from one schema: those of one value, so it is few. */
const mostFollowed = 200

/**
 * Names that a schema declares and whose members need not be there in a direction (OpenAPI 3.0.4, 4.7.24.2). They are
 * declared in the schema itself, or in what it is made of by `$ref` and `allOf`.
 */
export function exemptNames(
  schema: SchemaObject,
  contract: Pick<Contract, 'schemas'>,
  direction: ValidatorOptions['direction'],
): Set<string> {
  const names = new Set<string>()
  if (direction === undefined) return names
  const keyword = direction === 'request' ? 'readOnly' : 'writeOnly'
  for (const part of partsOf(schema, contract))
    for (const [name, property] of Object.entries(part.properties ?? {}))
      if (partsOf(property, contract).some((one) => one[keyword] === true)) names.add(name)
  return names
}

/** A schema, and all that it is made of by `$ref` and `allOf`. */
function partsOf(schema: Schema, contract: Pick<Contract, 'schemas'>): SchemaObject[] {
  const parts = new Set<SchemaObject>()
  const left: Schema[] = [schema]
  for (let part = left.pop(); part !== undefined && parts.size < mostFollowed; part = left.pop()) {
    if (typeof part === 'boolean' || parts.has(part)) continue
    parts.add(part)
    if (part.$ref !== undefined) left.push(contract.schemas.get(nameOfReference(part.$ref)) ?? true)
    left.push(...(part.allOf ?? []))
  }
  return [...parts]
}

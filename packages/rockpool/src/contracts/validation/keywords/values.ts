import type { Json, SchemaObject, SchemaType } from '../../types.ts'
import { assertion } from '../context.ts'
import { isEqual } from '../../json-equal.ts'
import type { Check } from '../run.ts'
import { either, show, showAll } from '../show.ts'

const typeWords: Readonly<Record<SchemaType, string>> = {
  null: 'null',
  boolean: 'true or false',
  object: 'an object',
  array: 'an array',
  number: 'a number',
  integer: 'a whole number',
  string: 'a string',
}

const typeTests: Readonly<Record<SchemaType, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: (value) => Array.isArray(value),
  number: (value) => Number.isFinite(value),
  integer: (value) => Number.isInteger(value),
  string: (value) => typeof value === 'string',
}

/** `type` (JSON Schema 2020-12 validation, 6.1.1); null: the schema says none. */
export function typeCheck(schema: SchemaObject): Check | null {
  if (schema.type === undefined) return null
  const types = [schema.type].flat()
  return assertion(schema, 'type', isOneOfTypes(types), `must be ${wordsOfTypes(types)}`)
}

/** `enum`, `const` (6.1.2, 6.1.3). */
export function valueChecks(schema: SchemaObject): Check[] {
  const checks: Check[] = []
  const { enum: values } = schema
  if (values !== undefined)
    checks.push(
      assertion(
        schema,
        'enum',
        isOneOf(values),
        values.length === 1 ? `must be ${showAll(values)}` : `must be one of ${showAll(values)}`,
      ),
    )
  if (schema.const !== undefined)
    checks.push(assertion(schema, 'const', isOneOf([schema.const]), `must be ${show(schema.const)}`))
  return checks
}

export function wordsOfTypes(types: readonly SchemaType[]): string {
  return either(types.map((type) => typeWords[type]))
}

function isOneOfTypes(types: readonly SchemaType[]): (value: unknown) => boolean {
  // A type that nobody knows is a fault of the document, and no value's.
  const tests = types.map((type) => (Object.hasOwn(typeTests, type) ? typeTests[type] : () => true))
  const [first, second] = tests
  if (tests.length === 1) return first!
  if (tests.length === 2) return (value) => first!(value) || second!(value)
  return (value) => tests.some((test) => test(value))
}

function isOneOf(values: readonly Json[]): (value: unknown) => boolean {
  const plain = new Set<unknown>(values.filter((value) => typeof value !== 'object' || value === null))
  const compound = values.filter((value) => typeof value === 'object' && value !== null)
  if (compound.length === 0) return (value) => plain.has(value)
  return (value) => plain.has(value) || compound.some((one) => isEqual(one, value))
}

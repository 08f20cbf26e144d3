import type { JsonObject, SchemaObject } from '../../types.ts'
import { assertion } from '../context.ts'
import type { Context } from '../context.ts'
import { ruleOf } from '../run.ts'
import type { Check } from '../run.ts'
import { count, show } from '../show.ts'
import { has, membersCheck } from './members.ts'

/**
 * JSON Schema 2020-12 core, 10.2.2.4 and 10.3.2; validation, 6.5.
 * @param exempt names that are not required, whatever is said
 */
export function objectChecks(
  schema: SchemaObject,
  context: Context,
  exempt: ReadonlySet<string>,
): Check<JsonObject>[] {
  const { minProperties, maxProperties, required, dependentRequired, dependentSchemas, propertyNames } =
    schema
  const checks: Check<JsonObject>[] = []
  if (required !== undefined) {
    const names = required.filter((name) => !exempt.has(name))
    if (names.length > 0) checks.push(requiredCheck(schema, 'required', names, 'is required', {}))
  }
  if (minProperties !== undefined)
    checks.push(
      assertion(
        schema,
        'minProperties',
        (value) => sizeOf(value) >= minProperties,
        `must have at least ${count(minProperties, 'member')}`,
      ),
    )
  if (maxProperties !== undefined)
    checks.push(
      assertion(
        schema,
        'maxProperties',
        (value) => sizeOf(value) <= maxProperties,
        `must have at most ${count(maxProperties, 'member')}`,
      ),
    )
  for (const [name, names] of Object.entries(dependentRequired ?? {})) {
    const rule = `is required where ${show(name)} is`
    const check = requiredCheck(schema, 'dependentRequired', names, rule, { because: name })
    checks.push((value, run) => !has(value, name) || check(value, run))
  }
  for (const [name, dependent] of Object.entries(dependentSchemas ?? {})) {
    const check = context.prepare(dependent, schema, 'dependentSchemas')
    checks.push((value, run) => !has(value, name) || check(value, run))
  }
  if (propertyNames !== undefined)
    checks.push(namesCheck(schema, context.prepare(propertyNames, schema, 'propertyNames')))
  const members = membersCheck(schema, context)
  if (members !== null) checks.push(members)
  return checks
}

function requiredCheck(
  schema: SchemaObject,
  keyword: string,
  names: readonly string[],
  rule: string,
  more: JsonObject,
): Check<JsonObject> {
  return (value, run) => {
    let holds = true
    for (const name of names) {
      if (has(value, name)) continue
      if (!run.explains) return false
      holds = run.fail(schema, keyword, rule, { property: name, ...more }, name)
    }
    return holds
  }
}

/** A name's fault is told as one of its member. */
function namesCheck(schema: SchemaObject, check: Check<string>): Check<JsonObject> {
  return (value, run) => {
    let holds = true
    for (const name of Object.keys(value)) {
      if (run.test(check, name)) continue
      if (!run.explains) return false
      const [fault] = run.explain(check, name, 1)
      const rule = fault === undefined ? 'is not allowed' : `its name ${ruleOf(fault)}`
      holds = run.fail(schema, 'propertyNames', rule, { property: name }, name)
    }
    return holds
  }
}

function sizeOf(value: JsonObject): number {
  return Object.keys(value).length
}

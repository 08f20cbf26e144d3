import type { JsonObject, SchemaObject } from '../../types.ts'
import type { Context } from '../context.ts'
import type { Pattern } from '../pattern/pattern.ts'
import type { Check, Run } from '../run.ts'

/** `properties`, `patternProperties`, `additionalProperties` in one pass (JSON Schema 2020-12 core, 10.3.2). */
export function membersCheck(schema: SchemaObject, context: Context): Check<JsonObject> | null {
  const named = new Map<string, Check>()
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    named.set(name, context.prepare(property, schema, 'properties'))
  const { additionalProperties: others = true } = schema
  const patterns = patternsOf(schema, context)
  if (patterns.length === 0 && others === true) return named.size === 0 ? null : namedCheck(named)
  const othersCheck = context.prepare(others, schema, 'additionalProperties')
  return (value, run) => {
    const names = Object.keys(value)
    run.spendOn(names.length)
    let holds = true
    for (const name of names) {
      if (value[name] === undefined || memberHolds(name, value, run)) continue
      if (!run.explains) return false
      holds = false
    }
    return holds
  }

  function memberHolds(name: string, value: JsonObject, run: Run): boolean {
    const check = named.get(name)
    let holds = check === undefined || run.within(name, check, value[name])
    let isKnown = check !== undefined
    for (const { pattern, check: patternCheck } of patterns) {
      if (!pattern.matches(name, run)) continue
      isKnown = true
      holds = run.within(name, patternCheck, value[name]) && holds
    }
    return isKnown ? holds : run.within(name, othersCheck, value[name])
  }
}

/** What is not defined stands in no JSON text. */
export function has(value: JsonObject, name: string): boolean {
  return value[name] !== undefined && (!(name in Object.prototype) || Object.hasOwn(value, name))
}

interface PatternMembers {
  pattern: Pattern
  check: Check
}

function patternsOf(schema: SchemaObject, context: Context): PatternMembers[] {
  return Object.entries(schema.patternProperties ?? {}).map(([source, property]) => {
    const pattern = context.patternOf(source, schema, 'patternProperties')
    // One that is not judged may be anybody's.
    const check =
      pattern.unjudged === null ? context.prepare(property, schema, 'patternProperties') : () => true
    return { pattern, check }
  })
}

function namedCheck(named: ReadonlyMap<string, Check>): Check<JsonObject> {
  const members = [...named].map(([name, check]) => ({ name, check, isInherited: name in Object.prototype }))
  return (value, run) => {
    let holds = true
    for (const { name, check, isInherited } of members) {
      if (isInherited && !Object.hasOwn(value, name)) continue
      const found = value[name]
      if (found === undefined || run.within(name, check, found)) continue
      if (!run.explains) return false
      holds = false
    }
    return holds
  }
}

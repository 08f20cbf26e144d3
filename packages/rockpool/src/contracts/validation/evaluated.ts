import { isObject } from '../json-object.ts'
import { nameOfReference } from '../references.ts'
import type { JsonObject, Schema, SchemaObject } from '../types.ts'
import type { Context } from './context.ts'
import { tagOf } from './discriminator.ts'
import { has } from './keywords/members.ts'
import type { Check, Run } from './run.ts'

/** What schemas have looked at of one value (JSON Schema 2020-12 core, 11): of a list also all its items up to a place. */
interface Evaluated {
  all: boolean
  parts: Set<string | number>
  upTo: number
}

type Gather = (value: unknown, run: Run, into: Evaluated) => void

/** `unevaluatedProperties` (JSON Schema 2020-12 core, 11.3), to be asked after everything else that the schema says. */
export function unevaluatedPropertiesCheck(
  schema: SchemaObject,
  rest: Schema,
  context: Context,
  exempt: ReadonlySet<string>,
): Check<JsonObject> {
  const gather = gatherer(schema, context, exempt, true)
  const check = context.prepare(rest, schema, 'unevaluatedProperties')
  return (value, run) => {
    const evaluated: Evaluated = { all: false, parts: new Set(), upTo: 0 }
    gather(value, run, evaluated)
    if (evaluated.all) return true
    const names = Object.keys(value)
    run.spendOn(names.length)
    let holds = true
    for (const name of names) {
      if (evaluated.parts.has(name) || value[name] === undefined) continue
      if (run.within(name, check, value[name])) continue
      if (!run.explains) return false
      holds = false
    }
    return holds
  }
}

/** `unevaluatedItems` (11.2). */
export function unevaluatedItemsCheck(
  schema: SchemaObject,
  rest: Schema,
  context: Context,
  exempt: ReadonlySet<string>,
): Check<readonly unknown[]> {
  const gather = gatherer(schema, context, exempt, true)
  const check = context.prepare(rest, schema, 'unevaluatedItems')
  return (list, run) => {
    const evaluated: Evaluated = { all: false, parts: new Set(), upTo: 0 }
    gather(list, run, evaluated)
    if (evaluated.all) return true
    run.spendOn(list.length)
    let holds = true
    for (let index = evaluated.upTo; index < list.length; index++) {
      if (evaluated.parts.has(index) || run.within(index, check, list[index])) continue
      if (!run.explains) return false
      holds = false
    }
    return holds
  }
}

/**
 * Gathers what a schema has looked at of a value that it holds for; of one that it does not hold for it gathers at least as
 * much, which changes nothing: that value is refused anyway.
 * @param isAsking it is the schema whose unevaluated parts are asked for
 */
function gatherer(schema: Schema, context: Context, exempt: ReadonlySet<string>, isAsking = false): Gather {
  if (typeof schema === 'boolean') return () => undefined
  let gathers: Gather[] | null = null
  return (value, run, into) => {
    // Prepared late: schemas may lead back to themselves.
    gathers ??= [
      ownMembers(schema, context, isAsking),
      ownItems(schema, context, isAsking),
      ...ofParts(schema, context, exempt),
    ]
    run.enter(1)
    for (const gather of gathers) if (!into.all) gather(value, run, into)
    run.leave()
  }
}

function ownMembers(schema: SchemaObject, context: Context, isAsking: boolean): Gather {
  const { properties = {}, additionalProperties, unevaluatedProperties, patternProperties = {} } = schema
  const isAll = additionalProperties !== undefined || (!isAsking && unevaluatedProperties !== undefined)
  const patterns = Object.keys(patternProperties).map((source) =>
    context.patternOf(source, schema, 'patternProperties'),
  )
  return (value, run, into) => {
    if (!isObject(value)) return
    into.all ||= isAll
    for (const name of Object.keys(value)) {
      if (into.all) return
      const isNamed = Object.hasOwn(properties, name)
      if (isNamed || patterns.some((pattern) => pattern.matches(name, run))) into.parts.add(name)
    }
  }
}

function ownItems(schema: SchemaObject, context: Context, isAsking: boolean): Gather {
  const { items, unevaluatedItems, prefixItems = [], contains } = schema
  const isAll = items !== undefined || (!isAsking && unevaluatedItems !== undefined)
  const check = contains === undefined ? null : context.prepare(contains, schema, 'contains')
  return (value, run, into) => {
    if (!Array.isArray(value)) return
    into.all ||= isAll
    into.upTo = Math.max(into.upTo, prefixItems.length)
    if (check === null || into.all) return
    for (const [index, item] of value.entries()) if (run.test(check, item)) into.parts.add(index)
  }
}

/** Of the schemas that are asked of the same value, if they hold. */
function ofParts(schema: SchemaObject, context: Context, exempt: ReadonlySet<string>): Gather[] {
  const gathers: Gather[] = []
  const gathererOf = (part: Schema) => gatherer(part, context, exempt)
  if (schema.$ref !== undefined)
    gathers.push(gathererOf(context.contract.schemas.get(nameOfReference(schema.$ref)) ?? true))
  for (const part of schema.allOf ?? []) gathers.push(gathererOf(part))
  for (const keyword of ['anyOf', 'oneOf'] as const)
    if (schema[keyword] !== undefined) gathers.push(ofBranches(schema, keyword, context, exempt))
  for (const [name, part] of Object.entries(schema.dependentSchemas ?? {})) {
    const gather = gathererOf(part)
    gathers.push((value, run, into) => isObject(value) && has(value, name) && gather(value, run, into))
  }
  if (schema.if !== undefined) {
    const condition = context.prepare(schema.if, schema, 'if')
    const [asked, yes, no] = [schema.if, schema.then ?? true, schema.else ?? true].map(gathererOf)
    gathers.push((value, run, into) => {
      if (!run.test(condition, value)) return no!(value, run, into)
      asked!(value, run, into)
      yes!(value, run, into)
    })
  }
  return gathers
}

function ofBranches(
  schema: SchemaObject,
  keyword: 'anyOf' | 'oneOf',
  context: Context,
  exempt: ReadonlySet<string>,
): Gather {
  const parts = schema[keyword] ?? []
  const branches = parts.map((part) => ({
    check: context.prepare(part, schema, keyword, exempt),
    gather: gatherer(part, context, exempt),
  }))
  const tag = context.discriminator === 'decides' ? tagOf(schema, parts, context.contract) : null
  return (value, run, into) => {
    const named = tag?.branchOf(value)
    const asked = named === undefined ? branches : [branches[named]!]
    const matching = asked.filter(({ check }) => run.test(check, value))
    for (const { gather } of matching) gather(value, run, into)
    // It is refused by this keyword: what would have been looked at is not known.
    if (matching.length === 0) into.all = true
  }
}

import type { Schema, SchemaObject } from '../../types.ts'
import { assertion } from '../context.ts'
import type { Context } from '../context.ts'
import { firstPair } from '../equality.ts'
import type { Check } from '../run.ts'
import { count } from '../show.ts'

type List = readonly unknown[]

/** JSON Schema 2020-12 core, 10.3.1; validation, 6.4. */
export function listChecks(schema: SchemaObject, context: Context): Check<List>[] {
  const { minItems, maxItems, prefixItems, items, contains } = schema
  const checks: Check<List>[] = []
  if (minItems !== undefined)
    checks.push(
      assertion(
        schema,
        'minItems',
        ({ length }) => length >= minItems,
        `must have at least ${count(minItems, 'item')}`,
      ),
    )
  if (maxItems !== undefined)
    checks.push(
      assertion(
        schema,
        'maxItems',
        ({ length }) => length <= maxItems,
        `must have at most ${count(maxItems, 'item')}`,
      ),
    )
  if (prefixItems !== undefined) checks.push(prefixCheck(schema, prefixItems, context))
  if (items !== undefined) checks.push(itemsCheck(schema, items, prefixItems?.length ?? 0, context))
  if (contains !== undefined) checks.push(containsCheck(schema, contains, context))
  if (schema.uniqueItems === true) checks.push(uniqueCheck(schema))
  return checks
}

function prefixCheck(schema: SchemaObject, prefix: readonly Schema[], context: Context): Check<List> {
  const checks = prefix.map((item) => context.prepare(item, schema, 'prefixItems'))
  return (list, run) => {
    let holds = true
    for (let index = 0; index < checks.length && index < list.length; index++) {
      if (run.within(index, checks[index]!, list[index])) continue
      if (!run.explains) return false
      holds = false
    }
    return holds
  }
}

function itemsCheck(schema: SchemaObject, items: Schema, from: number, context: Context): Check<List> {
  if (items === true) return () => true
  const check = context.prepare(items, schema, 'items')
  return (list, run) => {
    run.spendOn(list.length)
    let holds = true
    for (let index = from; index < list.length; index++) {
      if (run.within(index, check, list[index])) continue
      if (!run.explains) return false
      holds = false
    }
    return holds
  }
}

function containsCheck(schema: SchemaObject, contains: Schema, context: Context): Check<List> {
  const { minContains = 1, maxContains = Infinity } = schema
  const check = context.prepare(contains, schema, 'contains')
  const matching = 'items that are as `contains` says'
  return (list, run) => {
    run.spendOn(list.length)
    let found = 0
    for (const item of list) {
      if (found > maxContains || (maxContains === Infinity && found >= minContains)) break
      if (run.test(check, item)) found += 1
    }
    if (found < minContains)
      return run.fail(
        schema,
        schema.minContains === undefined ? 'contains' : 'minContains',
        `must have at least ${minContains} ${matching}`,
        { minContains },
      )
    if (found > maxContains)
      return run.fail(schema, 'maxContains', `must have at most ${maxContains} ${matching}`, { maxContains })
    return true
  }
}

function uniqueCheck(schema: SchemaObject): Check<List> {
  return (list, run) => {
    const pair = firstPair(list, (steps) => run.spend(steps))
    if (pair === null) return true
    const rule = `must have no item twice: items ${pair[0]} and ${pair[1]} are equal`
    return run.fail(schema, 'uniqueItems', rule, { items: pair })
  }
}

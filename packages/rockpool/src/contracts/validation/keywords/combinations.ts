import { nameOfReference } from '../../references.ts'
import type { Schema, SchemaObject } from '../../types.ts'
import { explainNoMatch } from '../branches.ts'
import type { Context } from '../context.ts'
import { tagOf } from '../discriminator.ts'
import type { Check } from '../run.ts'

/**
 * `$ref`, `allOf`, `anyOf`, `oneOf`, `not`, `if` (JSON Schema 2020-12 core, 8.2.3.1 and 10.2).
 * @param exempt names that are not required in what is said of the same value
 */
export function combinationChecks(
  schema: SchemaObject,
  context: Context,
  exempt: ReadonlySet<string>,
): Check[] {
  const prepare = (part: Schema, keyword: string) => context.prepare(part, schema, keyword, exempt)
  const checks: Check[] = []
  if (schema.$ref !== undefined) {
    const target = context.contract.schemas.get(nameOfReference(schema.$ref)) ?? true
    checks.push(prepare(target, '$ref'))
  }
  for (const part of schema.allOf ?? []) checks.push(prepare(part, 'allOf'))
  if (schema.anyOf !== undefined) checks.push(anyOfCheck(schema, schema.anyOf, context, prepare))
  if (schema.oneOf !== undefined) checks.push(oneOfCheck(schema, schema.oneOf, context, prepare))
  if (schema.not !== undefined) {
    const check = context.prepare(schema.not, schema, 'not')
    checks.push(
      (value, run) => !run.test(check, value) || run.fail(schema, 'not', 'must not be as `not` says', {}),
    )
  }
  if (schema.if !== undefined && (schema.then !== undefined || schema.else !== undefined)) {
    const condition = context.prepare(schema.if, schema, 'if')
    const [yes, no] = [prepare(schema.then ?? true, 'then'), prepare(schema.else ?? true, 'else')]
    checks.push((value, run) => (run.test(condition, value) ? yes : no)(value, run))
  }
  return checks
}

type Prepare = (part: Schema, keyword: string) => Check

function anyOfCheck(
  schema: SchemaObject,
  parts: readonly Schema[],
  context: Context,
  prepare: Prepare,
): Check {
  const branches = parts.map((part) => prepare(part, 'anyOf'))
  const tag = tagOf(schema, parts, context.contract)
  return (value, run) => {
    const named = tag?.branchOf(value)
    // It holds there, or says there why not; and one that matches is enough.
    if (named !== undefined) return branches[named]!(value, run)
    for (const branch of branches) if (run.test(branch, value)) return true
    return run.explains && explainNoMatch(schema, 'anyOf', branches, tag, value, run)
  }
}

function oneOfCheck(
  schema: SchemaObject,
  parts: readonly Schema[],
  context: Context,
  prepare: Prepare,
): Check {
  const branches = parts.map((part) => prepare(part, 'oneOf'))
  const tag = tagOf(schema, parts, context.contract)
  return (value, run) => {
    const named = tag?.branchOf(value)
    if (named !== undefined) {
      if (!branches[named]!(value, run)) return false
      if (context.discriminator === 'decides') return true
    }
    let first = named ?? null
    for (const [index, branch] of branches.entries()) {
      if (index === named || !run.test(branch, value)) continue
      if (first !== null)
        return run.fail(
          schema,
          'oneOf',
          `must match one of the alternatives only, and matches ${first + 1} and ${index + 1}`,
          { matching: [first, index] },
        )
      first = index
    }
    if (first !== null) return true
    return run.explains && explainNoMatch(schema, 'oneOf', branches, tag, value, run)
  }
}

import type { SchemaObject } from '../../types.ts'
import { assertion } from '../context.ts'
import type { Context } from '../context.ts'
import type { Check } from '../run.ts'
import { count, cut } from '../show.ts'

/** JSON Schema 2020-12 validation, 6.3 and 7; lengths are in characters of Unicode. */
export function stringChecks(schema: SchemaObject, context: Context): Check<string>[] {
  const { minLength, maxLength, pattern, format } = schema
  const checks: Check<string>[] = []
  if (minLength !== undefined)
    checks.push(
      assertion(
        schema,
        'minLength',
        (value) =>
          value.length >= minLength && (value.length >= minLength * 2 || lengthOf(value) >= minLength),
        `must have at least ${count(minLength, 'character')}`,
      ),
    )
  if (maxLength !== undefined)
    checks.push(
      assertion(
        schema,
        'maxLength',
        (value) =>
          value.length <= maxLength || (value.length <= maxLength * 2 && lengthOf(value) <= maxLength),
        `must have at most ${count(maxLength, 'character')}`,
      ),
    )
  if (pattern !== undefined) checks.push(patternCheck(schema, pattern, context))
  const rule = format === undefined ? null : context.formatOf(format)
  if (rule?.of === 'string') checks.push(assertion(schema, 'format', rule.holds, `must be ${rule.says}`))
  return checks
}

function patternCheck(schema: SchemaObject, source: string, context: Context): Check<string> {
  const pattern = context.patternOf(source, schema, 'pattern')
  const rule = `must match the pattern ${cut(source)}`
  const params = { pattern: source }
  return (value, run) => pattern.matches(value, run) || run.fail(schema, 'pattern', rule, params)
}

function lengthOf(value: string): number {
  let length = value.length
  for (let at = 0; at < value.length - 1; at++)
    if (value.codePointAt(at)! > 0xffff) {
      length -= 1
      at += 1
    }
  return length
}

import type { SchemaObject } from '../../types.ts'
import { assertion } from '../context.ts'
import type { Context } from '../context.ts'
import { multipleChecker } from '../decimal.ts'
import type { Check } from '../run.ts'

/** JSON Schema 2020-12 validation, 6.2; and formats of numbers. */
export function numberChecks(schema: SchemaObject, context: Context): Check<number>[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format } = schema
  const checks: Check<number>[] = []
  if (minimum !== undefined)
    checks.push(assertion(schema, 'minimum', (value) => value >= minimum, `must be at least ${minimum}`))
  if (maximum !== undefined)
    checks.push(assertion(schema, 'maximum', (value) => value <= maximum, `must be at most ${maximum}`))
  if (exclusiveMinimum !== undefined)
    checks.push(
      assertion(
        schema,
        'exclusiveMinimum',
        (value) => value > exclusiveMinimum,
        `must be more than ${exclusiveMinimum}`,
      ),
    )
  if (exclusiveMaximum !== undefined)
    checks.push(
      assertion(
        schema,
        'exclusiveMaximum',
        (value) => value < exclusiveMaximum,
        `must be less than ${exclusiveMaximum}`,
      ),
    )
  // Of a factor that is not above 0 there are no multiples: a fault of the document.
  if (multipleOf !== undefined && multipleOf > 0)
    checks.push(
      assertion(schema, 'multipleOf', multipleChecker(multipleOf), `must be a multiple of ${multipleOf}`),
    )
  const rule = format === undefined ? null : context.formatOf(format)
  if (rule?.of === 'number') checks.push(assertion(schema, 'format', rule.holds, `must be ${rule.says}`))
  return checks
}

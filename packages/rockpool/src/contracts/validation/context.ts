import type { Contract, Json, Schema, SchemaObject } from '../types.ts'
import type { Pattern } from './pattern/pattern.ts'
import type { Check, Run } from './run.ts'
import type { FormatRule, ValidatorOptions } from './types.ts'

/** What keywords need while they are prepared. */
export interface Context {
  contract: Pick<Contract, 'schemas'>
  discriminator: NonNullable<ValidatorOptions['discriminator']>
  /**
   * The check of a schema, which is prepared when it is first asked.
   * @param owner whose keyword it stands at: `false` has no place of its own
   * @param exempt names that need not be there whatever it requires
   */
  prepare(schema: Schema, owner: SchemaObject, keyword: string, exempt?: ReadonlySet<string>): Check
  formatOf(name: string): FormatRule | null
  patternOf(source: string, schema: SchemaObject, keyword: string): Pattern
}

/** The check of one keyword that looks at nothing but the value. */
export function assertion<T>(
  schema: SchemaObject,
  keyword: Exclude<keyof SchemaObject, number>,
  holds: (value: T) => boolean,
  rule: string,
): Check<T> {
  const params = { [keyword]: schema[keyword] as Json }
  return (value: T, run: Run) => holds(value) || run.fail(schema, keyword, rule, params)
}

import type { z } from 'zod'
import type { HouseRule, RuleContext, RuleText, Severity } from '../types.ts'

interface Written<Options> extends Omit<RuleText, 'severities' | 'fixes'> {
  /** Where nothing is configured; a rule that is a matter of taste is off. */
  recommended?: Severity
  fixes?: boolean
  options: z.ZodType<Options>
  check(context: RuleContext, options: Options): void
}

/** A rule of the house, whose options have been checked by its own schema before it sees them. */
export function rule<Options>({
  recommended = 'off',
  fixes = false,
  check,
  ...rest
}: Written<Options>): HouseRule {
  return {
    ...rest,
    fixes,
    severities: { recommended, house: 'warn' },
    check: (context, options) => check(context, options as Options),
  }
}

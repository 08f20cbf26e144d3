import { Findings } from '../findings.ts'
import type { ContractFinding } from '../findings.ts'
import type { Contract, Schema } from '../types.ts'
import { Preparer } from './prepare.ts'
import { Exhausted, messageOf, mostViolations, Run } from './run.ts'
import type { Check } from './run.ts'
import type { ValidatorOptions, Violation } from './types.ts'

/** Asks schemas of one contract whether values hold. */
export interface Validator {
  /**
   * All that is wrong with a value, at most 100 of it; none: it is valid. What would take too long or too deep to judge
   * is not valid. Nothing is thrown for what is in a value or in a schema.
   * @param value as JSON has it; members that are undefined are not there
   * @param at JSON pointer of the value in what it is a part of, for the violations
   */
  validate(schema: Schema, value: unknown, at?: string): Violation[]
  /** As `validate`, without the reasons. */
  isValid(schema: Schema, value: unknown): boolean
  /** What could not be judged of the schemas asked so far, and so refuses nothing: patterns that are not understood. */
  findings(): readonly ContractFinding[]
}

/**
 * Validates by JSON Schema 2020-12 over the model's schemas. A schema is prepared when it is first asked, once for each
 * validator: keep the validator as long as the contract.
 */
export function createValidator(
  contract: Pick<Contract, 'schemas'>,
  options: ValidatorOptions = {},
): Validator {
  const { effort = 1 } = options
  const findings = new Findings()
  const preparer = new Preparer(contract, options, findings)
  const checkOf = (schema: Schema) => preparer.prepare(schema, {}, 'schema')

  return {
    isValid: (schema, value) => judge(checkOf(schema), value, new Run('', effort)) === true,
    validate(schema, value, at = '') {
      const check = checkOf(schema)
      const first = judge(check, value, new Run(at, effort))
      if (first === true) return []
      const run = new Run(at, effort)
      run.explains = true
      const found = run.violations
      const judgement = judge(check, value, run)
      // To tell why may take longer than to tell that.
      if (typeof judgement === 'boolean' || (first === false && found.length > 0)) return found
      const pointer = run.pointer()
      const { keyword, message } = judgement
      const reason = { pointer, keyword, message: messageOf(pointer, message), origin: null, params: {} }
      return [reason, ...found].slice(0, mostViolations)
    },
    findings: () => findings.all,
  }
}

function judge(check: Check, value: unknown, run: Run): boolean | Exhausted {
  try {
    return check(value, run)
  } catch (error) {
    if (error instanceof Exhausted) return error
    // The stack of whoever asks was deep already.
    if (error instanceof RangeError) return new Exhausted('depth', 'is nested too deep to be judged')
    throw error
  }
}

import { originOf, unescapeToken } from '../source/origins.ts'
import type { Contract, Origin, Schema } from '../types.ts'
import type { Violation } from '../validation/index.ts'
import { ruleOf } from '../validation/run.ts'
import { coerce } from './coerce/coerce.ts'
import type { CoercionContext, Source } from './coerce/coerce.ts'
import { isNumeric } from './coerce/scalars.ts'
import { asJson, isMembers } from './coerce/values.ts'
import type { Value } from './types.ts'

/** One thing that is wrong with a value: where in it, and what, without saying where. */
export interface Fault {
  /** JSON pointer. */
  path: string
  rule: string
  keyword: string
}

export interface Judged {
  /** With the contract's types. */
  value: Value
  faults: Fault[]
}

/** Gives values the types of a contract, and tells what is wrong with them then. */
export class Judge {
  private readonly context: CoercionContext
  private namesByOrigin: Map<string, string> | null = null

  constructor(context: CoercionContext) {
    this.context = context
  }

  /** @param source null: the value has its types */
  judge(schema: Schema, given: Value, source: Source | null): Judged {
    const { value, isCutShort } =
      source === null ? { value: given, isCutShort: false } : coerce(this.context, schema, given, source)
    if (isCutShort)
      return {
        value,
        faults: [{ path: '', rule: 'is more than is judged of one request', keyword: 'effort' }],
      }
    const violations = this.context.validator.validate(schema, source === 'text' ? asJson(value) : value)
    return { value, faults: this.toFaults(violations, value) }
  }

  /** All that are missing of one object are told together. */
  private toFaults(violations: readonly Violation[], value: Value): Fault[] {
    const missing = new Map<string, { fault: Fault; names: string[]; origin: Origin | null }>()
    const faults: Fault[] = []
    for (const violation of violations) {
      const { keyword, pointer, params, origin } = violation
      const name = params['property']
      if (keyword !== 'required' || typeof name !== 'string') {
        faults.push({ path: pointer, rule: outOfRange(violation, value) ?? ruleOf(violation), keyword })
        continue
      }
      const path = pointer.slice(0, pointer.lastIndexOf('/'))
      let group = missing.get(path)
      if (group === undefined) {
        group = { fault: { path, rule: '', keyword }, names: [], origin }
        missing.set(path, group)
        faults.push(group.fault)
      }
      group.names.push(name)
    }
    for (const { fault, names, origin } of missing.values()) {
      const model = this.nameOf(origin)
      fault.rule = `must have ${names.join(', ')}${model === undefined ? '' : ` (${model})`}`
    }
    return faults
  }

  /** Of the schema that was read there. */
  private nameOf(origin: Origin | null): string | undefined {
    if (origin === null) return undefined
    this.namesByOrigin ??= namesByOrigin(this.context.contract)
    return this.namesByOrigin.get(keyOf(origin))
  }
}

function namesByOrigin({ schemas }: Pick<Contract, 'schemas'>): Map<string, string> {
  const names = new Map<string, string>()
  for (const [name, schema] of schemas) {
    const origin = typeof schema === 'object' ? originOf(schema) : undefined
    if (origin !== undefined) names.set(keyOf(origin), name)
  }
  return names
}

const keyOf = ({ file, pointer }: Origin) => `${file}#${pointer}`

const keywordsOfTypes: ReadonlySet<string> = new Set(['type', 'anyOf', 'oneOf'])

/** A text that would have been a number, were it not too large. */
function outOfRange({ keyword, pointer }: Violation, value: Value): string | undefined {
  if (!keywordsOfTypes.has(keyword)) return undefined
  const text = valueAt(value, pointer)
  if (typeof text !== 'string' || !isNumeric(text)) return undefined
  const number = Number(text)
  if (!Number.isFinite(number)) return 'is a number out of the range of double precision'
  const most = Number.MAX_SAFE_INTEGER
  return Number.isInteger(number) && Math.abs(number) > most
    ? `must be a whole number from -${most} to ${most}: others are not exact`
    : undefined
}

function valueAt(value: Value, pointer: string): Value | undefined {
  let at: Value | undefined = value
  for (const token of pointer.split('/').slice(1)) {
    const name = unescapeToken(token)
    if (Array.isArray(at)) at = at[Number(name)]
    else at = at !== undefined && isMembers(at) && Object.hasOwn(at, name) ? at[name] : undefined
  }
  return at
}

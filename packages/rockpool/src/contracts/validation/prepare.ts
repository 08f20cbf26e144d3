import type { Findings } from '../findings.ts'
import { isObject } from '../json-object.ts'
import type { Contract, JsonObject, Schema, SchemaObject } from '../types.ts'
import type { Context } from './context.ts'
import { exemptNames } from './direction.ts'
import { unevaluatedItemsCheck, unevaluatedPropertiesCheck } from './evaluated.ts'
import { knownFormats } from './formats/formats.ts'
import { combinationChecks } from './keywords/combinations.ts'
import { listChecks } from './keywords/lists.ts'
import { numberChecks } from './keywords/numbers.ts'
import { objectChecks } from './keywords/objects.ts'
import { stringChecks } from './keywords/strings.ts'
import { typeCheck, valueChecks } from './keywords/values.ts'
import { readPattern } from './pattern/pattern.ts'
import type { Pattern } from './pattern/pattern.ts'
import type { Check, Run } from './run.ts'
import { cut } from './show.ts'
import type { FormatRule, ValidatorOptions } from './types.ts'

const nothing: ReadonlySet<string> = new Set()

/** Makes checks of schemas, each once, when it is first asked. */
export class Preparer implements Context {
  readonly contract: Pick<Contract, 'schemas'>
  readonly discriminator: NonNullable<ValidatorOptions['discriminator']>
  private readonly direction: ValidatorOptions['direction']
  private readonly formats: ReadonlyMap<string, FormatRule | null>
  private readonly findings: Findings
  private readonly checks = new WeakMap<SchemaObject, Check>()
  private readonly patterns = new Map<string, Pattern>()
  private readonly noted = new WeakSet<SchemaObject>()

  /** @param findings told of what cannot be judged */
  constructor(contract: Pick<Contract, 'schemas'>, options: ValidatorOptions, findings: Findings) {
    this.contract = contract
    this.direction = options.direction
    this.discriminator = options.discriminator ?? 'agrees'
    this.formats = new Map([...Object.entries(knownFormats), ...Object.entries(options.formats ?? {})])
    this.findings = findings
  }

  prepare(schema: Schema, owner: SchemaObject, keyword: string, exempt = nothing): Check {
    if (schema === true) return () => true
    if (schema === false) return (_value, run) => run.fail(owner, keyword, 'is not allowed', {})
    if (exempt.size > 0) return late(() => this.checkOf(schema, exempt))
    let check = this.checks.get(schema)
    if (check === undefined) {
      check = hasParts(schema) ? late(() => this.checkOf(schema, exempt)) : this.checkOf(schema, exempt)
      this.checks.set(schema, check)
    }
    return check
  }

  formatOf(name: string): FormatRule | null {
    return this.formats.get(name) ?? null
  }

  patternOf(source: string, schema: SchemaObject, keyword: string): Pattern {
    let pattern = this.patterns.get(source)
    if (pattern === undefined) {
      pattern = readPattern(source)
      this.patterns.set(source, pattern)
    }
    if (pattern.unjudged !== null && !this.noted.has(schema)) {
      this.noted.add(schema)
      const message = `nothing is refused by the pattern ${cut(source)}: ${pattern.unjudged}`
      this.findings.warning(schema, message, keyword)
    }
    return pattern
  }

  /** A wrong type ends it: what else is said of it would be noise. Everything else is asked. */
  private checkOf(schema: SchemaObject, inherited: ReadonlySet<string>): Check {
    const own = exemptNames(schema, this.contract, this.direction)
    const exempt = own.size === 0 ? inherited : new Set([...own, ...inherited])
    const { unevaluatedItems, unevaluatedProperties } = schema
    const type = typeCheck(schema)
    const always = together([...valueChecks(schema), ...combinationChecks(schema, this, exempt)])
    const ofText = together(stringChecks(schema, this))
    const ofNumber = together(numberChecks(schema, this))
    const ofList = together([
      ...listChecks(schema, this),
      // Last: they ask for what the others have left.
      ...(unevaluatedItems === undefined
        ? []
        : [unevaluatedItemsCheck(schema, unevaluatedItems, this, exempt)]),
    ])
    const ofObject = together<JsonObject>([
      ...objectChecks(schema, this, exempt),
      ...(unevaluatedProperties === undefined
        ? []
        : [unevaluatedPropertiesCheck(schema, unevaluatedProperties, this, exempt)]),
    ])
    return hasParts(schema) ? entering(weightOf(schema), judge) : judge

    function judge(value: unknown, run: Run): boolean {
      if (type !== null && !type(value, run)) return false
      const holds = always === null || always(value, run)
      if (!holds && !run.explains) return false
      if (typeof value === 'string') return (ofText === null || ofText(value, run)) && holds
      if (typeof value === 'number') return (ofNumber === null || ofNumber(value, run)) && holds
      if (Array.isArray(value)) return (ofList === null || ofList(value, run)) && holds
      if (ofObject === null || !isObject(value)) return holds
      return ofObject(value, run) && holds
    }
  }
}

/** All of them; where the run explains, each has its say. Null: there are none. */
function together<T>(checks: readonly Check<T>[]): Check<T> | null {
  const [first, second] = checks
  if (first === undefined) return null
  if (second === undefined) return first
  return (value, run) => {
    let holds = true
    for (const check of checks) {
      if (check(value, run)) continue
      if (!run.explains) return false
      holds = false
    }
    return holds
  }
}

function entering(weight: number, check: Check): Check {
  return (value, run) => {
    run.enter(weight)
    const holds = check(value, run)
    run.leave()
    return holds
  }
}

/** It asks schemas within it: those of the same value, or those of its members and items. */
function hasParts(schema: SchemaObject): boolean {
  return partKeywords.some((keyword) => schema[keyword] !== undefined)
}

/** What it costs to ask it once, as far as the schema alone says. */
function weightOf({
  properties = {},
  allOf = [],
  anyOf = [],
  oneOf = [],
  prefixItems = [],
}: SchemaObject): number {
  const parts = allOf.length + anyOf.length + oneOf.length + prefixItems.length
  return 1 + ((Object.keys(properties).length + parts) >> 3)
}

const partKeywords = [
  ...(['$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'dependentSchemas'] as const),
  ...(['items', 'prefixItems', 'contains', 'unevaluatedItems'] as const),
  ...(['properties', 'patternProperties', 'additionalProperties'] as const),
  ...(['propertyNames', 'unevaluatedProperties'] as const),
]

/** Schemas lead back to themselves, and most of a document is never asked. */
function late(make: () => Check): Check {
  let check: Check | null = null
  return (value, run) => {
    check ??= make()
    return check(value, run)
  }
}

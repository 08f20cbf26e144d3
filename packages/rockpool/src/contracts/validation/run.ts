import { escapeToken, originOf } from '../source/origins.ts'
import type { Json, SchemaObject } from '../types.ts'
import type { Violation } from './types.ts'

/** Whether a value holds, as one schema or one keyword says. Where it does not, and the run explains: `run` says why. */
export type Check<T = unknown> = (value: T, run: Run) => boolean

/** More of them help nobody. */
export const mostViolations = 100
/** Of schemas within schemas and values within values together; deeper, the stack could end. */
export const maxDepth = 800
/** How often one run asks schemas, or walks items: schemas that double at each level ask without end. */
const mostSteps = 5_000_000
/** From so many steps on it remembers what it has judged: schemas that ask the same again at each level would double it. */
const remembersFrom = 10_000
const mostRemembered = 200_000
/** What one run spends on patterns, in positions looked at. */
const mostMatchSteps = 20_000_000
const mostTokenLength = 200

/** Ends a run that would take too long or too deep. Never leaves this folder. */
export class Exhausted extends Error {
  readonly keyword: 'depth' | 'effort'
  constructor(keyword: 'depth' | 'effort', message: string) {
    super(message)
    this.keyword = keyword
  }
}

/**
 * One validation: where it is, what it has spent, what it has found. It only judges (the first fault ends it, and costs
 * nothing to tell) until it is told to explain.
 */
export class Run {
  explains = false
  violations: Violation[] = []
  private most = mostViolations
  private depth = 0
  private steps = 0
  private matchSteps = 0
  private remembered = 0
  private judged: Map<unknown, Map<unknown, boolean>> | null = null
  private reasons: Map<unknown, Map<unknown, { here: string; found: Violation[] }>> | null = null
  private readonly path: (string | number)[] = []
  private readonly at: string
  private readonly effort: number

  /**
   * @param at pointer of the value itself, for what it is a part of
   * @param effort what it may spend, as a share of what one may otherwise
   */
  constructor(at: string, effort: number) {
    this.at = at
    this.effort = effort
  }

  /** Goes into a schema that has others within it. */
  enter(weight: number): void {
    this.depth += 1
    if (this.depth > maxDepth)
      throw new Exhausted(
        'depth',
        `is nested too deep to be judged: more than ${maxDepth} schemas lead down to it`,
      )
    this.spend(weight)
  }

  leave(): void {
    this.depth -= 1
  }

  spend(steps: number): void {
    this.steps += steps
    if (this.steps > mostSteps * this.effort) throw new Exhausted('effort', 'would take too long to judge')
  }

  /** Goes through so many items or members. */
  spendOn(items: number): void {
    this.spend(items >> 3)
  }

  /** As `spend`, for patterns. */
  spendMatching(steps: number): void {
    this.matchSteps += steps
    if (this.matchSteps > mostMatchSteps * this.effort)
      throw new Exhausted('effort', 'would take too long to match with its pattern')
  }

  /** Judges a member or an item. */
  within<T>(key: string | number, check: Check<T>, value: T): boolean {
    if (!this.explains) return check(value, this)
    this.path.push(key)
    const holds = check(value, this)
    this.path.pop()
    return holds
  }

  /** Judges without a word about it. */
  test<T>(check: Check<T>, value: T): boolean {
    const known = this.steps > remembersFrom && typeof value === 'object' ? this.judgedBy(check) : undefined
    const before = known?.get(value)
    if (before !== undefined) return before
    const { explains } = this
    this.explains = false
    const holds = check(value, this)
    this.explains = explains
    if (known !== undefined && this.remembered++ < mostRemembered) known.set(value, holds)
    return holds
  }

  /** What there is to say about a value, apart from what was found so far. */
  explain<T>(check: Check<T>, value: T, most: number): Violation[] {
    const { explains, violations, most: before } = this
    const found: Violation[] = []
    Object.assign(this, { explains: true, violations: found, most: Math.min(most, before) })
    check(value, this)
    Object.assign(this, { explains, violations, most: before })
    return found
  }

  /**
   * What was found out about a value here, once in a run.
   * @param by who finds it out
   */
  once(by: object, value: unknown, find: () => Violation[]): Violation[] {
    if (typeof value !== 'object') return find()
    const here = this.pointer()
    this.reasons ??= new Map()
    let known = this.reasons.get(by)
    if (known === undefined) this.reasons.set(by, (known = new Map()))
    const before = known.get(value)
    if (before?.here === here) return before.found
    const found = find()
    known.set(value, { here, found })
    return found
  }

  /**
   * Says, where the run explains, which rule of a schema the value here breaks.
   * @param rule completes “… must …” and the like: “must be at least 0”
   * @param key of the member that it is about, where that is not the value itself
   * @returns false
   */
  fail(
    schema: SchemaObject,
    keyword: string,
    rule: string,
    params: Readonly<Record<string, Json>>,
    key?: string,
  ): false {
    if (!this.explains) return false
    return this.add(this.tell(schema, keyword, rule, params, key))
  }

  /** As `fail`, for what is to be added later. */
  tell(
    schema: SchemaObject,
    keyword: string,
    rule: string,
    params: Readonly<Record<string, Json>>,
    key?: string,
  ): Violation[] {
    if (this.violations.length >= this.most) return []
    const pointer = this.pointer() + (key === undefined ? '' : tokenOf(key))
    return [{ pointer, keyword, message: messageOf(pointer, rule), origin: originOf(schema) ?? null, params }]
  }

  /** Schemas that are put together often say the same twice: once is enough. */
  add(violations: readonly Violation[]): false {
    for (const violation of violations) {
      if (this.violations.length >= this.most) return false
      if (!this.violations.some(({ message }) => message === violation.message))
        this.violations.push(violation)
    }
    return false
  }

  private judgedBy(check: unknown): Map<unknown, boolean> {
    this.judged ??= new Map()
    let known = this.judged.get(check)
    if (known === undefined) this.judged.set(check, (known = new Map()))
    return known
  }

  pointer(): string {
    let pointer = this.at
    for (const key of this.path) pointer += tokenOf(key)
    return pointer
  }
}

export function messageOf(pointer: string, rule: string): string {
  return `${pointer || '(the whole)'}: ${rule}`
}

export function ruleOf({ pointer, message }: Violation): string {
  return message.slice(messageOf(pointer, '').length)
}

/** Names in values are as long as whoever sends them likes. */
function tokenOf(key: string | number): string {
  const name = String(key)
  return `/${escapeToken(name.length > mostTokenLength ? `${name.slice(0, mostTokenLength)}…` : name)}`
}

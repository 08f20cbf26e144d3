import type { z } from 'zod'
import type { ContractFinding } from '../findings.ts'
import type { Contract } from '../types.ts'
import type { Views } from './views.ts'

/*
 * The vocabulary: rule, severity, finding, fix, settings.
 *
 *   documents ─► reader ──────────┐
 *        │         └─► contract ─► house rules ─► findings ─► settings ─► findings, by place
 *        └─────────────────────────► common rules ──┘
 */

/** As people write it: `warn` is a finding of level `warning`. */
export type Severity = 'error' | 'warn' | 'off'

/** Sets of rules, which settings may extend. */
export type RuleSet = 'recommended' | 'house'

/** What everybody may read about a rule. */
export interface RuleText {
  id: string
  /** What it asks for, as one sentence without its end. */
  title: string
  /** What goes wrong where it is not so. */
  why: string
  /** What to do about a finding. */
  how: string
  /** What it is in each set: `recommended` counts where nothing is configured. */
  severities: Readonly<Record<RuleSet, Severity>>
  /** Some of its findings can be mended by `--fix`. */
  fixes: boolean
}

/** A rule over the model, whatever the format. `Options` are checked, with defaults, before it is asked. */
export interface HouseRule extends RuleText {
  options: z.ZodType
  check(context: RuleContext, options: unknown): void
}

export interface RuleContext {
  contract: Contract
  views: Views
  /** Tells one finding about something of the model, or about one of its members. */
  tell(at: object, message: string, more?: { member?: string | number; fix?: Fix }): void
}

/** A change of a document that changes nothing of what the contract promises, but for `differences`. */
export type Fix = {
  /** Rules of differences that it may cause; none: the contract stays the same. */
  differences?: readonly string[]
} & FixKind

export type FixKind =
  /** Takes a member away. */
  | { kind: 'remove'; at: object; member: string }
  /** Brings items of one list, or members of one object, into this order; they share the places that they have. */
  | { kind: 'order'; items: readonly object[] }
  /** Writes a text anew; applied to what stands in the document, quotes and all, so it must touch plain letters alone. */
  | { kind: 'rewrite'; at: object; member: string; rewrite: (text: string) => string }

export interface LintFinding extends ContractFinding {
  /** Id of the rule; `reader`: what reading the document told. */
  rule: string
  fixable?: true
}

/** What a rule is set to. */
export interface RuleSetting {
  severity: Severity
  /** Of a house rule: checked, with defaults. Of a common rule: as they are written. */
  options: unknown
}

/** Findings that somebody decided to live with. */
export interface Ignored {
  rule: string
  /** A JSON pointer: what stands there, or below. */
  at: string
  /** End of the name of the file; null: in any. */
  file: string | null
  because: string
  /** Where it is written. */
  origin: { file: string; line: number; pointer: string }
}

export interface LintSettings {
  rules: ReadonlyMap<string, RuleSetting>
  ignored: readonly Ignored[]
}

import { near } from '../../../kernel/index.ts'
import { Findings } from '../../findings.ts'
import type { ContractFinding } from '../../findings.ts'
import { isObject } from '../../json-object.ts'
import { originOf, originOfMember } from '../../source/origins.ts'
import { readText } from '../../source/text.ts'
import type { Json, JsonObject } from '../../types.ts'
import { commonRules } from '../common/table.ts'
import { cut } from '../names.ts'
import { houseRules } from '../rules/index.ts'
import type { HouseRule, Ignored, LintSettings, RuleSet, RuleSetting, RuleText, Severity } from '../types.ts'

/*
 *   extends: [recommended, house]          sets of rules; without it: recommended
 *   rules:
 *     path-case: error                     a severity …
 *     parameter-limit:                     … or a severity and options
 *       severity: warn
 *       maximum: 50
 *   ignore:
 *     - { rule: path-case, at: /paths/~1Legacy, because: it is older than the rule }
 */

export type SettingsReading =
  | { ok: true; settings: LintSettings }
  | { ok: false; findings: ContractFinding[] }

const severities: readonly Severity[] = ['error', 'warn', 'off']
const sets: readonly RuleSet[] = ['recommended', 'house']
const houseById = new Map(houseRules.map((rule) => [rule.id, rule]))

/** Every rule that there is, those of the house first. */
export const allRules: readonly RuleText[] = [...houseRules, ...commonRules]
const ids = allRules.map(({ id }) => id)

/** What counts where nothing is configured. */
export function defaultSettings(): LintSettings {
  return { rules: rulesOf(['recommended']), ignored: [] }
}

/** Reads settings, YAML or JSON. All that is wrong with them is told at once. Never throws for what is in them. */
export function readSettings(text: string, file: string): SettingsReading {
  const { value, findings: faults } = readText(text, file)
  if (faults.length > 0) return { ok: false, findings: faults }
  const findings = new Findings()
  if (!isObject(value)) {
    const message = 'settings of lint are an object: extends, rules, ignore'
    return { ok: false, findings: [{ level: 'error', path: '(the whole)', message, file, line: 1 }] }
  }
  checkMembers(findings, value, ['extends', 'rules', 'ignore'])
  const rules = rulesOf(readSets(findings, value))
  for (const [id, setting] of readRules(findings, value, rules)) rules.set(id, setting)
  const ignored = readIgnored(findings, value)
  return findings.hasErrors
    ? { ok: false, findings: findings.inOrder() }
    : { ok: true, settings: { rules, ignored } }
}

/** Of several sets the strictest counts. */
function rulesOf(extended: readonly RuleSet[]): Map<string, RuleSetting> {
  return new Map(
    allRules.map((rule): [string, RuleSetting] => {
      const severity = severities.find((one) => extended.some((set) => rule.severities[set] === one))
      return [rule.id, { severity: severity ?? 'off', options: defaultOptions(rule.id) }]
    }),
  )
}

function defaultOptions(id: string): unknown {
  return houseById.get(id)?.options.parse({}) ?? {}
}

function readSets(findings: Findings, value: JsonObject): RuleSet[] {
  const written = value['extends']
  if (written === undefined) return ['recommended']
  return (Array.isArray(written) ? written : [written]).flatMap((one, index) => {
    const set = sets.find((known) => known === one)
    if (set !== undefined) return [set]
    const at = Array.isArray(written) ? written : value
    findings.error(
      at,
      `${shown(one)} is no set of rules: ${sets.join(', ')}`,
      at === value ? 'extends' : index,
    )
    return []
  })
}

function* readRules(
  findings: Findings,
  value: JsonObject,
  otherwise: ReadonlyMap<string, RuleSetting>,
): Generator<[string, RuleSetting]> {
  const rules = value['rules']
  if (rules === undefined || rules === null) return
  if (!isObject(rules)) return findings.error(value, 'rules must be an object: settings by rule', 'rules')
  for (const [id, written] of Object.entries(rules)) {
    const known = otherwise.get(id)
    if (known === undefined) {
      findings.error(rules, `there is no rule ${cut(id)}: ${near(id.slice(0, 100), ids)}`, id)
      continue
    }
    const setting = readSetting(findings, rules, id, written, known)
    if (setting !== undefined) yield [id, setting]
  }
}

function readSetting(
  findings: Findings,
  rules: JsonObject,
  id: string,
  written: Json,
  known: RuleSetting,
): RuleSetting | undefined {
  if (!isObject(written)) {
    const severity = readSeverity(findings, rules, id, written)
    return severity && { ...known, severity }
  }
  const { severity: asked, ...options } = written
  // Who writes options wants the rule.
  const otherwise = known.severity === 'off' ? 'warn' : known.severity
  const severity = asked === undefined ? otherwise : readSeverity(findings, written, 'severity', asked)
  const rule = houseById.get(id)
  if (rule === undefined) return severity && { severity, options }
  const read = readOptions(findings, written, rule, options)
  return severity && read && { severity, options: read }
}

function readSeverity(
  findings: Findings,
  at: JsonObject,
  member: string,
  written: Json,
): Severity | undefined {
  // YAML takes `off` for a text; other readers of it take it for false.
  const severity = severities.find((one) => one === (written === false ? 'off' : written))
  if (severity === undefined)
    findings.error(at, `${shown(written)} is no severity: ${severities.join(', ')}`, member)
  return severity
}

/** Undefined: they are wrong, and findings say so. */
function readOptions(
  findings: Findings,
  at: JsonObject,
  rule: HouseRule,
  options: JsonObject,
): object | undefined {
  const result = rule.options.safeParse(options)
  if (result.success) return result.data as object
  const known = Object.keys(rule.options.parse({}) as object)
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0)
      for (const name of issue.keys)
        findings.error(at, `${rule.id} has no option ${cut(name)}: ${near(name.slice(0, 100), known)}`, name)
    else tellAt(findings, at, issue.path, issue.message)
  }
  return undefined
}

/** At the member that a path leads to, or the last thing before it. */
function tellAt(findings: Findings, root: JsonObject, path: readonly PropertyKey[], message: string): void {
  let at: JsonObject | Json[] = root
  for (const key of path.slice(0, -1)) {
    const inner: Json | undefined = (at as JsonObject)[String(key)]
    if (typeof inner !== 'object' || inner === null) break
    at = inner
  }
  const last = path.at(-1)
  findings.error(at, message, typeof last === 'symbol' ? undefined : last)
}

function readIgnored(findings: Findings, value: JsonObject): Ignored[] {
  const list = value['ignore']
  if (list === undefined || list === null) return []
  if (!Array.isArray(list)) {
    findings.error(value, 'ignore must be a list of what is ignored', 'ignore')
    return []
  }
  return list.flatMap((one, index): Ignored[] => {
    if (!isObject(one)) {
      findings.error(list, 'must say rule, at (a JSON pointer) and because', index)
      return []
    }
    checkMembers(findings, one, ['rule', 'at', 'file', 'because'])
    const texts = { rule: one['rule'], at: one['at'], because: one['because'], file: one['file'] ?? null }
    const { rule, at, because, file } = texts
    if (typeof rule !== 'string' || !ids.includes(rule))
      findings.error(
        one,
        `there is no rule ${shown(rule)}: ${near(typeof rule === 'string' ? rule.slice(0, 100) : '', ids)}`,
        'rule',
      )
    if (typeof at !== 'string' || (at !== '' && !at.startsWith('/')))
      findings.error(one, 'at must be a JSON pointer, such as /paths/~1orders', 'at')
    if (typeof because !== 'string' || because.trim() === '')
      findings.error(one, 'because must say why it is ignored', 'because')
    if (file !== null && typeof file !== 'string')
      findings.error(one, 'file must be a name of a file', 'file')
    const origin = originOf(one) ?? originOfMember(list, index)
    const isGood = typeof rule === 'string' && typeof at === 'string' && typeof because === 'string'
    if (!isGood || origin === undefined || (file !== null && typeof file !== 'string')) return []
    return [{ rule, at, because, file, origin }]
  })
}

function checkMembers(findings: Findings, at: JsonObject, known: string[]): void {
  for (const name of Object.keys(at))
    if (!known.includes(name))
      findings.error(at, `there is no ${cut(name)} here: ${near(name.slice(0, 100), known)}`, name)
}

function shown(value: Json | undefined): string {
  return `“${cut(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))}”`
}

import { originOf, originOfMember } from '../source/origins.ts'
import type { Contract } from '../types.ts'
import { changeOf } from './fix/change.ts'
import { houseRules } from './rules/index.ts'
import type { Fix, LintFinding, LintSettings } from './types.ts'
import { viewsOf } from './views.ts'

/** A finding of a rule over the model, and what mends it. */
export interface Told {
  finding: LintFinding
  fix?: Fix
}

/** So many are told of one rule; nobody reads more. */
const mostOfRule = 1_000

/** What the rules over the model find, by their settings: each thing once, however often it is used. Pure. */
export function gatherHouse(contract: Contract, { rules }: LintSettings): Told[] {
  const views = viewsOf(contract)
  return houseRules.flatMap((rule) => {
    const { severity, options } = rules.get(rule.id)!
    if (severity === 'off') return []
    const told = new Map<string, Told>()
    rule.check(
      {
        contract,
        views,
        tell(at, message, { member, fix } = {}) {
          if (told.size >= mostOfRule) return
          const origin = member === undefined ? originOf(at) : originOfMember(at, member)
          const finding: LintFinding = {
            rule: rule.id,
            level: severity === 'error' ? 'error' : 'warning',
            path: origin?.pointer || '(the whole)',
            message,
          }
          if (origin !== undefined) Object.assign(finding, { file: origin.file, line: origin.line })
          const mends = fix !== undefined && changeOf(fix) !== undefined
          if (mends) finding.fixable = true
          const key = `${finding.file} ${finding.path} ${message}`
          if (!told.has(key)) told.set(key, mends ? { finding, fix } : { finding })
        },
      },
      options,
    )
    return [...told.values()]
  })
}

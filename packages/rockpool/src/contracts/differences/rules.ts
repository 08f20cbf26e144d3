import { bodyRules, responseRules } from './rules/bodies.ts'
import { schemaRules } from './rules/facts.ts'
import { contractRules, operationRules } from './rules/operations.ts'
import { parameterRules } from './rules/parameters.ts'
import { securityRules } from './rules/security.ts'
import type { Rule } from './types.ts'

/** Every rule, by id. */
export const rules: ReadonlyMap<string, Rule> = byId([
  ...contractRules,
  ...operationRules,
  ...securityRules,
  ...parameterRules,
  ...bodyRules,
  ...responseRules,
  ...schemaRules,
])

export function ruleOf(id: string): Rule {
  const rule = rules.get(id)
  if (rule === undefined) throw new Error(`there is no rule ${id}`)
  return rule
}

function byId(all: Rule[]): ReadonlyMap<string, Rule> {
  const map = new Map<string, Rule>()
  for (const rule of all) {
    if (map.has(rule.id)) throw new Error(`there are two rules ${rule.id}`)
    map.set(rule.id, rule)
  }
  return map
}

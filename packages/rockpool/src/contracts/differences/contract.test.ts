import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { bodyCases } from '../../../test/support/differences/bodies.ts'
import { contractIn } from '../../../test/support/differences/compare.ts'
import { operationCases } from '../../../test/support/differences/operations.ts'
import { parameterCases } from '../../../test/support/differences/parameters.ts'
import { securityCases } from '../../../test/support/differences/security.ts'
import { differencesOf, ruleOf } from './index.ts'
import { bodyRules, responseRules } from './rules/bodies.ts'
import { contractRules, operationRules } from './rules/operations.ts'
import { parameterRules } from './rules/parameters.ts'
import { securityRules } from './rules/security.ts'
import type { Policy } from './types.ts'

const cases = [...operationCases, ...securityCases, ...bodyCases, ...parameterCases]
const table = join(
  process.env['ROCKPOOL_SHARED'] ?? fileURLToPath(new URL('../../../../../../shared', import.meta.url)),
  'data/oasdiff-rules.tsv',
)

function found(before: string, after: string, policy?: Policy): string[] {
  const all = differencesOf(contractIn(before), contractIn(after), policy)
  return inOrder([...new Set(all.map(({ rule }) => rule))])
}

test.each(cases)('$id is found where it was planted, and only it', ({ id, before, after, also, policy }) => {
  expect(found(before, after, policy)).toEqual(inOrder([id, ...also]))
  expect(found(before, before, policy)).toEqual([])
  expect(found(after, after, policy)).toEqual([])
})

function inOrder(ids: string[]): string[] {
  return ids.toSorted((one, other) => (one < other ? -1 : 1))
}

const ids = new Set(cases.map(({ id }) => id))

test('every rule that is outside schemas has a case', () => {
  const rules = [
    contractRules,
    operationRules,
    securityRules,
    parameterRules,
    bodyRules,
    responseRules,
  ].flat()
  expect(rules.map(({ id }) => id).filter((id) => !ids.has(id))).toEqual([])
})

const reference = existsSync(table) ? readFileSync(table, 'utf8') : null

test.skipIf(reference === null)(
  `every check of the reference (shared/data) outside schemas has a case, and breaks no less`,
  () => {
    const rows = reference!.trim().split('\n').slice(1)
    // What a body holds is written in (`contentMediaType`, `contentEncoding`) is said by its schema.
    const outside = rows
      .map((row) => row.split('\t') as [id: string, level: string, direction: string, area: string])
      .filter(([id, , , area]) => area !== 'Schema' && !/-body-content-/.test(id))
    expect(outside.length).toBeGreaterThan(140)
    expect(outside.map(([id]) => id).filter((id) => !ids.has(id))).toEqual([])
    const floor = { ERR: ['breaks'], WARN: ['breaks', 'may break'], INFO: ['breaks', 'may break', 'keeps'] }
    const milder = outside.filter(
      ([id, level]) => !floor[level as keyof typeof floor].includes(ruleOf(id).wire),
    )
    expect(milder).toEqual([])
  },
)

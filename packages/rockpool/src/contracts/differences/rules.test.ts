import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { FactPlace } from './rules/fact.ts'
import { ruleOfFact } from './rules/facts.ts'
import { rules } from './rules.ts'

const reference = join(
  process.env['ROCKPOOL_SHARED'] ?? fileURLToPath(new URL('../../../../../../shared', import.meta.url)),
  'data/oasdiff-rules.tsv',
)
const ranks = { keeps: 0, 'may break': 1, breaks: 2 }
const levels: Record<string, number> = { INFO: 0, WARN: 1, ERR: 2 }

test.skipIf(!existsSync(reference))(
  'every rule of the public reference (shared/data) is there, of the same direction, and no milder',
  () => {
    const lines = readFileSync(reference, 'utf8').trim().split('\n').slice(1)
    const wrong = lines.flatMap((line) => {
      const [id = '', level = '', direction = ''] = line.split('\t')
      const rule = rules.get(id)
      if (rule === undefined) return [`${id} is missing`]
      if (ranks[rule.wire] < levels[level]!) return [`${id} is ${level}, and ${rule.wire} here`]
      return (rule.direction ?? 'none') === direction.toLowerCase() ? [] : [`${id} is of ${direction}`]
    })
    expect(lines).toHaveLength(509)
    expect(wrong).toEqual([])
  },
)

test('a rule that breaks something says how to keep it, or that there is no way', () => {
  for (const { id, wire, source, direction, advice } of rules.values())
    if (direction !== null && wire === 'keeps' && source === 'keeps') expect([id, advice]).toEqual([id, null])
})

test('a sentence names only what its details can hold', () => {
  const names = new Set([...rules.values()].flatMap(({ sentence }) => sentence.match(/\{\w+\}/g) ?? []))
  expect([...names].toSorted()).toEqual(['{after}', '{before}', '{days}', '{name}', '{scheme}', '{sunset}'])
})

test.each<[string, FactPlace, string]>([
  ['max-decreased', 'request body', 'request-body-max-decreased'],
  ['max-decreased', 'request read-only property', 'request-read-only-property-max-decreased'],
  ['type-changed', 'parameter', 'request-parameter-type-changed'],
  ['type-changed', 'header property', 'request-parameter-property-type-changed'],
  ['type-changed', 'response header', 'response-header-type-changed'],
  ['type-specialized', 'request body', 'request-body-type-changed'],
  ['type-specialized', 'request property', 'request-property-type-changed'],
  ['type-specialized', 'parameter', 'request-parameter-type-changed'],
  ['type-specialized', 'parameter property', 'request-parameter-property-type-specialized'],
  ['type-specialized', 'response property', 'response-property-type-specialized'],
  ['pattern-generalized', 'request property', 'request-property-pattern-generalized'],
  ['pattern-generalized', 'response property', 'response-property-pattern-changed'],
  ['became-enum', 'header property', 'request-header-property-became-enum'],
  ['enum-value-removed', 'response body', 'response-mediatype-enum-value-removed'],
  ['enum-value-removed', 'response property', 'response-property-enum-value-removed'],
  ['enum-value-added', 'response write-only property', 'response-write-only-property-enum-value-added'],
  ['property-added-required', 'request property', 'new-required-request-property'],
  ['property-added-required', 'header property', 'new-required-request-header-property'],
  ['property-added-required', 'request read-only property', 'new-read-only-request-property'],
  ['property-added-required', 'response property', 'response-required-property-added'],
  ['property-added-required', 'response write-only property', 'response-required-write-only-property-added'],
  ['property-added-required-with-default', 'request property', 'new-required-request-property-with-default'],
  ['property-added-optional', 'request property', 'new-optional-request-property'],
  ['property-added-optional', 'response property', 'response-optional-property-added'],
  ['property-removed-required', 'request property', 'request-property-removed'],
  ['property-removed-optional', 'request property', 'request-property-removed'],
  ['property-removed-required', 'response property', 'response-required-property-removed'],
  ['property-removed-optional', 'response property', 'response-optional-property-removed'],
  [
    'property-removed-optional',
    'response write-only property',
    'response-optional-write-only-property-removed',
  ],
  ['became-required', 'header property', 'request-header-property-became-required'],
  ['became-required-with-default', 'request property', 'request-property-became-required-with-default'],
  ['became-required-with-default', 'response property', 'response-property-became-required'],
  ['became-optional', 'response write-only property', 'response-write-only-property-became-optional'],
  ['became-read-only-required', 'request property', 'request-required-property-became-read-only'],
  ['became-not-write-only-optional', 'response property', 'response-optional-property-became-not-write-only'],
])('%s of a %s is the rule %s', (fact, place, rule) => {
  expect(ruleOfFact(fact, place)).toBe(rule)
})

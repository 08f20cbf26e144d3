import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { realDocument } from '../../../test/support/contracts.ts'
import { contractIn } from '../../../test/support/differences/schema-documents.ts'
import { differencesOf, formatJson, formatMarkdown, formatText } from './index.ts'

const [old, recent] = [
  realDocument('stripe-2017-09-05.json'),
  realDocument('stripe-2022-04-12.json'),
] as const
const read = (file: string) => contractIn(readFileSync(file, 'utf8'), file)

for (const name of [
  'petstore.yaml',
  'adyen-checkout70.json',
  'stripe-2017-09-05.json',
  'stripe-2022-04-12.json',
]) {
  const { file, isHere } = realDocument(name)
  test.skipIf(!isHere)(`${name} (shared/data) differs in nothing from itself`, () => {
    expect(differencesOf(read(file), read(file))).toEqual([])
  })
}

test.skipIf(!old.isHere || !recent.isHere)(
  'two versions of a large document (Stripe, shared/data) differ in what can be told, each thing once',
  { timeout: 60_000 },
  () => {
    const differences = differencesOf(read(old.file), read(recent.file))
    const rules = new Set(differences.map(({ rule }) => rule))
    expect(rules).toContain('endpoint-added')
    expect(rules).toContain('response-property-became-optional')
    expect([...rules].filter((rule) => rule.endsWith('not-compared'))).toEqual([])
    expect(new Set(differences.map(({ fingerprint }) => fingerprint)).size).toBe(differences.length)
    // What operations share is told once: unfolded for each of them it would be millions.
    expect(differences.length).toBeLessThan(10_000)
    const shared = differences.find(({ place }) => place === 'schema account /charges_enabled')
    expect(shared).toMatchObject({ operation: null, wire: 'breaks' })
    expect(shared!.uses.length).toBeGreaterThan(100)
    expect(formatText(differences).length).toBeGreaterThan(100_000)
    expect(formatMarkdown(differences).length).toBeLessThan(65_536)
    expect(JSON.parse(formatJson(differences)).differences).toHaveLength(differences.length)
  },
)

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commonRules } from './common/table.ts'
import { houseRules } from './rules/index.ts'
import type { RuleText } from './types.ts'

const page = readFileSync(new URL('../../../../../docs/contract-rules.md', import.meta.url), 'utf8')

const rowOf = ({ id, title, why, how, severities, fixes }: RuleText) =>
  `| \`${id}\` | ${title} | ${why} | ${how} | ${severities.recommended} | ${fixes ? 'yes' : ''} |`

/** What a page says of a rule begins so. */
const rowsIn = (text: string) => text.split('\n').filter((line) => line.startsWith('| `'))

test('docs/contract-rules.md has every rule, as the code has it, and no other', () => {
  expect(rowsIn(page)).toEqual([...houseRules, ...commonRules].map(rowOf))
})

test('it has every option with its default', () => {
  const wanted = houseRules.flatMap(({ id, options }) =>
    Object.entries(options.parse({}) as object).map(
      ([name, value]) => `- \`${id}\`, \`${name}\`: \`${JSON.stringify(value)}\``,
    ),
  )
  expect(page.split('\n').filter((line) => line.startsWith('- `'))).toEqual(wanted)
})

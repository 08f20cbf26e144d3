import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test/support/folder.ts'
import { lintText, settingsOf, whole } from '../../../../test/support/lint.ts'
import { houseRules } from '../rules/index.ts'
import { loadSettings } from './find.ts'
import { allRules, defaultSettings, readSettings } from './read.ts'

function refused(text: string): string[] {
  const reading = readSettings(text, 'rockpool.lint.yaml')
  return reading.ok ? [] : reading.findings.map(({ line, path, message }) => `${line} ${path} ${message}`)
}

const on = (settings: ReturnType<typeof defaultSettings>) =>
  [...settings.rules].filter(([, { severity }]) => severity !== 'off').map(([id]) => id)

test('no two rules have the same id, and each says what, why and how', () => {
  expect(new Set(allRules.map(({ id }) => id)).size).toBe(allRules.length)
  for (const { id, title, why, how } of allRules) {
    expect(id).toMatch(/^[a-zA-Z0-9.-]+$/)
    expect(title).toMatch(/[^.]$/)
    for (const text of [why, how]) expect(text).toMatch(/\.$/)
  }
})

test('without settings the recommended rules count; the house’s are matters of taste, but for three', () => {
  expect(on(defaultSettings())).toEqual(on(settingsOf({})))
  const house = new Set(houseRules.map(({ id }) => id))
  expect(on(defaultSettings()).filter((id) => house.has(id))).toEqual([
    'operations-distinct',
    'path-trailing-slash',
    'reserved-parameters',
  ])
  expect(on(settingsOf({ extends: ['house'] }))).toEqual([...house])
  expect(on(settingsOf({ extends: [] }))).toEqual([])
  expect(on(settingsOf({ extends: ['recommended', 'house'] }))).toHaveLength(
    on(defaultSettings()).length + house.size - 3,
  )
})

test('a rule is set to a severity, or to a severity with options; options alone turn it on', () => {
  const { rules } = settingsOf({
    rules: {
      'path-case': 'error',
      'parameter-limit': { maximum: 50 },
      'path-trailing-slash': 'off',
      'paths-kebab-case': 'warn',
    },
  })
  expect(rules.get('path-case')!.severity).toBe('error')
  expect(rules.get('parameter-limit')).toEqual({
    severity: 'warn',
    options: { name: 'limit', minimum: 1, maximum: 50, default: 25 },
  })
  expect(rules.get('path-trailing-slash')!.severity).toBe('off')
  expect(rules.get('paths-kebab-case')!.severity).toBe('warn')
})

test('all that is wrong is told at once, each at its place, with the nearest name', () => {
  const text = `extends: [recomended, house]
rule: {}
rules:
  path-cas: error
  path-case: loud
  parameter-limit:
    severity: warn
    maximun: 3
    minimum: none
  field-types:
    fields:
      id: text
ignore:
  - rule: path-case
    at: paths
  - 3
`
  expect(refused(text)).toEqual([
    '1 /extends/0 “recomended” is no set of rules: recommended, house',
    '2 /rule there is no rule here: did you mean rules?',
    '4 /rules/path-cas there is no rule path-cas: did you mean path-case?',
    '5 /rules/path-case “loud” is no severity: error, warn, off',
    '8 /rules/parameter-limit/maximun parameter-limit has no option maximun: did you mean maximum?',
    expect.stringMatching(/^9 \/rules\/parameter-limit\/minimum /),
    expect.stringMatching(/^12 \/rules\/field-types\/fields\/id /),
    '14 /ignore/0 because must say why it is ignored',
    '15 /ignore/0/at at must be a JSON pointer, such as /paths/~1orders',
    '16 /ignore/1 must say rule, at (a JSON pointer) and because',
  ])
})

test.each([
  ['[]', 'settings of lint are an object'],
  ['rules: {', ''],
  ['rules: {}\nrules: {}', '“rules” stands here twice'],
  ['rules: 3', 'rules must be an object'],
  ['ignore: 3', 'ignore must be a list'],
  ['extends: 3', '“3” is no set of rules'],
  ['rules: { "__proto__": error, constructor: warn }', 'there is no rule __proto__'],
])('%s is refused', (text, message) => {
  expect(refused(text).join('\n')).toContain(message)
  expect(refused(text)).not.toEqual([])
})

test('the nearest settings above a document count, up to the root of its repository; or those that are named', async () => {
  const folder = await temporaryFolder('settings')
  const inner = join(folder, 'repository/contracts/a')
  await mkdir(inner, { recursive: true })
  const document = join(inner, 'api.yaml')
  const severity = async (given?: string) => {
    const reading = await loadSettings(document, given)
    return reading.ok ? reading.settings.rules.get('path-case')!.severity : reading.findings
  }
  await writeFile(join(folder, 'rockpool.lint.yaml'), 'rules: { path-case: error }')
  expect(await severity()).toBe('error')
  await mkdir(join(folder, 'repository/.git'))
  expect(await severity()).toBe('off')
  await writeFile(join(folder, 'repository/rockpool.lint.yaml'), 'rules: { path-case: warn }')
  expect(await severity()).toBe('warn')
  expect(await severity(join(folder, 'rockpool.lint.yaml'))).toBe('error')
  expect(await severity(join(folder, 'absent.yaml'))).toEqual([
    expect.objectContaining({ message: expect.stringContaining('cannot be read') }),
  ])
})

const bad = JSON.stringify(
  whole({ paths: { '/A': { get: { responses: {} } }, '/Ab': { get: { responses: {} } } } }),
)
const rules = { 'path-case': 'error' }

test('what is ignored by its place is not told; below it, too; beside it, it is', async () => {
  const told = async (ignore: object[]) => {
    const { findings } = await lintText(bad, settingsOf({ extends: [], rules, ignore }))
    return findings.map(({ rule, path }) => `${rule} ${path}`)
  }
  const because = 'it is old'
  expect(await told([{ rule: 'path-case', at: '/paths/~1A', because }])).toEqual([
    'path-case /paths/~1Ab/get',
  ])
  expect(await told([{ rule: 'path-case', at: '', because }])).toEqual([])
  expect(await told([{ rule: 'path-case', at: '', file: 'api.yaml', because }])).toEqual([])
  expect(await told([{ rule: 'path-case', at: '', file: 'pi.yaml', because }])).toEqual([
    'path-case /paths/~1A/get',
    'path-case /paths/~1Ab/get',
    'ignored /ignore/0',
  ])
})

test('what is ignored, and is not found any more, is told', async () => {
  const ignore = [{ rule: 'path-case', at: '/paths/~1Gone', because: 'it is old' }]
  const { findings } = await lintText(bad, settingsOf({ extends: [], rules, ignore }))
  expect(findings.at(-1)).toMatchObject({
    rule: 'ignored',
    level: 'warning',
    file: 'rockpool.lint.yaml',
    path: '/ignore/0',
  })
})

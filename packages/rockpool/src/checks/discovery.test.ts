import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { discover, findFiles } from './discovery.ts'
import { createPool } from './process/pool.ts'
import type { Pool } from './process/pool.ts'
import { readCheck } from './read-check.ts'
import { createWorkspace, orderFor } from '../../test/support/checks.ts'
import type { Workspace } from '../../test/support/checks.ts'

let workspace: Workspace
let pool: Pool

beforeAll(async () => {
  workspace = await createWorkspace()
  pool = createPool({ limits: { loadMs: 3_000 } })
})
afterAll(async () => {
  pool.close()
  await workspace.remove()
})

const raw = (options: unknown) => ({ kind: 'check', name: 'it', options, hasBody: true, line: 7 })

describe('discovery', () => {
  test('finds several checks in a file, with their lines and their options in milliseconds', async () => {
    const file = await workspace.file(
      'good.check.ts',
      `check('one', async () => {})\ncheck('two', { every: '1m', timeout: '5s', retries: 2, tags: ['fast'] }, async () => {})`,
    )
    const { checks, findings } = await discover([file], pool)
    expect(findings).toEqual([])
    expect(checks).toMatchObject([
      { name: 'one', line: 2, every: null, timeout: 60_000, retries: { count: 0 } },
      {
        name: 'two',
        line: 3,
        every: 60_000,
        timeout: 5_000,
        retries: { count: 2, on: 'any' },
        tags: ['fast'],
      },
    ])
  })

  test('tells each bad file with its line, and finds the good ones beside it', async () => {
    const files = {
      syntax: await workspace.file(
        'syntax.check.ts',
        `check('a', async () => {})\ncheck('b', async () => { const = 3 })`,
      ),
      types: await workspace.file('types.check.ts', `enum Kind { A }\ncheck('c', async () => {})`),
      throws: await workspace.file('throws.check.ts', `const nothing: any = undefined\nnothing.here()`),
      missing: await workspace.file(
        'missing.check.ts',
        `import { nothing } from './nowhere.ts'\ncheck('d', nothing)`,
      ),
      none: await workspace.file('none.check.ts', `export const check1 = check`),
      exits: await workspace.file('exits.check.ts', `process.exit(3)`),
      spins: await workspace.file('spins.check.ts', `for (;;) {}`),
      good: await workspace.file('fine.check.ts', `check('fine', async () => {})`),
      twin: await workspace.file('twin.check.ts', `check('fine', async () => {})`),
    }
    const { checks, findings } = await discover(Object.values(files), pool)
    expect(checks.map(({ name }) => name)).toEqual(['fine'])
    const of = (file: string) => findings.filter((finding) => finding.file === file)
    expect(of(files.syntax)).toMatchObject([
      { line: 3, message: expect.stringContaining('it cannot be loaded') as string },
    ])
    expect(of(files.types)).toMatchObject([{ line: 2, message: expect.stringContaining('enum') as string }])
    expect(of(files.throws)).toMatchObject([
      { line: 3, message: expect.stringContaining('TypeError') as string },
    ])
    expect(of(files.missing)).toMatchObject([{ message: expect.stringContaining('nowhere.ts') as string }])
    expect(of(files.none)).toMatchObject([{ message: 'it defines no check: call check(name, …) in it' }])
    expect(of(files.exits)).toMatchObject([{ message: 'it cannot be loaded: its process ended with code 3' }])
    expect(of(files.spins)).toMatchObject([
      { message: 'it cannot be loaded: it was still loading after 3 s' },
    ])
    expect(of(files.twin)).toMatchObject([
      { line: 2, message: `the name is taken by the check at ${files.good}:2` },
    ])
    expect(findings).toHaveLength(8)
  }, 30_000)

  test('a glob finds files, a plain name that exists is taken as it is, and a pattern without a file is a finding', async () => {
    await workspace.file('sub/[odd] name.check.ts', `check('odd', async () => {})`)
    const found = await findFiles(
      ['sub/**/*.check.ts', 'sub/[odd] name.check.ts', 'absent/*.ts'],
      workspace.folder,
    )
    expect(found.files).toEqual([`${workspace.folder}/sub/[odd] name.check.ts`])
    expect(found.findings).toMatchObject([
      { path: 'checks.2', message: `no file matches absent/*.ts in ${workspace.folder}` },
    ])
  })
})

describe('options', () => {
  test('all wrong ones are told at once', () => {
    const { check, findings } = readCheck(
      raw({
        every: '1 minute',
        cron: 'whenever',
        timeout: '2d',
        retries: { count: -1, on: 'sometimes' },
        tags: 'fast',
        sandbox: { ttl: '1s', parent: 3 },
        evry: 1,
      }),
      '/a.ts',
    )
    expect(check).toBeUndefined()
    expect(findings.map(({ path }) => path).toSorted()).toEqual(
      [
        'cron',
        'cron',
        'every',
        'evry',
        'retries',
        'retries',
        'sandbox.parent',
        'sandbox.ttl',
        'tags',
        'timeout',
      ].map((path) => `it: ${path}`),
    )
    expect(findings.every(({ file, line }) => file === '/a.ts' && line === 7)).toBe(true)
  })

  test('a sandbox may not end before its check', () => {
    expect(readCheck(raw({ timeout: '2m', sandbox: { ttl: '1m' } }), '/a.ts').findings).toMatchObject([
      { path: 'it: sandbox.ttl' },
    ])
  })

  test('a cron expression that never comes true is refused', () => {
    expect(readCheck(raw({ cron: '0 0 30 2 *' }), '/a.ts').findings).toMatchObject([
      { message: 'it never comes true' },
    ])
    expect(readCheck(raw({ cron: '0 6 * * 1-5' }), '/a.ts').check?.cron).toBe('0 6 * * 1-5')
  })

  test('what control could not keep is refused', () => {
    expect(readCheck({ ...raw({}), name: 'a\u0000b' }, '/a.ts').findings).toHaveLength(1)
    for (const tags of [[''], ['x'.repeat(101)], Array.from({ length: 51 }, () => 'x'), [3]]) {
      expect(readCheck(raw({ tags }), '/a.ts').findings).toMatchObject([{ path: 'it: tags' }])
      expect(readCheck(raw({ faults: 'all' }), '/a.ts').findings).toMatchObject([{ path: 'it: faults' }])
      expect(readCheck(raw({ faults: true }), '/a.ts').check).toMatchObject({ faults: true })
    }
  })

  test('a check without a name or a function is refused', () => {
    expect(
      readCheck({ kind: 'check', name: ' ', options: {}, hasBody: false, line: 1 }, '/a.ts').findings,
    ).toHaveLength(2)
  })
})

describe('the pool', () => {
  test('gives the same process again while its file and what that imports stay the same', async () => {
    await workspace.file('help/prices.ts', `export const price = 1`)
    const file = await workspace.file(
      'warm.check.ts',
      `import { price } from './help/prices.ts'\ncheck('warm', async ({ expect }) => expect(price).toBe(1))`,
    )
    const run = async () => {
      const process = await pool.take(file)
      if ('message' in process) throw new Error(process.message)
      const { ending } = await process.run(orderFor('warm', 'http://127.0.0.1:1'), () => Promise.resolve())
      pool.giveBack(process)
      return { process, ending }
    }
    const first = await run()
    const second = await run()
    expect(second.process).toBe(first.process)
    await workspace.file('help/prices.ts', `export const price = 2`)
    const third = await run()
    expect(third.process).not.toBe(first.process)
    expect(third.ending.type).toBe('failed')
  })
})

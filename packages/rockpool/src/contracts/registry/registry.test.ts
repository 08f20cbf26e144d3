import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startRegistry, thingsContract } from '../../../test/support/registry.ts'
import type { TestRegistry } from '../../../test/support/registry.ts'
import { refusal } from '../../../test/support/organizations.ts'
import { Problem } from '../../kernel/index.ts'
import { addressOf } from '../bundle.ts'
import type { Bundle } from '../bundle.ts'
import type { Met } from '../differences/index.ts'
import type { PushInput, PushName } from './types.ts'

let t: TestRegistry
beforeEach(async () => {
  t = await startRegistry()
})
afterEach(() => t.close())

const day = 86_400_000
const input = (bundle: Bundle, more: Partial<PushInput> = {}): PushInput => ({
  service: 'things',
  bundle,
  name: null,
  branch: null,
  note: null,
  by: 'mem_1',
  ...more,
})
const push = (bundle: Bundle, more?: Partial<PushInput>) => t.registry.push(input(bundle, more))
const revision = (name: string): { name: PushName } => ({ name: { kind: 'revision', name } })
const version = (name: string): { name: PushName } => ({ name: { kind: 'version', name } })
const branch = (name: string, endsAt: Date | null = null) => ({ branch: { name, endsAt } })
const count = async (table: string) =>
  (await t.database.one<{ n: number }>(`select count(*) as n from contracts.${table}`)).n

const wide = (of: string) => thingsContract(of, ['a', 'b', 'c'])
const narrow = (of: string) => thingsContract(of, ['a', 'b'])

/** The refusal of a push, as it is told. */
async function refused(bundle: Bundle, more?: Partial<PushInput>): Promise<Problem> {
  const error = await push(bundle, more).catch((thrown: unknown) => thrown)
  if (error instanceof Problem && error.code === 'contract_breaks') return error
  throw new Error(`it was not refused: ${JSON.stringify(error)}`)
}
const fingerprintsOf = ({ extra }: Problem) =>
  (extra['breaks'] as { fingerprint: string }[]).map(({ fingerprint }) => fingerprint)

describe('what is pushed', () => {
  test('is kept with who, when and what, and read again as it was written', async () => {
    const bundle = wide('1.0.0')
    const { version: made, isNew } = await push(bundle, { note: 'the first' })
    expect(isNew).toBe(true)
    expect(made).toMatchObject({
      service: 'things',
      address: addressOf(bundle),
      name: '1.0.0',
      kind: 'version',
      pushedBy: 'mem_1',
      pushedAt: new Date(t.clock.now()).toISOString(),
      note: 'the first',
      title: 'Things',
      operations: 1,
      running: [],
    })
    expect(await t.registry.bundle(made!.address)).toEqual(bundle)
  })

  test('changes nothing when it is pushed again, by whomever', async () => {
    const { version: made } = await push(wide('1.0.0'))
    const again = await push(wide('1.0.0'), { by: 'mem_2', note: 'again' })
    expect(again).toMatchObject({ isNew: false, version: made })
    expect([await count('push'), await count('contract')]).toEqual([1, 1])
  })

  test('keeps its name for ever: other contents are refused with both addresses', async () => {
    await push(wide('1.0.0'))
    const other = thingsContract('1.0.0', ['a', 'b', 'c', 'd'])
    const { code, detail } = await refusal(push(other))
    expect(code).toBe('conflict')
    expect(detail).toContain(addressOf(wide('1.0.0')))
    expect(detail).toContain(addressOf(other))
    await push(other, version('1.1.0'))
    expect((await t.registry.find('things', '1.1.0')).infoVersion).toBe('1.0.0')
  })

  test('may have a second name: the contents are kept once', async () => {
    await push(wide('1.0.0'))
    await push(wide('1.0.0'), revision('0a1b2c3'))
    expect([await count('push'), await count('contract')]).toEqual([2, 1])
  })

  test('must be a contract, of a service, with a name', async () => {
    expect(await refusal(push(wide('1.0.0'), { service: '../x' }))).toMatchObject({ code: 'invalid_input' })
    expect((await refusal(push(wide('next')))).findings[0]).toContain('no semantic version')
    const broken = { main: 'a.yaml', files: { 'a.yaml': 'openapi: 3.1.0\npaths:\n  /a: 3\n  /b: 4\n' } }
    const { findings } = await refusal(push(broken))
    expect(findings.filter((finding) => finding.startsWith('/paths/'))).toHaveLength(2)
    const outside = { main: '../a', files: { '../a': '{}' } }
    expect((await refusal(push(outside))).findings[0]).toContain('files.../a')
    expect(await count('push')).toBe(0)
  })
})

describe('a version is found', () => {
  test('by its name, its beginning, its revision, its address, and as the latest', async () => {
    for (const of of ['1.0.0', '1.2.0', '1.10.0', '2.0.0-rc.1']) await push(wide(of))
    await push(narrow('3.0.0'), revision('0a1b2c3d4e'))
    const found = async (selector: string) => {
      const { name, address } = await t.registry.find('things', selector)
      return name ?? address
    }
    expect(await found('v1.2.0')).toBe('1.2.0')
    expect(await found('1')).toBe('1.10.0')
    expect(await found('1.2')).toBe('1.2.0')
    expect(await found('2')).toBe('2.0.0-rc.1')
    expect(await found('latest')).toBe('1.10.0')
    expect(await found('0a1b2c3')).toBe('0a1b2c3d4e')
    expect(await found('0a1b2c3d4e5f6a7b')).toBe('0a1b2c3d4e')
    expect(await found(addressOf(wide('1.0.0')).slice(0, 20))).toBe('1.0.0')
    expect((await refusal(found('1.3'))).code).toBe('not_found')
    expect((await refusal(found('production'))).detail).toBe('nothing is known to run of things')
    expect((await refusal(t.registry.find('nobody', 'latest'))).detail).toContain('was ever pushed')
  })

  test('where nothing has a version, the latest is what was pushed last on no branch', async () => {
    await push(wide('x'), revision('0a1b2c3'))
    await push(wide('y'), revision('1a1b2c3'))
    await push(wide('z'), branch('try'))
    expect((await t.registry.find('things', 'latest')).name).toBe('1a1b2c3')
  })

  test('not by a beginning that may be several', async () => {
    await push(wide('1.0.0'), revision('0a1b2c3d4'))
    await push(wide('1.1.0'), revision('0a1b2c3d5'))
    expect((await refusal(t.registry.find('things', '0a1b2c3'))).code).toBe('conflict')
  })

  test('in a history that is read page by page, the newest first', async () => {
    for (const of of ['1.0.0', '1.1.0', '1.2.0']) await push(wide(of))
    const first = await t.registry.history('things', { limit: 2 })
    expect(first.items.map(({ name }) => name)).toEqual(['1.2.0', '1.1.0'])
    const second = await t.registry.history('things', { limit: 2, cursor: first.next! })
    expect(second).toMatchObject({ items: [{ name: '1.0.0' }], next: null })
    expect((await refusal(t.registry.history('things', { cursor: 'x' }))).code).toBe('invalid_input')
  })
})

describe('a branch', () => {
  test('moves, is not judged, and ends', async () => {
    await push(wide('1.0.0'))
    await push(wide('1.1.0'), branch('feature/x'))
    const moved = await push(narrow('1.0.0'), branch('feature/x'))
    expect(moved).toMatchObject({ refusal: null, breaks: [{ approval: null }] })
    expect((await t.registry.find('things', 'branch:feature/x')).address).toBe(addressOf(narrow('1.0.0')))
    expect((await t.registry.history('things')).items).toHaveLength(3)
    await t.clock.advance(30 * day + 1)
    expect((await refusal(t.registry.find('things', 'branch:feature/x'))).code).toBe('not_found')
    expect((await t.registry.history('things')).items).toHaveLength(1)
    expect(await count('push')).toBe(3)
  })

  test('gets another end by the same push', async () => {
    const { version: first } = await push(wide('1.0.0'), branch('x'))
    expect(first?.branchEndsAt).toBe(new Date(t.clock.now() + 30 * day).toISOString())
    const again = await push(wide('1.0.0'), branch('x', new Date(t.clock.now() + day)))
    expect(again).toMatchObject({
      isNew: false,
      version: { branchEndsAt: new Date(t.clock.now() + day).toISOString() },
    })
    expect((await refusal(push(wide('1.0.0'), branch('x', new Date(t.clock.now()))))).code).toBe(
      'invalid_input',
    )
    expect((await refusal(push(wide('1.0.0'), { ...branch('x'), ...version('1.0.0') }))).code).toBe(
      'invalid_input',
    )
  })
})

describe('a push that breaks callers', () => {
  test('is refused with what breaks, where, for whom, and how to keep it', async () => {
    await push(wide('1.0.0'))
    const { detail, status, findings } = await refused(narrow('1.1.0'))
    expect(status).toBe(409)
    expect(detail).toBe(
      'things@1.1.0 breaks callers of things@1.0.0, in 1 way: keep it compatible, push it as 2.0.0 or above, or have each approved',
    )
    expect(findings).toEqual([
      {
        path: 'GET /things parameter query kind',
        message: expect.stringMatching(
          /^the value c is gone \(request-parameter-enum-value-removed\)\nGo on accepting .*\nto approve it: [0-9a-f]{16}$/,
        ),
        file: 'things.json',
        line: expect.any(Number),
      },
    ])
    expect(await count('push')).toBe(1)
  })

  test('passes with another major version, before 1.0.0 with another minor one', async () => {
    await push(wide('0.1.0'))
    await refused(narrow('0.1.1'))
    await push(narrow('0.2.0'))
    await push(wide('1.0.0'))
    expect((await push(narrow('2.0.0'))).breaks).toEqual([])
  })

  test('passes when each difference is approved, and the approval survives rewording', async () => {
    await push(wide('1.0.0'))
    const both = thingsContract('1.1.0', ['a'])
    const prints = fingerprintsOf(await refused(both))
    expect(prints).toHaveLength(2)
    const approve = (fingerprints: string[], endsAt: Date | null = null) =>
      t.registry.approve({ service: 'things', fingerprints, reason: 'nobody uses it', endsAt, by: 'mem_2' })
    await approve([prints[0]!.slice(0, 16)])
    expect(fingerprintsOf(await refused(both))).toEqual([prints[1]])
    const [second] = await approve([prints[1]!], new Date(t.clock.now() + day))
    await t.registry.revokeApproval('things', second!.id, 'mem_2')
    await refused(both)
    await approve([prints[1]!], new Date(t.clock.now() + day))
    await t.clock.advance(day)
    await refused(both)
    await approve([prints[1]!])
    const reworded = thingsContract('1.1.0', ['a'], {
      info: { title: 'Other things', version: '1.1.0', description: 'x' },
    })
    const { breaks } = await push(reworded)
    expect(breaks.map(({ approval }) => approval)).toEqual([expect.any(String), expect.any(String)])
    expect((await t.registry.approvals('things')).items).toHaveLength(4)
  })

  test('says all that in a dry run, and keeps nothing', async () => {
    await push(wide('1.0.0'))
    const dry = await push(narrow('1.1.0'), { dryRun: true })
    expect(dry).toMatchObject({
      version: null,
      isNew: false,
      refusal: { detail: expect.stringContaining('breaks callers'), findings: [expect.anything()] },
      openBreaks: 1,
      counts: { breaks: 1 },
    })
    expect(await push(wide('1.1.0'), { dryRun: true })).toMatchObject({ version: null, refusal: null })
    expect(await count('push')).toBe(1)
  })

  test('is compared with the newest earlier version, not with the newest', async () => {
    await push(wide('1.0.0'))
    await push(narrow('2.0.0'))
    expect((await push(thingsContract('1.0.1', ['a', 'b', 'c', 'd']))).comparedWith).toMatchObject([
      { name: '1.0.0' },
    ])
    expect((await push(wide('2.1.0'))).comparedWith).toMatchObject([{ name: '2.0.0' }])
    expect((await push(wide('0.9.0'))).comparedWith).toEqual([])
  })

  test('names who meets it, where somebody knows', async () => {
    await t.close()
    const met: Met = {
      deed: 'sent this value',
      organizations: 2,
      isMore: false,
      calls: 5,
      firstSeen: '2026-11-22',
      lastSeen: '2026-11-22',
      names: ['harbor', 'acme'],
      days: 90,
      today: '2026-11-23',
    }
    t = await startRegistry({
      weights: (_, differences) =>
        Promise.resolve(new Map(differences.map(({ fingerprint }) => [fingerprint, met]))),
      isMetBy: () => Promise.resolve(null),
      all: () => Promise.resolve({ rows: [], isCut: false }),
    })
    await push(wide('1.0.0'))
    expect((await refused(narrow('1.1.0'))).findings[0]!.message).toContain(
      '2 organizations sent this value yesterday, in 5 calls: harbor, acme',
    )
  })
})

describe('at the same time', () => {
  test('of two pushes of one name and different contents one is kept, the other refused', async () => {
    const [one, other] = [wide('1.0.0'), thingsContract('1.0.0', ['d'])]
    const results = await Promise.allSettled([push(one), push(other)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await count('push')).toBe(1)
  })

  test('each of two pushes is compared with the other, whichever comes first', async () => {
    await push(wide('1.0.0'))
    // Each adds a value: whichever comes second takes the first one's away.
    const [one, other] = [
      thingsContract('1.1.0', ['a', 'b', 'c', 'd']),
      thingsContract('1.1.1', ['a', 'b', 'c', 'e']),
    ]
    for (let round = 0; round < 5; round++) {
      await t.database.query(`delete from contracts.push where name <> '1.0.0'`)
      const results = await Promise.allSettled([push(other), push(one)])
      const kept = await t.registry.history('things')
      // 1.1.0 is earlier than 1.1.1: either it came first, and 1.1.1 was refused, or it came second, and is compared with 1.0.0.
      if (results[0].status === 'rejected')
        expect(kept.items.map(({ name }) => name)).toEqual(['1.1.0', '1.0.0'])
      else expect(kept.items.map(({ name }) => name)).toEqual(['1.1.0', '1.1.1', '1.0.0'])
    }
  })

  test('the same push many times over is one push', async () => {
    const results = await Promise.all(Array.from({ length: 6 }, () => push(wide('1.0.0'))))
    expect(results.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(await count('push')).toBe(1)
  })
})

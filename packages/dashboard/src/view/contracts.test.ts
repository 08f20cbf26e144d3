import { describe, expect, test } from 'vitest'
import {
  aheadOf,
  byPush,
  countsInWords,
  differencesPath,
  leadOf,
  nameOf,
  runsOf,
  selectorOf,
  selectorsOf,
  shortAddress,
  stateOfApproval,
  stateOfDelivery,
  verdictOf,
  versionsLeadOf,
  worstFirst,
  type ContractItem,
  type Counts,
  type Delivery,
  type Notice,
  type Version,
} from './contracts.ts'

const address = `sha256:${'9e27418ed2fe'.padEnd(64, '0')}`
const version = (more: Partial<Version> = {}): Version => ({
  id: 1,
  service: 'petshop',
  address,
  name: '1.2.0',
  kind: 'version',
  branch: null,
  branchEndsAt: null,
  pushedBy: 'key_1',
  pushedAt: '2026-11-22T14:42:08.000Z',
  note: null,
  title: 'Petshop',
  infoVersion: '1.2.0',
  format: 'OpenAPI 3.0',
  operations: 4,
  schemas: 3,
  running: [],
  ...more,
})
const item = (latest: Version | null, ...production: Version[]): ContractItem => ({
  service: 'petshop',
  latest,
  production,
  pushes: 2,
})
const other = version({ name: '2.0.0', address: address.replace('9', '0') })

describe('a version', () => {
  test('is called by its name, else by its branch, else by its address', () => {
    expect(nameOf(version())).toBe('1.2.0')
    expect(nameOf(version({ name: null, branch: 'feature/x' }))).toBe('feature/x')
    expect(nameOf(version({ name: null }))).toBe('sha256:9e27418ed2fe')
    expect(shortAddress(address)).toBe('sha256:9e27418ed2fe')
  })

  test('is led to by what never leads to another one: a branch moves, a revision may be short', () => {
    expect(selectorOf(version())).toBe('1.2.0')
    expect(selectorOf(version({ name: 'abcdef0', kind: 'revision' }))).toBe('sha256:9e27418ed2fe')
    expect(selectorOf(version({ name: null, kind: null, branch: 'feature/x' }))).toBe('sha256:9e27418ed2fe')
    expect(differencesPath('petshop', '1.2.0', 'sha256:9e27')).toBe(
      '/contracts/petshop/differences?from=1.2.0&to=sha256%3A9e27',
    )
  })
})

describe('what differences are worth', () => {
  test('is told worst first, and what keeps everything is not told', () => {
    expect(countsInWords({ keeps: 7, 'may break': 1, breaks: 1_200, 'says otherwise': 1 })).toBe(
      '1,200 break, 1 may break, 1 says otherwise',
    )
    expect(countsInWords({ breaks: 1, 'breaks code': 2 })).toBe('1 breaks, 2 break code')
  })

  test.each([
    [{}, 'breaks nobody', 'pass'],
    [{ keeps: 3 }, 'breaks nobody', 'pass'],
    [{ 'may break': 2, keeps: 3 }, '2 may break', 'unsure'],
    [{ breaks: 1, 'may break': 2 }, '1 breaks, 2 may break', 'fail'],
  ])('of %o is “%s”', (counts, says, shape) => {
    expect(verdictOf(counts)).toEqual({ says, shape })
  })
})

describe('the newest version', () => {
  test('is held against what began to run last, unless it runs itself, anywhere', () => {
    expect(aheadOf(item(other, version()))).toEqual({ from: version(), to: other })
    expect(aheadOf(item(other, version(), other))).toBeUndefined()
    expect(aheadOf(item(other))).toBeUndefined()
    expect(aheadOf(item(null, version()))).toBeUndefined()
  })

  test('that breaks callers stands first, the rest as it was', () => {
    const items = ['a', 'b', 'c', 'd'].map((service) => ({ ...item(other, version()), service }))
    const counts = new Map([
      ['a', { keeps: 1 }],
      ['c', { breaks: 1 }],
      ['d', { breaks: 9 }],
    ])
    expect(worstFirst(items, counts).map(({ service }) => service)).toEqual(['c', 'd', 'a', 'b'])
  })

  test.each<[string, ContractItem[], [string, Counts | undefined][], string, string]>([
    ['nothing is pushed', [], [], 'Nobody has pushed a contract yet.', ''],
    [
      'it breaks callers',
      [item(other, version())],
      [['petshop', { breaks: 1 }]],
      'The newest version of petshop would break callers of what runs in production.',
      '',
    ],
    [
      'it breaks callers of several',
      [item(other, version()), item(other, version())],
      [
        ['petshop', { breaks: 1 }],
        ['shop', { breaks: 2 }],
      ],
      'The newest version of 2 services would break callers of what runs in production.',
      '',
    ],
    [
      'some are not compared yet, and of some it is not known what runs',
      [item(other, version()), item(other)],
      [['petshop', undefined]],
      'The newest versions are being compared with what runs.',
      'Of 1 service nothing is known to run.',
    ],
    [
      'nothing is known to run',
      [item(other)],
      [],
      'No newest version breaks callers of what runs in production.',
      'Nothing is known to run.',
    ],
  ])('where %s: one sentence', (_, items, counts, answer, rest) => {
    expect(leadOf(items, new Map(counts))).toEqual({ answer, rest })
  })
})

const delivery = (more: Partial<Delivery> = {}): Delivery => ({
  state: 'waiting',
  attempts: 1,
  toldAt: null,
  nextAt: null,
  failure: null,
  failedAt: null,
  ...more,
})

test('a push is told once, with all who were told of it', () => {
  const notice = (id: number, pushedAt: string, consumer: string | null): Notice => ({
    id,
    watcher: {
      id: `wat_${id}`,
      service: 'petshop',
      watchedBy: 'key_1',
      consumer,
      since: pushedAt,
      to: null,
      goneAt: null,
    },
    push: { service: 'petshop', address, name: '2.0.0', pushedBy: 'key_1', pushedAt },
    base: address,
    counts: { breaks: 1 },
    differences: [],
    delivery: consumer === null ? null : delivery(),
  })
  const [late, early] = ['2026-11-22T15:00:00.000Z', '2026-11-22T14:00:00.000Z']
  const told = byPush([notice(3, late, 'orders'), notice(2, late, null), notice(1, early, null)])
  expect(told.map(({ id, told: all }) => [id, all.map(({ who }) => who)])).toEqual([
    [3, ['orders', 'key_1']],
    [1, ['key_1']],
  ])
  expect(told[0]!.told.map(({ delivery: found }) => found?.state)).toEqual(['waiting', undefined])
})

test('what became of a notice at an address is said with when it was, or is tried again', () => {
  const failure = 'it answered 500'
  expect([
    stateOfDelivery(delivery()),
    stateOfDelivery(delivery({ failure, nextAt: noon })),
    stateOfDelivery(delivery({ state: 'told', toldAt: noon, failure })),
    stateOfDelivery(delivery({ state: 'given up', failure })),
  ]).toEqual([
    { says: 'on its way', shape: 'busy', at: null },
    { says: 'it answered 500; tried again', shape: 'unsure', at: noon },
    { says: 'sent', shape: 'pass', at: noon },
    { says: 'given up: it answered 500', shape: 'fail', at: null },
  ])
})

const noon = '2026-11-22T12:00:00.000Z'

test('an approval stands until its end, or until it is revoked', () => {
  const at = Date.parse(noon)
  expect(stateOfApproval({ endsAt: null, revokedAt: null }, at)).toBe('stands')
  expect(stateOfApproval({ endsAt: noon, revokedAt: null }, at - 1)).toBe('stands')
  expect(stateOfApproval({ endsAt: noon, revokedAt: null }, at)).toBe('ended')
  expect(stateOfApproval({ endsAt: null, revokedAt: noon }, at)).toBe('revoked')
})

test('what runs is told with its release and since when, or that it is not known', () => {
  const runs = version({ running: [{ release: 'v1.2.0', since: noon }] })
  expect(versionsLeadOf(runs, Date.parse(noon) + 60_000).answer).toBe('1.2.0 runs in production as v1.2.0.')
  expect(versionsLeadOf(undefined, 0).answer).toBe('It is not known what runs in production.')
  expect(runsOf(runs)).toEqual(['production, as v1.2.0'])
  expect(runsOf({ running: [{ release: null, since: noon }] })).toEqual(['production'])
})

describe('two versions to compare', () => {
  const branch = version({ name: null, kind: null, branch: 'feature/x' })
  const both = [branch, other, version()]

  test('are at first what runs and the newest, else the newest two; never a branch', () => {
    expect(selectorsOf(both, [], true).standing).toEqual({ from: 'production', to: '2.0.0' })
    expect(selectorsOf(both, [], false).standing).toEqual({ from: '1.2.0', to: '2.0.0' })
    expect(selectorsOf([], [], false).standing).toEqual({ from: 'latest', to: 'latest' })
  })

  test('are chosen of all, and what the address names is among them', () => {
    const { selectors } = selectorsOf(both, ['branch:feature/x', '1.2.0', undefined], true)
    expect(selectors.map(({ selector }) => selector)).toEqual([
      'production',
      'latest',
      'sha256:9e27418ed2fe',
      '2.0.0',
      '1.2.0',
      'branch:feature/x',
    ])
    expect(selectorsOf(both, [], false).selectors[0]).toEqual({ selector: 'latest', says: 'latest' })
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  compareVersions,
  nameFindings,
  nameOfPush,
  newestOf,
  nextBreaking,
  parseSelector,
  parseVersion,
  saysItBreaks,
} from './names.ts'

const inOrder = [
  '0.9.9',
  '1.0.0-1',
  '1.0.0-2',
  '1.0.0-10',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '1.0.1',
  '1.2.0',
  '1.10.0',
  '2.0.0',
]

test('versions have the precedence of Semantic Versioning, whatever order they come in', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(inOrder, { minLength: inOrder.length }), (shuffled) => {
      expect(shuffled.toSorted((a, b) => compareVersions(parseVersion(a)!, parseVersion(b)!))).toEqual(
        inOrder,
      )
    }),
  )
  expect(compareVersions(parseVersion('1.0.0+a')!, parseVersion('v1.0.0+b')!)).toBe(0)
})

test.each([
  '1',
  '1.0',
  '01.0.0',
  '1.0.0-01',
  '1.0.0-',
  '1.0.0-a..b',
  '2022-11-15',
  'x1.0.0',
  `1.0.0-${'a'.repeat(100)}`,
])('%s is no semantic version', (text) => expect(parseVersion(text)).toBeNull())

test('a version says that something breaks by its major number, before 1.0.0 by the minor one', () => {
  for (const [before, after, says] of [
    ['1.2.0', '2.0.0', true],
    ['1.2.0', '2.0.0-rc.1', true],
    ['1.2.0', '1.3.0', false],
    ['2.0.0', '1.9.0', false],
    ['0.2.0', '0.3.0', true],
    ['0.2.0', '0.2.1', false],
    ['0.2.0', '1.0.0', true],
    ['0.3.0', '0.2.0', false],
    ['2022', '2023', false],
  ] as const)
    expect([before, after, saysItBreaks(before, after)]).toEqual([before, after, says])
  expect(['1.2.3', '0.4.1', 'x'].map(nextBreaking)).toEqual(['2.0.0', '0.5.0', null])
})

test('a push is named by what is asked for, else by info.version, else not at all', () => {
  expect(nameOfPush(null, 'v1.2.0')).toEqual({ kind: 'version', name: '1.2.0' })
  expect(nameOfPush({ kind: 'version', name: '2.0.0' }, '1.2.0')).toEqual({ kind: 'version', name: '2.0.0' })
  expect(nameOfPush({ kind: 'revision', name: '0a1b2c3' }, '')).toEqual({ kind: 'revision', name: '0a1b2c3' })
  const fail = (...args: Parameters<typeof nameOfPush>) =>
    expect(() => nameOfPush(...args)).toThrow('has no name')
  fail(null, '')
  fail(null, '2022-11-15')
  fail({ kind: 'version', name: '1.2' }, '1.2.0')
  fail({ kind: 'revision', name: 'main' }, '1.2.0')
})

test('what stands behind the @ is read in one way', () => {
  expect(
    [
      'latest',
      'production',
      'branch:feature/x',
      'sha256:0123abcd',
      'v1.2.0-rc.1',
      '1',
      'v1.2',
      '0a1b2c3',
      '1234567',
    ].map(parseSelector),
  ).toEqual([
    { by: 'latest' },
    { by: 'production' },
    { by: 'branch', branch: 'feature/x' },
    { by: 'address', prefix: 'sha256:0123abcd' },
    { by: 'version', name: '1.2.0-rc.1' },
    { by: 'newest', numbers: [1] },
    { by: 'newest', numbers: [1, 2] },
    { by: 'revision', revision: '0a1b2c3' },
    { by: 'revision', revision: '1234567' },
  ])
  for (const text of [
    '',
    'main',
    'sha256:12',
    'sha256:ABCDEF01',
    'branch:',
    'branch:../x',
    '1.2.3.4',
    '../x',
    '01',
    'a1b2',
  ])
    expect(() => parseSelector(text)).toThrow('names no version')
})

test('services and branches have names that are no paths', () => {
  expect(nameFindings({ service: 'orders', branchName: 'feature/x-1.2' })).toEqual([])
  expect(nameFindings({ service: '../x', branchName: '../x' }).map(({ path }) => path)).toEqual([
    'service',
    'branch',
  ])
  for (const branchName of ['', 'a..b', 'a//b', 'a/', '.a', 'a b', '-a'])
    expect([branchName, nameFindings({ service: 'a', branchName }).length]).toEqual([branchName, 1])
})

test('the newest leaves out prereleases, unless there is nothing else', () => {
  const all = ['1.0.0', '1.2.0', '1.10.0', '2.0.0-rc.1'].map((name) => ({ name }))
  expect(newestOf(all, () => true)?.name).toBe('1.10.0')
  expect(newestOf(all, ({ numbers }) => numbers[1] === 2)?.name).toBe('1.2.0')
  expect(newestOf(all, ({ numbers }) => numbers[0] === 2)?.name).toBe('2.0.0-rc.1')
  expect(newestOf(all, () => false)).toBeUndefined()
})

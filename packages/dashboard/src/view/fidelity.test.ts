import { describe, expect, test } from 'vitest'
import { faithfulInWords, reasonsOf, standingOf, unfaithful } from './fidelity.ts'
import type { SeenOperation } from './fidelity.ts'

const finding = (message: string, breaks: boolean) => ({ what: 'body' as const, at: '/id', message, breaks })

const seen = (operation: string, rest: Partial<SeenOperation> = {}): SeenOperation => ({
  operation,
  method: 'GET',
  path: '/items',
  result: 'faithful',
  reason: null,
  findings: [],
  address: `sha256:${'0'.repeat(64)}`,
  run: 'run_01a203b4-0000-7000-8000-000000007c2e',
  seenAt: '2026-11-22T14:42:00.000Z',
  faithfulAt: null,
  ...rest,
})

const streams = seen('streams', { result: 'not tried', reason: 'it streams' })
const differs = seen('differs', { result: 'differs', findings: [finding('only the mock has it', false)] })
const breaks = seen('breaks', {
  result: 'differs',
  findings: [finding('only the service has it', false), finding('it is no integer', true)],
})

describe('the fidelity of a mock', () => {
  test('a service that breaks its contract is a fail, an answer that merely differs is not, and neither is what nobody tried', () => {
    expect(standingOf(breaks)).toEqual({ says: 'the service breaks its contract', shape: 'fail' })
    expect(standingOf(differs)).toEqual({ says: 'differs', shape: 'unsure' })
    expect(standingOf(streams)).toEqual({ says: 'not tried', shape: 'none' })
    expect(standingOf(seen('well'))).toEqual({ says: 'faithful', shape: 'pass' })
  })

  test('what is not faithful comes worst first, else in the order of the contract; what is faithful is left out', () => {
    const items = [seen('well'), streams, differs, breaks, { ...streams, operation: 'later' }]
    expect(unfaithful(items).map(({ operation }) => operation)).toEqual([
      'breaks',
      'differs',
      'streams',
      'later',
    ])
  })

  test('why: the reason, then what breaks the contract, then the rest', () => {
    expect(reasonsOf(breaks)).toEqual(['it is no integer', 'only the service has it'])
    expect(reasonsOf(streams)).toEqual(['it streams'])
  })

  test.each([
    [5, 8, '5 of 8 operations faithful'],
    [1_200, 1_300, '1,200 of 1,300 operations faithful'],
  ])('%i of %i are told as a count, not as a percentage', (faithful, operations, words) => {
    expect(faithfulInWords({ faithful, operations })).toBe(words)
  })
})

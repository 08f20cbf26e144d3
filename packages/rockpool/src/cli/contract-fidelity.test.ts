import { expect, test } from 'vitest'
import type { MockFidelity } from '../contracts/index.ts'
import { fidelityRows } from './contract-fidelity.ts'

const at = (minute: number) => new Date(minute * 60_000).toISOString()
const one = {
  operation: 'getItem',
  method: 'GET',
  path: '/items/{id}',
  result: 'faithful',
  reason: null,
  findings: [],
  address: `sha256:${'a'.repeat(64)}`,
  run: 'run_1',
  seenAt: at(7),
  faithfulAt: at(7),
} satisfies MockFidelity['items'][number]
const seen: MockFidelity = {
  service: 'catalog',
  operations: 3,
  faithful: 1,
  differs: 1,
  lastSeen: at(7),
  items: [],
}

test('it says how many operations are faithful, when that was seen, and of the others why not', () => {
  const items: MockFidelity['items'] = [
    one,
    {
      ...one,
      method: 'POST',
      result: 'differs',
      findings: [
        { what: 'body', at: '/id', message: '/id is required', breaks: true },
        { what: 'field', at: '/a', message: '/a is in the mock’s answer alone', breaks: false },
      ],
      faithfulAt: at(2),
    },
    { ...one, method: 'PUT', result: 'not tried', reason: 'it \u001b[31mstreams', faithfulAt: null },
  ]
  expect(
    fidelityRows({ ...seen, items }, Date.parse(at(10))).map(([name, text]) => `${name}|${text}`),
  ).toEqual([
    'mock|1 of 3 operations faithful, last seen 3 min ago',
    '|differs: POST /items/{id}, faithful 8 min ago',
    '|  breaks the contract: /id is required',
    '|  /a is in the mock’s answer alone',
    '|not tried: PUT /items/{id}',
    expect.stringMatching(/^\|  it .*streams$/),
  ])
  expect(fidelityRows({ ...seen, items }, 0).join()).not.toContain('\u001b')
})

test('where nobody has looked nothing is said', () => {
  expect(fidelityRows({ ...seen, lastSeen: null }, 0)).toEqual([])
})

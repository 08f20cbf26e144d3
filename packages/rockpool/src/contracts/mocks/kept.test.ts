import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contractOf } from '../../../test/support/contracts.ts'
import { ask, json } from '../../../test/support/mock-things.ts'
import { KeptAnswers } from './kept.ts'
import { createMock } from './mock.ts'
import type { MockAnswer } from './types.ts'

const named = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } })
const shape = (other: string) => ({
  type: 'object',
  required: ['id', other],
  properties: { id: { type: 'string' }, [other]: { type: 'integer' } },
})
const harbor = contractOf({
  paths: {
    '/{organization}/boats/{id}': {
      parameters: [named('organization'), named('id')],
      get: {
        operationId: 'getBoat',
        responses: {
          '200': {
            description: '',
            content: {
              'application/json': { schema: shape('length') },
              'application/vnd.crew+json': { schema: shape('sailors') },
            },
          },
          '4XX': { description: '', ...json(shape('reason')) },
        },
      },
    },
    '/{organization}/piers/{id}': {
      parameters: [named('organization'), named('id')],
      get: { operationId: 'getPier', responses: { '200': { description: '', ...json(shape('depth')) } } },
    },
  },
})

const requests = fc.record({
  organization: fc.constantFrom('a', 'b', 'a","b'),
  what: fc.constantFrom('boats', 'piers'),
  id: fc.constantFrom('1', '2', '","', 'x y'),
  headers: fc.constantFrom<string[]>(
    [],
    ['Accept', 'application/vnd.crew+json'],
    ['Prefer', 'code=404'],
    ['Prefer', 'code=418'],
    ['Prefer', 'example=none'],
  ),
})

test('what is answered does not hang on what was asked before', () => {
  const used = createMock(harbor, { stateful: false })
  fc.assert(
    fc.property(requests, ({ organization, what, id, headers }) => {
      const path = `/${encodeURIComponent(organization)}/${what}/${encodeURIComponent(id)}`
      const fresh = createMock(harbor, { stateful: false })
      expect(ask(used, 'GET', path, { headers })).toEqual(ask(fresh, 'GET', path, { headers }))
    }),
    { numRuns: 300 },
  )
})

const answerOf = (body: MockAnswer['body']): MockAnswer => ({ status: 200, headers: [], body })
const written = (kept: KeptAnswers, key: string, body: MockAnswer['body'] = key) => {
  let count = 0
  kept.take(key, () => {
    count += 1
    return answerOf(body)
  })
  return count === 1
}

test('an answer is written once; of many, the oldest go first', () => {
  const kept = new KeptAnswers()
  expect(Array.from({ length: 100 }, (_, index) => written(kept, `${index}`))).not.toContain(false)
  expect([written(kept, '0'), written(kept, '99'), written(kept, 'one more')]).toEqual([false, false, true])
  expect([written(kept, '1'), written(kept, '0')]).toEqual([false, true])
})

test('of long ones fewer are kept, and the longest not at all', () => {
  const kept = new KeptAnswers()
  const long = 'x'.repeat(19_000)
  for (let index = 0; index < 20; index++) written(kept, `${index}`, long)
  const again = Array.from({ length: 20 }, (_, index) => index).filter(
    (index) => kept.take(`${index}`, () => answerOf('new')).body === long,
  )
  expect(again).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
  expect([written(kept, 'longest', `${long}${long}`), written(kept, 'longest')]).toEqual([true, true])
})

test('a stream is made for each that asks', () => {
  const kept = new KeptAnswers()
  expect([written(kept, 'k', { pieces: ['a'] }), written(kept, 'k', { pieces: ['a'] })]).toEqual([true, true])
})

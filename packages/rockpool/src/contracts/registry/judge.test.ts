import { expect, test } from 'vitest'
import { refusal } from '../../../test/support/organizations.ts'
import { thingsContract } from '../../../test/support/registry.ts'
import { textOfBundle } from '../bundle.ts'
import { createJudge } from './judge.ts'

const text = textOfBundle(thingsContract('1.0.0', ['a', 'b']))
const titleOf = (judge: ReturnType<typeof createJudge>) =>
  judge.within(text, ({ facts }) => Promise.resolve(facts.title))

test('a contract that takes too long is given up, and the next one is read', async () => {
  const judge = createJudge({ most: 1, patienceMs: 0 })
  expect((await refusal(titleOf(judge))).code).toBe('invalid_input')
  expect((await refusal(titleOf(judge))).detail).toContain('too large')
})

test('a contract that is larger than a thread may hold is refused, and the next one is read', async () => {
  const judge = createJudge({ most: 1, heapMb: 48 })
  const large = JSON.stringify(Array.from({ length: 400_000 }, (_, index) => ({ index })))
  const document = `{"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {}, "x-large": ${large}}`
  const bundle = textOfBundle({ main: 'a.json', files: { 'a.json': document } })
  expect((await refusal(judge.within(bundle, () => Promise.resolve()))).code).toBe('invalid_input')
  expect(await titleOf(judge)).toBe('Things')
})

test('no more threads than it may have work at once, and none waits for ever', async () => {
  const judge = createJudge({ most: 2 })
  let [now, peak] = [0, 0]
  const two = Promise.withResolvers<void>()
  const titles = Array.from({ length: 8 }, () =>
    judge.within(text, async ({ facts }) => {
      peak = Math.max(peak, ++now)
      if (now === 2) two.resolve()
      await two.promise
      now -= 1
      return facts.title
    }),
  )
  expect(await Promise.all(titles)).toEqual(Array.from({ length: 8 }, () => 'Things'))
  expect(peak).toBe(2)
})

test('what fails in the work with a contract fails there alone', async () => {
  const judge = createJudge({ most: 1 })
  await expect(judge.within(text, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
  expect(await titleOf(judge)).toBe('Things')
})

test('the operations of a contract are told with what each asks for, its own before the contract’s', async () => {
  const operation = { responses: { 204: { description: '' } } }
  const bundle = thingsContract('1.0.0', ['a'], {
    security: [{ key: [] }],
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    paths: { '/a': { get: operation, post: { ...operation, operationId: 'make', security: [] } } },
  })
  const judge = createJudge({ most: 1 })
  expect(await judge.within(textOfBundle(bundle), (judgement) => judgement.outline())).toEqual([
    { id: 'getA', isNamed: false, method: 'GET', path: '/a', security: [{ key: [] }] },
    { id: 'make', isNamed: true, method: 'POST', path: '/a', security: [] },
  ])
})

import { expect, test } from 'vitest'
import {
  contractIn,
  documentWith,
  operation,
  toSchema,
} from '../../../test/support/differences/schema-documents.ts'
import { observedOf, readOf } from '../../../test/support/observed.ts'
import type { Json, JsonObject } from '../types.ts'
import { createObserver } from './index.ts'

const pet: JsonObject = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    kind: { enum: ['cat'] },
    parent: toSchema('Pet'),
    list: { type: 'array', items: toSchema('Pet') },
  },
}
const contract = contractIn(
  JSON.stringify(
    documentWith(
      { '/pets': { post: { ...operation(toSchema('Pet'), toSchema('Pet')), operationId: 'makePet' } } },
      { Pet: pet },
    ),
  ),
)

test('of a million organizations a thousand are told apart, and none is lost', () => {
  const observer = createObserver(contract)
  const body = readOf({ name: 'Rex' })
  for (let index = 0; index < 1_000_000; index += 1) observer.request('makePet', `o${index}`, body)
  const { rows } = observer.take('2026-11-22T12:00:00Z')
  const calls = rows.filter(({ kind }) => kind === 'call')
  expect(calls).toHaveLength(1_001)
  expect(calls.reduce((sum, { count }) => sum + count, 0)).toBe(1_000_000)
  expect(calls.find(({ organization }) => organization === null)!.count).toBe(999_000)
}, 60_000)

test('counters are bounded over all organizations and places; beyond it they count together', () => {
  const observer = createObserver(contract, { counters: 20 })
  for (let index = 0; index < 500; index += 1)
    observer.request('makePet', `o${index}`, readOf({ name: 'Rex' }))
  const rows = observer
    .take('2026-11-22T12:00:00Z')
    .rows.filter(({ kind }) => kind === 'sent' || kind === 'call')
  expect(rows.length).toBeLessThan(30)
  const ofName = rows.filter(({ place }) => place === 'schema Pet /name')
  expect(ofName.reduce((sum, { count }) => sum + count, 0)).toBe(500)
})

test('members and values that nobody declares are bounded, whatever they are called', () => {
  const usage = observedOf(contract, (observer) => {
    for (let index = 0; index < 1_000; index += 1) {
      const body: JsonObject = JSON.parse(
        `{"__proto__": 1, "constructor": {"prototype": 1}, "${'x'.repeat(10_000)}": 1}`,
      ) as JsonObject
      body[
        `name${String.fromCharCode(97 + (index % 26))}${String.fromCharCode(97 + Math.floor(index / 26))}`
      ] = index
      body['kind'] = `kind${index}`
      observer.request('makePet', 'acme', readOf(body))
    }
  })
  expect(usage.rows.length).toBeLessThan(100)
  expect(JSON.stringify(usage).length).toBeLessThan(50_000)
  expect(usage.rows.filter(({ kind }) => kind === 'undeclared')).toHaveLength(20)
  expect(({} as JsonObject)['x']).toBeUndefined()
})

test.each([
  ['deep', nested(5_000)],
  ['long', { list: Array.from({ length: 100_000 }, () => ({ name: 'Rex' })) }],
  ['wide', Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`m${index}`, index]))],
] satisfies [string, Json][])(
  'of a body that is too %s a part is counted, and the call is marked',
  (_, body) => {
    const started = performance.now()
    const usage = observedOf(contract, (observer) => observer.request('makePet', 'acme', readOf(body)))
    expect(usage.rows.some(({ kind }) => kind === 'cut')).toBe(true)
    expect(usage.rows.length).toBeLessThan(100)
    expect(performance.now() - started).toBeLessThan(5_000)
  },
)

test('places are bounded, and a call that has further ones is marked', () => {
  const observer = createObserver(contract, { places: 5 })
  for (let index = 0; index < 3; index += 1)
    observer.request('makePet', 'acme', readOf({ name: 'Rex', kind: 'cat' }))
  const { rows } = observer.take('2026-11-22T12:00:00Z')
  expect(rows.length).toBeLessThanOrEqual(7)
  expect(rows.some(({ kind }) => kind === 'cut')).toBe(true)
})

function nested(depth: number): JsonObject {
  let body: JsonObject = { name: 'Rex' }
  for (let index = 0; index < depth; index += 1) body = { parent: body }
  return body
}

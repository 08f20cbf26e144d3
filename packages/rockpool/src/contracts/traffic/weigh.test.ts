import { expect, test } from 'vitest'
import {
  answerOf,
  contractIn,
  documentWith,
  operation,
  toSchema,
} from '../../../test/support/differences/schema-documents.ts'
import { observedOf, readOf, watchedFor } from '../../../test/support/observed.ts'
import { differencesOf, formatJson, formatMarkdown, formatText } from '../differences/index.ts'
import type { Met } from '../differences/index.ts'
import type { Contract, Json, JsonObject } from '../types.ts'
import { mergeUsage, noUsage, weigh } from './index.ts'
import type { Observer, Usage } from './index.ts'

const today = { today: '2026-11-23', days: 90 }

const petWith = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties: { name: { type: 'string' }, ...properties },
  ...more,
})

function contractWith(pet: JsonObject, more: JsonObject = {}, rest: JsonObject = {}): Contract {
  const post = { ...operation(toSchema('Pet')), operationId: 'makePet', ...more }
  const get = { operationId: 'getPet', responses: answerOf(toSchema('Pet')), parameters: [idParameter] }
  const document = documentWith({ '/pets': { post }, '/pets/{id}': { get } }, { Pet: pet, ...rest })
  return contractIn(JSON.stringify(document))
}

const idParameter = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }

/** What is said of the difference of this rule. */
function weightOf(before: Contract, after: Contract, rule: string, usage: Usage, window = today) {
  const differences = differencesOf(before, after).filter((each) => each.rule === rule)
  expect(differences).toHaveLength(1)
  return weigh(differences, usage, window).get(differences[0]!.fingerprint)
}

/** Watched for 100 days; and yesterday there were these calls. */
function watched(contract: Contract, watch: (observer: Observer) => void, day?: string): Usage {
  return mergeUsage(watchedFor(contract, 100), observedOf(contract, watch, day))
}

const send =
  (bodies: Record<string, Json>) =>
  (observer: Observer): void => {
    for (const [organization, body] of Object.entries(bodies))
      observer.request('makePet', organization, readOf(body))
  }

const before = contractWith(petWith({ born: { type: 'string' }, kind: { enum: ['cat', 'dog'] } }))
const withoutBorn = contractWith(petWith({ kind: { enum: ['cat', 'dog'] } }))

test('of a field that is gone: three organizations sent it, or nobody did', () => {
  const three = watched(
    before,
    send({ a: { born: 'x' }, b: { born: 'x' }, c: { born: 'x' }, d: { name: 'Rex' } }),
  )
  expect(weightOf(before, withoutBorn, 'request-property-removed', three)).toEqual({
    deed: 'sent this field',
    organizations: 3,
    isMore: false,
    calls: 3,
    firstSeen: '2026-11-22',
    lastSeen: '2026-11-22',
    names: ['a', 'b', 'c'],
    days: 90,
    today: '2026-11-23',
  } satisfies Met)
  const none = watched(before, send({ d: { name: 'Rex' } }))
  expect(weightOf(before, withoutBorn, 'request-property-removed', none)).toBe('nobody in 90 days')
})

test('without evidence it is unknown: nobody watched, not long enough, or not each day', () => {
  const rule = 'request-property-removed'
  const quiet = watchedFor(before, 90)
  expect(weightOf(before, withoutBorn, rule, quiet)).toBe('nobody in 90 days')
  expect(weightOf(before, withoutBorn, rule, noUsage)).toBe('unknown')
  expect(weightOf(before, withoutBorn, rule, watchedFor(before, 89))).toBe('unknown')
  expect(weightOf(before, withoutBorn, rule, watchedFor(before, 89), { ...today, days: 30 })).toBe(
    'nobody in 30 days',
  )
  const gap = { ...quiet, rows: quiet.rows.filter(({ day }) => day !== '2026-10-01') }
  expect(weightOf(before, withoutBorn, rule, gap)).toBe('unknown')
  expect(weightOf(before, withoutBorn, rule, { ...quiet, isCut: true })).toBe('unknown')
  const unread = watched(before, (observer) =>
    observer.request('makePet', 'a', {
      ...readOf(undefined),
      findings: [{ in: 'body', path: '', message: '', keyword: 'syntax' }],
    }),
  )
  expect(weightOf(before, withoutBorn, rule, unread)).toBe('unknown')
})

test('what was sent longer ago does not count', () => {
  const long = watched(before, send({ a: { born: 'x' } }), '2026-08-24')
  expect(weightOf(before, withoutBorn, 'request-property-removed', long)).toBe('nobody in 90 days')
  const just = watched(before, send({ a: { born: 'x' } }), '2026-08-25')
  expect(weightOf(before, withoutBorn, 'request-property-removed', just)).toMatchObject({
    lastSeen: '2026-08-25',
  })
})

test('of a value of an enum that is gone: who sent that value, and none where another was sent', () => {
  const after = contractWith(petWith({ born: { type: 'string' }, kind: { enum: ['cat'] } }))
  const rule = 'request-property-enum-value-removed'
  const both = watched(before, send({ a: { kind: 'dog' }, b: { kind: 'cat' } }))
  expect(weightOf(before, after, rule, both)).toMatchObject({ names: ['a'], deed: 'sent this value' })
  expect(weightOf(before, after, rule, watched(before, send({ b: { kind: 'cat' } })))).toBe(
    'nobody in 90 days',
  )
})

test('of a value that was not told apart from others when it was sent, it is unknown', () => {
  const free = contractWith(petWith({ kind: { type: 'string' } }))
  const after = contractWith(petWith({ born: { type: 'string' }, kind: { enum: ['cat'] } }))
  const usage = watched(free, send({ a: { kind: 'dog' } }))
  expect(weightOf(before, after, 'request-property-enum-value-removed', usage)).toBe('unknown')
})

test('of a field that is required now: who did not send it, declared or not', () => {
  const required = contractWith(
    petWith({ born: { type: 'string' }, kind: { enum: ['cat', 'dog'] } }, { required: ['born'] }),
  )
  const bodies = { a: { born: 'x' }, b: { name: 'Rex' } }
  expect(
    weightOf(before, required, 'request-property-became-required', watched(before, send(bodies))),
  ).toMatchObject({
    names: ['b'],
    deed: 'did not send this field',
  })
  const all = watched(before, send({ a: { born: 'x' } }))
  expect(weightOf(before, required, 'request-property-became-required', all)).toBe('nobody in 90 days')
  const added = contractWith(
    petWith({ born: { type: 'string' }, kind: { enum: ['cat', 'dog'] } }, { required: ['born'] }),
  )
  const rule = 'new-required-request-property'
  expect(weightOf(withoutBorn, added, rule, watched(withoutBorn, send(bodies)))).toMatchObject({
    names: ['b'],
  })
  expect(weightOf(withoutBorn, added, rule, watched(withoutBorn, send({ a: { born: 'x' } })))).toBe(
    'nobody in 90 days',
  )
})

test('of a parameter that is required now: who called without it', () => {
  const parameter = (required: boolean) => ({
    parameters: [{ name: 'limit', in: 'query', required, schema: { type: 'integer' } }],
  })
  const [optional, needed] = [
    contractWith(petWith({}), parameter(false)),
    contractWith(petWith({}), parameter(true)),
  ]
  const usage = watched(optional, (observer) => {
    observer.request('makePet', 'a', readOf({}, { query: { limit: 1 } }))
    observer.request('makePet', 'b', readOf({}))
  })
  expect(weightOf(optional, needed, 'request-parameter-became-required', usage)).toMatchObject({
    names: ['b'],
  })
  const all = watched(optional, (observer) =>
    observer.request('makePet', 'a', readOf({}, { query: { limit: 1 } })),
  )
  expect(weightOf(optional, needed, 'request-parameter-became-required', all)).toBe('nobody in 90 days')
})

test('of what is answered: who called an operation that answers it', () => {
  const usage = watched(before, (observer) => {
    observer.request('getPet', 'reader', readOf(undefined))
    observer.request('makePet', 'writer', readOf({ name: 'Rex' }))
  })
  expect(weightOf(before, withoutBorn, 'response-optional-property-removed', usage)).toMatchObject({
    names: ['reader'],
    deed: 'called this operation',
  })
})

test('of an operation that is gone, and of security that is tightened: who called', () => {
  const one = contractIn(
    JSON.stringify(
      documentWith(
        { '/pets': { post: { ...operation(toSchema('Pet')), operationId: 'makePet' } } },
        { Pet: petWith({}) },
      ),
    ),
  )
  const usage = watched(before, (observer) => observer.request('getPet', 'reader', readOf(undefined)))
  expect(weightOf(before, one, 'api-path-removed-without-deprecation', usage)).toMatchObject({
    names: ['reader'],
  })
  expect(weightOf(before, one, 'api-path-removed-without-deprecation', watchedFor(before, 90))).toBe(
    'nobody in 90 days',
  )
  const secured = contractWith(petWith({ born: { type: 'string' }, kind: { enum: ['cat', 'dog'] } }), {
    security: [{ key: [] }],
  })
  const called = watched(before, send({ a: {} }))
  expect(weightOf(before, secured, 'api-security-required', called)).toMatchObject({ names: ['a'] })
})

test('of a branch that is gone, and of null: who sent it', () => {
  const shapes = {
    A: petWith({ a: { type: 'string' } }, { required: ['a'] }),
    B: petWith({ b: { type: 'string' } }, { required: ['b'] }),
  }
  const [two, one] = [['A', 'B'], ['A']].map((names) =>
    contractWith(petWith({ shape: { oneOf: [...names.map(toSchema), { type: 'integer' }] } }), {}, shapes),
  ) as [Contract, Contract]
  const rule = 'request-property-one-of-removed'
  expect(
    weightOf(two, one, rule, watched(two, send({ x: { shape: { b: '1' } }, y: { shape: { a: '1' } } }))),
  ).toMatchObject({ names: ['x'] })
  expect(weightOf(two, one, rule, watched(two, send({ y: { shape: { a: '1' } } })))).toBe('nobody in 90 days')
  const [nullable, not] = [['string', 'null'], 'string'].map((type) =>
    contractWith(petWith({ born: { type } })),
  ) as [Contract, Contract]
  const ofNull = 'request-property-became-not-nullable'
  expect(weightOf(nullable, not, ofNull, watched(nullable, send({ x: { born: null } })))).toMatchObject({
    names: ['x'],
  })
  expect(weightOf(nullable, not, ofNull, watched(nullable, send({ x: { born: 'x' } })))).toBe(
    'nobody in 90 days',
  )
})

test('a field is the same whichever schema of a composition names it', () => {
  const composed = (base: JsonObject) =>
    contractWith(
      { allOf: [toSchema('Base'), petWith({})] },
      {},
      { Base: { type: 'object', properties: base } },
    )
  const inline = contractWith(petWith({ kind: { type: 'string' } }))
  const usage = watched(
    composed({ kind: { type: 'string' }, old: { type: 'string' } }),
    send({ a: { old: 'x', fresh: 1 } }),
  )
  const rule = 'request-property-removed'
  const was = composed({ kind: { type: 'string' }, old: { type: 'string' } })
  expect(weightOf(was, composed({ kind: { type: 'string' } }), rule, usage)).toMatchObject({ names: ['a'] })
  expect(weightOf(was, inline, rule, usage)).toMatchObject({ names: ['a'] })
  const needed = contractWith(
    { allOf: [toSchema('Base'), petWith({})] },
    {},
    {
      Base: {
        type: 'object',
        properties: { kind: { type: 'string' }, old: { type: 'string' }, fresh: { type: 'integer' } },
        required: ['fresh'],
      },
    },
  )
  expect(weightOf(was, needed, 'new-required-request-property', usage)).toBe('nobody in 90 days')
})

test('organizations that were not told apart make it at least so many', () => {
  const usage = watched(before, send({ a: { born: 'x' } }))
  const rest = { ...usage, rows: usage.rows.map((row) => ({ ...row, organization: null })) }
  expect(weightOf(before, withoutBorn, 'request-property-removed', rest)).toMatchObject({
    organizations: 1,
    isMore: true,
    names: [],
  })
})

test('ten are named, those with the most calls first', () => {
  const usage = watched(before, (observer) => {
    for (let index = 0; index < 30; index += 1)
      for (let call = 0; call <= index; call += 1)
        observer.request('makePet', `o${index}`, readOf({ born: 'x' }))
  })
  expect(weightOf(before, withoutBorn, 'request-property-removed', usage)).toMatchObject({
    organizations: 30,
    calls: 465,
    names: Array.from({ length: 10 }, (_, index) => `o${29 - index}`),
  })
})

test('the formats say it of what breaks anything, and nothing of it without being asked', () => {
  const differences = differencesOf(before, withoutBorn).filter(({ place }) => place !== 'version')
  const usage = watched(before, send({ acme: { born: 'x' }, beta: { born: 'x' }, 'c`o': { born: 'x' } }))
  const weights = weigh(differences, usage, today)
  const [text, plain] = [formatText(differences, { traffic: weights }), formatText(differences)]
  const line = '3 organizations sent this field yesterday, in 3 calls: acme, beta, c`o'
  expect(text).toContain(`\n${' '.repeat(18)}${line}\n`)
  expect(
    text
      .split('\n')
      .filter((each) => !each.includes(line) && !each.includes('nobody'))
      .join('\n'),
  ).toBe(plain)
  expect(text).toContain(`\n${' '.repeat(18)}nobody in 90 days\n`)
  expect(formatMarkdown(differences, { traffic: weights })).toContain(
    '**3 organizations sent this field yesterday, in 3 calls: `acme`, `beta`, `` c`o ``.**',
  )
  expect(formatMarkdown(differences)).not.toContain('organizations')
  const all = JSON.parse(formatJson(differences, { traffic: weights })).differences as { traffic?: unknown }[]
  expect(all.map(({ traffic }) => traffic)).toEqual(
    differences.map(({ fingerprint }) => weights.get(fingerprint)),
  )
  expect(formatJson(differences)).not.toContain('traffic')
})

test('over several days the last one is told', () => {
  const differences = differencesOf(before, withoutBorn).filter(
    ({ rule }) => rule === 'request-property-removed',
  )
  const usage = mergeUsage(
    watched(before, send({ a: { born: 'x' } }), '2026-11-01'),
    observedOf(before, send({ a: { born: 'x' } }), '2026-11-20'),
  )
  expect(formatText(differences, { traffic: weigh(differences, usage, today) })).toContain(
    '1 organization sent this field in 90 days, last on 2026-11-20, in 2 calls: a',
  )
})

test('a day that is none is refused', () => {
  expect(() => weigh([], noUsage, { today: 'yesterday', days: 90 })).toThrow(
    'yesterday is no day: write it as 2026-11-23',
  )
})

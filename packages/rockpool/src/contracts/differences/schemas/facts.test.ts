import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readContract } from '../../read.ts'
import type { Contract, Json, JsonObject } from '../../types.ts'
import { differencesOf, noPolicy } from '../index.ts'
import { directionOf } from '../rules/fact.ts'
import type { FactPlace } from '../rules/fact.ts'
import { ruleOfFact, schemaRules } from '../rules/facts.ts'
import { rules } from '../rules.ts'
import type { Policy } from '../types.ts'
import { cases, datedCases, memberCases } from '../../../../test/support/differences/schemas.ts'
import type { Case } from '../../../../test/support/differences/schemas.ts'

const policy: Policy = { today: '2026-06-01', noticeDays: { stable: 30, beta: 10 } }
const wholes: FactPlace[] = ['request body', 'parameter', 'response body', 'response header']
const parts: FactPlace[] = [
  'request property',
  'request read-only property',
  'parameter property',
  'header property',
  'response property',
  'response write-only property',
]

function contractWith(operation: JsonObject, named: JsonObject = {}): Contract {
  const document = {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    paths: { '/things': { post: operation } },
    components: { schemas: named },
  }
  const reading = readContract(JSON.stringify(document), { file: 'things.json' })
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings))
  return reading.contract
}

const content = (schema: Json) => ({ 'application/json': { schema } })
const parameter = (place: string, schema: Json) => [{ name: 'filter', in: place, schema }]

/** An operation that has a schema at a place; of a member, the object that holds it. */
function operationWith(place: FactPlace, schema: Json): JsonObject {
  const responses = { 200: { description: 'Done' } }
  if (place === 'parameter' || place === 'parameter property')
    return { responses, parameters: parameter('query', schema) }
  if (place === 'header property') return { responses, parameters: parameter('header', schema) }
  if (directionOf[place] === 'request') return { responses, requestBody: { content: content(schema) } }
  if (place === 'response header')
    return { responses: { 200: { description: 'Done', headers: { 'X-Thing': { schema } } } } }
  return { responses: { 200: { description: 'Done', content: content(schema) } } }
}

/** The schema as the member of an object, as far as the place asks for one. */
function within(place: FactPlace, schema: Json): Json {
  if (wholes.includes(place)) return schema
  const access =
    place === 'request read-only property'
      ? 'readOnly'
      : place === 'response write-only property'
        ? 'writeOnly'
        : null
  const field = access === null ? schema : { allOf: [schema], [access]: true }
  return { type: 'object', properties: { field } }
}

function rulesTold(place: FactPlace, before: Json, after: Json, { named = {} }: Case, asked = noPolicy) {
  const [one, other] = [before, after].map((schema) => contractWith(operationWith(place, schema), named))
  return differencesOf(one!, other!, asked)
    .filter((each) => each.place !== 'version')
    .map(({ rule }) => rule)
}

const found = new Set<string>()

function expectOnly(place: FactPlace, fact: string, also: string[], told: string[]): void {
  const expected = [fact, ...also].map((each) => ruleOfFact(each, place))
  expect(told.toSorted()).toEqual(expected.toSorted())
  for (const rule of told) found.add(rule)
}

describe.each([...wholes, ...parts])('in a %s', (place) => {
  /** What is written as text is not changed by being a text (parameters, headers). */
  const isText = place === 'parameter' || place === 'response header'

  // What is `false` is neither read-only nor write-only.
  const all = Object.keys(cases).filter((fact) => !place.includes('-only') || !fact.endsWith('possible'))
  test.each(all)('%s is found, and only that', (fact) => {
    const planted = cases[fact]!
    const told = rulesTold(place, within(place, planted.before), within(place, planted.after), planted)
    const name = fact === 'type-compatible' && !isText ? 'type-changed' : fact
    expectOnly(
      place,
      place === 'parameter' && fact === 'type-compatible' ? 'type-generalized' : name,
      planted.also ?? [],
      told,
    )
  })

  test.each(Object.keys(datedCases))('%s is found, and only that', (fact) => {
    const planted = datedCases[fact]!
    const told = rulesTold(
      place,
      within(place, planted.before),
      within(place, planted.after),
      planted,
      policy,
    )
    expectOnly(place, fact, [], told)
  })
})

describe.each(parts.filter((place) => !place.includes('only')))('of a %s', (place) => {
  test.each(Object.keys(memberCases))('%s is found, and only that', (fact) => {
    const planted = memberCases[fact]!
    expectOnly(place, fact, [], rulesTold(place, planted.before, planted.after, planted))
  })
})

describe.each([
  ['request read-only property', 'readOnly'],
  ['response write-only property', 'writeOnly'],
] as const)('of a %s', (place, access) => {
  const presence = Object.keys(memberCases).filter((fact) => !/(?:read|write)-only/.test(fact))
  test.each(presence)('%s is found, and breaks nothing', (fact) => {
    const planted = memberCases[fact]!
    const silent = ({ properties, ...schema }: JsonObject): JsonObject => {
      const members = Object.entries(properties as Record<string, JsonObject>)
      return {
        ...schema,
        properties: Object.fromEntries(members.map(([name, each]) => [name, { ...each, [access]: true }])),
      }
    }
    expectOnly(
      place,
      fact,
      [],
      rulesTold(place, silent(planted.before as JsonObject), silent(planted.after as JsonObject), planted),
    )
    expect(rules.get(ruleOfFact(fact, place))).toMatchObject({ wire: 'keeps', source: 'keeps' })
  })
})

test.each([
  ['text/plain', 'request', 'body'],
  ['application/x-www-form-urlencoded', 'request', 'property'],
  ['text/plain', 'response', 'body'],
  ['text/csv', 'response', 'property'],
])('a number in %s may become a text: of a %s %s it is written the same', (type, direction, what) => {
  const [one, other] = [{ type: 'integer' }, { type: 'string' }].map((field) => {
    const schema = what === 'body' ? field : { type: 'object', properties: { field } }
    const body = { content: { [type]: { schema } } }
    const response = { description: 'Done', ...(direction === 'response' && body) }
    return contractWith({
      responses: { 200: response },
      ...(direction === 'request' && { requestBody: body }),
    })
  })
  const told = differencesOf(one!, other!).map(({ rule }) => rule)
  for (const rule of told) found.add(rule)
  expect(told).toEqual([`${direction}-${what}-type-compatible`])
})

test('a query parameter that is written once for each value may become a list of what it was', () => {
  const told = (explode: boolean) => {
    const [one, other] = [{ type: 'string' }, { type: 'array', items: { type: 'string' } }].map((schema) =>
      contractWith({
        responses: { 204: { description: 'Done' } },
        parameters: [{ name: 'tag', in: 'query', explode, schema }],
      }),
    )
    return differencesOf(one!, other!)
      .filter(({ place }) => place !== 'version')
      .map(({ rule }) => rule)
  }
  expect(told(true)).toEqual(['request-parameter-type-generalized'])
  expect(told(false)).toEqual(['request-parameter-type-changed'])
})

const reference = join(
  process.env['ROCKPOOL_SHARED'] ?? fileURLToPath(new URL('../../../../../../../shared', import.meta.url)),
  'data/oasdiff-rules.tsv',
)

test.skipIf(!existsSync(reference))(
  'every rule about schemas that the public reference has (shared/data) was found above',
  () => {
    const ours = new Set(schemaRules.map(({ id }) => id))
    const rows = readFileSync(reference, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'))
    // Whether there is a body at all is no matter of schemas.
    const isAsked = (id: string, area: string) =>
      ours.has(id) || (area === 'Schema' && id !== 'request-body-removed')
    const ids = rows
      .map(([id = '', , , area = '']) => [id, area] as const)
      .filter(([id, area]) => isAsked(id, area))
    expect(ids.map(([id]) => id).filter((id) => !found.has(id))).toEqual([])
  },
)

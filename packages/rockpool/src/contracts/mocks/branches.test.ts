import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { contractOf, realDocument } from '../../../test/support/contracts.ts'
import { isCampaign, limitMs } from '../../../test/support/counts.ts'
import { requestMaker } from '../../../test/support/mock-calls.ts'
import { ask, json, textOf } from '../../../test/support/mock-things.ts'
import { readContract } from '../read.ts'
import { createSampler } from '../samples/index.ts'
import { createValidator } from '../validation/index.ts'
import { createMock } from './mock.ts'
import { responseFor } from './responses.ts'

const to = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const contract = contractOf({
  paths: {
    '/homes': {
      get: {
        operationId: 'getHome',
        responses: {
          '200': {
            description: '',
            ...json({
              type: 'object',
              required: ['pets'],
              properties: {
                pets: { type: 'array', items: to('Pet') },
                keeper: {
                  oneOf: [
                    {
                      title: 'person',
                      type: 'object',
                      required: ['age'],
                      properties: { age: { type: 'integer' } },
                    },
                    { title: 'nobody', type: 'null' },
                  ],
                },
                rooms: { type: 'object', additionalProperties: { anyOf: [{ const: 1 }, { const: 2 }] } },
              },
            }),
          },
          '404': { description: '', ...json({ oneOf: [{ const: 'gone' }, { const: 'moved' }] }) },
        },
      },
    },
  },
  components: {
    schemas: {
      Pet: {
        oneOf: [to('Cat'), to('Dog')],
        discriminator: { propertyName: 'kind', mapping: { felis: '#/components/schemas/Cat' } },
      },
      Cat: {
        type: 'object',
        required: ['kind', 'lives'],
        properties: { kind: { type: 'string' }, lives: { type: 'integer' } },
      },
      Dog: {
        type: 'object',
        required: ['kind', 'toy'],
        properties: {
          kind: { type: 'string' },
          toy: {
            anyOf: [
              { type: 'string', title: 'ball' },
              { title: 'cat', ...to('Cat') },
            ],
          },
        },
      },
    },
  },
})
const mock = createMock(contract)
const prefer = (text: string) => ask(mock, 'GET', '/homes', { headers: ['Prefer', text] })

const person = { age: expect.any(Number) as number }

test.each<{ text: string; keeper?: unknown; pets?: object[] }>([
  { text: 'branch=Cat', pets: [{ kind: 'felis' }] },
  { text: 'branch=felis', pets: [{ kind: 'felis' }] },
  { text: 'branch=1', pets: [{ kind: 'Dog' }] },
  { text: 'branch="/pets/2:Dog"', pets: [{}, {}, { kind: 'Dog' }] },
  { text: 'branch="/pets/0:Dog,/pets/1:Cat"', pets: [{ kind: 'Dog' }, { kind: 'felis' }] },
  { text: 'branch=person', keeper: person },
  { text: 'branch=nobody, branch=Dog', keeper: null, pets: [{ kind: 'Dog' }] },
  // What stands within a branch takes that branch with it.
  { text: 'branch="/pets/1/toy:ball"', pets: [{}, { kind: 'Dog', toy: expect.any(String) }] },
  { text: 'branch=cat', pets: [{ kind: 'Dog', toy: { lives: expect.any(Number) } }] },
])('$text is answered', ({ text, keeper, pets = [] }) => {
  const { status, body, headers } = prefer(text)
  expect([status, headers['preference-applied']]).toEqual([200, expect.stringContaining('branch=')])
  const given = body as { keeper: unknown; pets: object[] }
  if (keeper !== undefined)
    expect(given.keeper).toEqual(keeper === null ? null : expect.objectContaining(person))
  for (const [index, pet] of pets.entries()) expect(given.pets[index]).toMatchObject(pet)
})

test('of another status, too', () => {
  expect(prefer('code=404, branch=1')).toMatchObject({ status: 404, body: 'moved' })
})

test('a branch that there is not is refused, with those that there are, the outer ones first', () => {
  const { status, body } = prefer('branch=Bird')
  expect(status).toBe(400)
  expect((body as { detail: string }).detail).toMatch(
    /^Prefer: branch=Bird: there is \/keeper:person, \/keeper:nobody, \/pets\/0:Cat, \/pets\/0:Dog, \/rooms\/\w+:0, /,
  )
  expect(prefer('branch=Cat, branch="/pets/0:Dog"').body).toMatchObject({
    detail: 'Prefer: branch=/pets/0:Dog: it cannot be had together with the others that are asked for',
  })
})

test('what stands far within takes all that it stands within, among however many branches', () => {
  const kinds = Array.from({ length: 300 }, (_, index) => ({
    title: `kind ${index}`,
    type: 'object',
    required: [`of${index}`],
    additionalProperties: false,
    properties: {
      [`of${index}`]: {
        anyOf: [
          { title: `plain ${index}`, const: 1 },
          { title: `rich ${index}`, const: 2 },
        ],
      },
    },
  }))
  const many = createMock(
    contractOf({
      paths: { '/one': { get: { responses: { '200': { description: '', ...json({ oneOf: kinds }) } } } } },
    }),
  )
  const asked = (prefer: string) => ask(many, 'GET', '/one', { headers: ['Prefer', prefer] })
  expect(asked('branch="rich 217"')).toMatchObject({ status: 200, body: { of217: 2 } })
  // The outer one, asked for again, takes nothing away of it.
  expect(asked('branch="rich 217", branch="kind 217"')).toMatchObject({ status: 200, body: { of217: 2 } })
})

test('who asks for a branch changes nothing', () => {
  const things = contractOf({
    paths: {
      '/things': {
        post: { responses: { '200': { description: '', ...json(to('Thing')) } } },
        get: { responses: { '200': { description: '', ...json({ type: 'array', items: to('Thing') }) } } },
      },
      '/things/{id}': {
        get: {
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          responses: { '200': { description: '', ...json(to('Thing')) } },
        },
      },
    },
    components: {
      schemas: {
        Thing: {
          type: 'object',
          required: ['id'],
          properties: { id: { type: 'string' }, size: { anyOf: [{ const: 1 }, { const: 2 }] } },
        },
      },
    },
  })
  const one = createMock(things)
  expect(ask(one, 'POST', '/things', { headers: ['Prefer', 'branch=1'] })).toMatchObject({
    status: 200,
    body: { size: 2 },
  })
  expect(ask(one, 'GET', '/things').body).toEqual([])
  expect(ask(one, 'GET', '/things/a', { headers: ['Prefer', 'branch=0'] }).body).toMatchObject({
    id: 'a',
    size: 1,
  })
})

/** So many unions of each answer are asked for; those so deep in every answer, those further in once in each document. */
const looked = isCampaign ? Infinity : 12
const everywhere = isCampaign ? 2 : 0

for (const name of [
  'adyen-checkout70.json',
  'stripe-2017-09-05.json',
  'stripe-2022-04-12.json',
  'apibuilder-api.json',
  'flow-service.json',
]) {
  const { file, isHere } = realDocument(name)
  test.skipIf(!isHere)(
    `${name} (a document beside the project): each branch of each 2xx answer is reached, and valid`,
    { timeout: limitMs(60_000) },
    () => {
      const reading = readContract(readFileSync(file, 'utf8'), { file: name })
      if (!reading.ok) throw new Error(JSON.stringify(reading.findings.slice(0, 5)))
      const real = createMock(reading.contract, { stateful: false })
      const { unions } = createSampler(reading.contract, { validator: createValidator(reading.contract) })
      const { isValid } = createValidator(reading.contract, { direction: 'response' })
      const make = requestMaker(reading.contract)
      const seen = new Set<string>()
      const wrong: string[] = []
      let reached = 0
      for (const operation of reading.contract.operations)
        for (const { status, content } of operation.responses.filter((one) => /^2\d\d$/.test(one.status)))
          for (const media of content)
            for (const { pointer, branches } of first(unions(media.schema, 'response'), looked))
              for (const branch of branches) {
                const depth = pointer.split('/').length - 1
                const key = `${depth > everywhere ? pointer.split('/').at(-1) : operation.id + pointer} ${branch.labels.join(' ')}`
                if (seen.has(key)) continue
                seen.add(key)
                const request = make(operation)!
                const preference = `code=${status}, branch="${pointer === '' ? '' : `${pointer}:`}${branch.name}"`
                const answer = real.answer({
                  ...request,
                  headers: [...request.headers, 'Accept', media.name, 'Prefer', preference],
                })
                const declared = responseFor(operation.responses, answer.status)?.response.content
                const isRight =
                  answer.status === Number(status) &&
                  declared?.includes(media) === true &&
                  isValid(media.schema, JSON.parse(textOf(answer)))
                if (isRight) reached += 1
                else
                  wrong.push(
                    `${operation.id} ${preference}: ${answer.status} ${textOf(answer).slice(0, 300)}`,
                  )
              }
      expect(wrong.slice(0, 5)).toEqual([])
      expect(reached).toBeGreaterThan(0)
    },
  )
}

function* first<T>(values: Iterable<T>, most: number): Generator<T> {
  let count = 0
  for (const value of values) {
    if (count >= most) return
    count += 1
    yield value
  }
}

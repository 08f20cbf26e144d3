import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { contractOf, realDocument } from '../../../test/support/contracts.ts'
import { requestMaker } from '../../../test/support/mock-calls.ts'
import { readContract } from '../read.ts'
import type { Contract, JsonObject } from '../types.ts'
import { createValidator } from '../validation/index.ts'
import { createMock } from './mock.ts'
import { responseFor } from './preference.ts'
import type { Mock } from './types.ts'

const thing = { $ref: '#/components/schemas/Thing' }
const json = (schema: object, more: object = {}) => ({ content: { 'application/json': { schema, ...more } } })
const contract = contractOf({
  paths: {
    '/{organization}/things': {
      parameters: [{ name: 'organization', in: 'path', required: true, schema: { type: 'string' } }],
      get: {
        operationId: 'listThings',
        parameters: [
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1 } },
          { name: 'offset', in: 'query', schema: { type: 'integer' } },
        ],
        responses: {
          '200': {
            description: '',
            ...json({
              type: 'object',
              required: ['data', 'has_more'],
              properties: { data: { type: 'array', items: thing }, has_more: { type: 'boolean' } },
            }),
          },
        },
      },
      post: {
        operationId: 'makeThing',
        requestBody: {
          required: true,
          ...json({
            type: 'object',
            required: ['name'],
            properties: {
              id: { type: 'string' },
              name: { type: 'string' },
              price: { type: 'number' },
              secret: { type: 'string' },
            },
          }),
        },
        responses: {
          '201': {
            description: '',
            ...json(thing),
            headers: { 'X-Count': { schema: { type: 'integer', minimum: 3, maximum: 3 } } },
          },
          '409': {
            description: '',
            ...json({ type: 'object', required: ['why'], properties: { why: { const: 'taken' } } }),
          },
        },
      },
    },
    '/{organization}/things/{id}': {
      parameters: ['organization', 'id'].map((name) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      get: {
        operationId: 'getThing',
        responses: {
          '200': {
            description: '',
            ...json(thing, {
              examples: { red: { value: { id: 'r', name: 'red', price: 1 } }, wrong: { value: { id: 3 } } },
            }),
          },
          '404': { description: '', ...json({ const: 'gone' }) },
        },
      },
      patch: {
        operationId: 'changeThing',
        requestBody: json({ type: 'object' }),
        responses: { '200': { description: '', ...json(thing) } },
      },
      put: {
        operationId: 'putThing',
        requestBody: json(thing),
        responses: { '200': { description: '', ...json(thing) } },
      },
      delete: { operationId: 'deleteThing', responses: { '204': { description: '' } } },
    },
    '/report': {
      get: {
        operationId: 'report',
        responses: {
          '200': {
            description: '',
            content: {
              'text/csv': { schema: { type: 'string' } },
              'application/json': { schema: { const: [1] } },
              'application/xml': { schema: { type: 'object' } },
            },
          },
        },
      },
    },
    '/never': {
      get: {
        operationId: 'never',
        responses: {
          '200': { description: '', ...json({ allOf: [{ type: 'string' }, { type: 'integer' }] }) },
        },
      },
    },
    '/files/{name}.{kind}': {
      parameters: ['name', 'kind'].map((name) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      get: {
        operationId: 'file',
        responses: {
          '200': {
            description: '',
            ...json({
              type: 'object',
              required: ['name', 'kind'],
              properties: { name: { type: 'string' }, kind: { type: 'string' } },
            }),
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        required: ['id', 'name', 'price'],
        properties: {
          id: { type: 'string' },
          name: { type: 'string', maxLength: 20 },
          price: { type: 'number', minimum: 0 },
        },
      },
    },
  },
})

/** Status, body (as JSON, where it is), and all headers in small letters. */
function ask(mock: Mock, method: string, target: string, given: { body?: unknown; headers?: string[] } = {}) {
  const { body, headers = [] } = given
  const type = body === undefined ? [] : ['Content-Type', 'application/json']
  const answer = mock.answer({
    method,
    target,
    headers: [...type, ...headers],
    body: body === undefined ? null : Buffer.from(JSON.stringify(body)),
  })
  const told: Record<string, string> = {}
  for (let index = 0; index < answer.headers.length; index += 2)
    told[answer.headers[index]!.toLowerCase()] = answer.headers[index + 1]!
  const isJson = told['content-type']?.includes('json') === true
  const content = isJson ? (JSON.parse(String(answer.body)) as JsonObject) : String(answer.body)
  return { status: answer.status, body: content, headers: told }
}

describe('what is made stays', () => {
  test('it begins empty; what is made can be read, listed, changed and deleted', () => {
    const mock = createMock(contract)
    expect(ask(mock, 'GET', '/a/things')).toMatchObject({ status: 200, body: { data: [], has_more: false } })
    const made = ask(mock, 'POST', '/a/things', { body: { name: 'lamp', price: 3, secret: 'x' } })
    expect(made).toMatchObject({ status: 201, body: { name: 'lamp', price: 3 }, headers: { 'x-count': '3' } })
    expect(made.body).not.toHaveProperty('secret')
    const { id } = made.body as { id: string }
    const path = `/a/things/${id}`
    expect(ask(mock, 'GET', path).body).toEqual(made.body)
    expect(ask(mock, 'GET', '/a/things').body).toEqual({ data: [made.body], has_more: false })
    expect(ask(mock, 'PATCH', path, { body: { price: 4, id: 'other' } }).body).toEqual({
      ...(made.body as object),
      price: 4,
    })
    expect(ask(mock, 'GET', path).body).toMatchObject({ id, price: 4 })
    expect(ask(mock, 'PUT', path, { body: { id, name: 'desk', price: 9 } }).body).toEqual({
      id,
      name: 'desk',
      price: 9,
    })
    expect(ask(mock, 'DELETE', path)).toMatchObject({ status: 204, body: '' })
    expect(ask(mock, 'GET', path)).toMatchObject({ status: 404, body: 'gone' })
    expect(ask(mock, 'DELETE', path)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  test('one organization sees nothing of another', () => {
    const mock = createMock(contract)
    const { id } = ask(mock, 'POST', '/a/things', { body: { name: 'lamp' } }).body as { id: string }
    expect(ask(mock, 'GET', '/b/things').body).toMatchObject({ data: [] })
    expect(ask(mock, 'GET', `/b/things/${id}`).status).toBe(404)
  })

  test('no two have the same id; one that is given and taken is refused as the contract says', () => {
    const mock = createMock(contract)
    const ids = Array.from(
      { length: 30 },
      () => (ask(mock, 'POST', '/a/things', { body: { name: 'x' } }).body as { id: string }).id,
    )
    expect(new Set(ids).size).toBe(30)
    expect(ask(mock, 'POST', '/a/things', { body: { id: ids[0], name: 'x' } })).toMatchObject({
      status: 409,
      body: { why: 'taken' },
    })
    expect(ask(mock, 'POST', '/a/things', { body: { id: 'mine', name: 'x' } }).body).toMatchObject({
      id: 'mine',
    })
  })

  test('ids that an example gives again and again are told apart', () => {
    const pets = contractOf({
      paths: {
        '/pets': {
          post: { responses: { '200': { description: '', ...json({ $ref: '#/components/schemas/Pet' }) } } },
        },
        '/pets/{petId}': {
          get: {
            parameters: [{ name: 'petId', in: 'path', required: true, schema: { type: 'integer' } }],
            responses: { '200': { description: '', ...json({ $ref: '#/components/schemas/Pet' }) } },
          },
        },
      },
      components: {
        schemas: {
          Pet: { type: 'object', required: ['id'], properties: { id: { type: 'integer', examples: [10] } } },
        },
      },
    })
    const mock = createMock(pets)
    const ids = Array.from({ length: 5 }, () => (ask(mock, 'POST', '/pets').body as { id: number }).id)
    expect(ids[0]).toBe(10)
    expect(new Set(ids).size).toBe(5)
    for (const id of ids) expect(ask(mock, 'GET', `/pets/${id}`)).toMatchObject({ status: 200, body: { id } })
  })

  test('a list is as long as the query says', () => {
    const mock = createMock(contract)
    for (const name of ['a', 'b', 'c']) ask(mock, 'POST', '/a/things', { body: { name } })
    const names = (target: string) =>
      (ask(mock, 'GET', target).body as { data: { name: string }[] }).data.map(({ name }) => name)
    expect(names('/a/things?limit=2')).toEqual(['a', 'b'])
    expect(names('/a/things?limit=2&offset=2')).toEqual(['c'])
  })

  test('what a change would break is not changed: the item stays valid', () => {
    const mock = createMock(contract)
    const { id } = ask(mock, 'POST', '/a/things', { body: { name: 'lamp', price: 3 } }).body as { id: string }
    const changed = ask(mock, 'PATCH', `/a/things/${id}`, {
      body: { name: 'a name that is much too long', price: 5 },
    })
    expect(changed.body).toEqual({ id, name: 'lamp', price: 5 })
  })

  test('what could not be answered is not done', () => {
    const mock = createMock(contract)
    expect(
      ask(mock, 'POST', '/a/things', { body: { name: 'x' }, headers: ['Accept', 'image/png'] }).status,
    ).toBe(406)
    expect(ask(mock, 'GET', '/a/things').body).toMatchObject({ data: [] })
  })

  test('without state everything is there, with the id of the path', () => {
    const mock = createMock(contract, { stateful: false })
    expect(ask(mock, 'GET', '/a/things/7')).toMatchObject({ status: 200, body: { id: '7' } })
    expect(ask(mock, 'DELETE', '/a/things/7').status).toBe(204)
    expect(ask(mock, 'GET', '/a/things/7').status).toBe(200)
  })
})

describe('what is answered', () => {
  const mock = createMock(contract, { stateful: false })

  test('the same requests get the same answers; another seed gives others', () => {
    const all = (seed: string) => {
      const one = createMock(contract, { seed })
      return [
        ask(one, 'POST', '/a/things', { body: { name: 'x' } }),
        ask(one, 'POST', '/a/things', { body: { name: 'x' } }),
        ask(one, 'GET', '/a/things'),
      ]
    }
    expect(all('s')).toEqual(all('s'))
    expect(all('t')).not.toEqual(all('s'))
  })

  test('any status that is declared can be asked for', () => {
    expect(ask(mock, 'GET', '/a/things/1', { headers: ['Prefer', 'code=404'] })).toMatchObject({
      status: 404,
      body: 'gone',
      headers: { 'preference-applied': 'code=404' },
    })
    expect(ask(mock, 'GET', '/a/things/1', { headers: ['Prefer', 'code=418'] })).toMatchObject({
      status: 400,
      body: { detail: 'Prefer: code=418 cannot be answered: getThing declares 200, 404' },
    })
  })

  test('an example can be asked for by its name; one that is not valid is not given', () => {
    const asked = (name: string) =>
      ask(mock, 'GET', '/a/things/1', { headers: ['prefer', `respond-async, example=${name}`] })
    expect(asked('red').body).toEqual({ id: 'r', name: 'red', price: 1 })
    expect(asked('wrong').body).not.toMatchObject({ id: 3 })
    expect(asked('blue')).toMatchObject({
      status: 400,
      body: { detail: 'Prefer: example=blue: there is red, wrong' },
    })
  })

  test.each([
    ['application/json', 200, 'application/json'],
    ['text/*', 200, 'text/csv'],
    ['text/csv;q=0.5, application/json;q=0.4', 200, 'text/csv'],
    ['*/*', 200, 'application/json'],
    ['application/json;q=0, text/csv', 200, 'text/csv'],
    ['application/xml', 501, 'application/problem+json'],
    ['image/png', 406, 'application/problem+json'],
  ])('Accept: %s → %i %s', (accept, status, type) => {
    const answer = ask(mock, 'GET', '/report', { headers: ['Accept', accept] })
    expect([answer.status, answer.headers['content-type']]).toEqual([status, type])
  })

  test('where nothing is valid, nothing is made up', () => {
    expect(ask(mock, 'GET', '/never')).toMatchObject({ status: 501, body: { code: 'mock_unable' } })
  })

  test('several parameters may stand in one segment', () => {
    expect(ask(mock, 'GET', '/files/a.b.csv').body).toEqual({ name: 'a', kind: 'b.csv' })
    expect(ask(mock, 'GET', '/files/csv').status).toBe(404)
  })
})

describe('what is refused', () => {
  const mock = createMock(contract)

  test('a path that is none, and a method that is not served', () => {
    expect(ask(mock, 'GET', '/a/b/c/d')).toMatchObject({ status: 404, body: { code: 'route_unknown' } })
    expect(ask(mock, 'PATCH', '/a/things')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, POST' },
    })
  })

  test('all that is wrong with a request at once', () => {
    const { status, body } = ask(mock, 'POST', '/a/things', { body: { price: 'x' } })
    expect(status).toBe(422)
    expect((body as { findings: { path: string }[] }).findings.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['body /price']),
    )
    expect(JSON.stringify(body)).toContain('name')
    expect(ask(mock, 'GET', '/a/things?limit=none')).toMatchObject({
      status: 422,
      body: { findings: [{ path: 'query limit' }] },
    })
  })
})

describe('real documents', () => {
  const names = [
    'petstore.yaml',
    'adyen-checkout70.json',
    'stripe-2017-09-05.json',
    'stripe-2022-04-12.json',
    'apibuilder-api.json',
    'flow-service.json',
  ]
  for (const name of names) {
    const { file, isHere } = realDocument(name)
    test.skipIf(!isHere)(
      `${name} (a document beside the project): every operation answers, and every answer is valid`,
      { timeout: 60_000 },
      () => {
        const reading = readContract(readFileSync(file, 'utf8'), { file: name })
        if (!reading.ok) throw new Error(JSON.stringify(reading.findings.slice(0, 5)))
        const result = callAll(reading.contract)
        expect(result.wrong.slice(0, 5)).toEqual([])
        expect(result.answered).toBeGreaterThan(0)
      },
    )
  }
})

/** Calls every operation with a good request. */
function callAll(real: Contract): { answered: number; wrong: string[] } {
  const mock = createMock(real, { stateful: false })
  const { isValid } = createValidator(real, { direction: 'response' })
  const make = requestMaker(real)
  const wrong: string[] = []
  let answered = 0
  for (const operation of real.operations) {
    const request = make(operation)
    if (request === undefined) {
      wrong.push(`${operation.id}: no request`)
      continue
    }
    const answer = mock.answer(request)
    const type = answer.headers[answer.headers.indexOf('Content-Type') + 1]
    const declared = responseFor(operation.responses, answer.status)
    const media = declared?.response.content.find((one) => one.name === type)
    const isRight =
      answer.status < 400 &&
      (media === undefined
        ? answer.body === ''
        : isValid(
            media.schema,
            type?.includes('json') ? JSON.parse(String(answer.body)) : String(answer.body),
          ))
    if (isRight) answered += 1
    else
      wrong.push(
        `${operation.method} ${operation.path}: ${answer.status} ${String(answer.body).slice(0, 400)}`,
      )
  }
  return { answered, wrong }
}

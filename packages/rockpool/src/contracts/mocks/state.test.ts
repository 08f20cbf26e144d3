import { expect, test } from 'vitest'
import { contractOf } from '../../../test/support/contracts.ts'
import { ask, json, things } from '../../../test/support/mock-things.ts'
import { createMock } from './mock.ts'

test('it begins empty; what is made can be read, listed, changed and deleted', () => {
  const mock = createMock(things)
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
  const mock = createMock(things)
  const { id } = ask(mock, 'POST', '/a/things', { body: { name: 'lamp' } }).body as { id: string }
  expect(ask(mock, 'GET', '/b/things').body).toMatchObject({ data: [] })
  expect(ask(mock, 'GET', `/b/things/${id}`).status).toBe(404)
})

test('no two have the same id; one that is given and taken is refused as the contract says', () => {
  const mock = createMock(things)
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
  const mock = createMock(things)
  for (const name of ['a', 'b', 'c']) ask(mock, 'POST', '/a/things', { body: { name } })
  const names = (target: string) =>
    (ask(mock, 'GET', target).body as { data: { name: string }[] }).data.map(({ name }) => name)
  expect(names('/a/things?limit=2')).toEqual(['a', 'b'])
  expect(names('/a/things?limit=2&offset=2')).toEqual(['c'])
})

test('what a change would break is not changed: the item stays valid', () => {
  const mock = createMock(things)
  const { id } = ask(mock, 'POST', '/a/things', { body: { name: 'lamp', price: 3 } }).body as { id: string }
  const changed = ask(mock, 'PATCH', `/a/things/${id}`, {
    body: { name: 'a name that is much too long', price: 5 },
  })
  expect(changed.body).toEqual({ id, name: 'lamp', price: 5 })
})

test('what could not be answered is not done', () => {
  const mock = createMock(things)
  expect(
    ask(mock, 'POST', '/a/things', { body: { name: 'x' }, headers: ['Accept', 'image/png'] }).status,
  ).toBe(406)
  expect(ask(mock, 'GET', '/a/things').body).toMatchObject({ data: [] })
})

test('without state everything is there, with the id of the path', () => {
  const mock = createMock(things, { stateful: false })
  expect(ask(mock, 'GET', '/a/things/7')).toMatchObject({ status: 200, body: { id: '7' } })
  expect(ask(mock, 'DELETE', '/a/things/7').status).toBe(204)
  expect(ask(mock, 'GET', '/a/things/7').status).toBe(200)
})

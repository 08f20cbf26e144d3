import { expect, test } from 'vitest'
import { contractOf } from '../../../test/support/contracts.ts'
import { ask, things } from '../../../test/support/mock-things.ts'
import { createMock } from './mock.ts'

const mock = createMock(things, { stateful: false })

test('the same requests get the same answers; another seed gives others', () => {
  const all = (seed: string) => {
    const one = createMock(things, { seed })
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

test.each([
  [
    { '401': { description: '' }, '404': { description: '' } },
    ': ask for what it declares, such as by “Prefer: code=401”',
  ],
  [{ '5XX': { description: '' } }, ''],
])('an operation that declares only failures says so: %j', (responses, advice) => {
  const contract = contractOf({ paths: { '/away': { get: { operationId: 'getAway', responses } } } })
  expect(ask(createMock(contract), 'GET', '/away')).toMatchObject({
    status: 501,
    body: { code: 'mock_unable', detail: `getAway declares no success${advice}` },
  })
})

test('several parameters may stand in one segment', () => {
  expect(ask(mock, 'GET', '/files/a.b.csv').body).toEqual({ name: 'a', kind: 'b.csv' })
  expect(ask(mock, 'GET', '/files/csv').status).toBe(404)
})

import { expect, test } from 'vitest'
import { ask, things } from '../../../test/support/mock-things.ts'
import { createMock } from './mock.ts'

const mock = createMock(things)

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

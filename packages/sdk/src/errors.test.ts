import { expect, test } from 'vitest'
import { createPool } from './database.ts'
import { problem, problemAnswer, toProblem } from './errors.ts'

const failing = async (work: () => Promise<unknown>): Promise<unknown> => {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}

test('an outage of the database is told from one of anything else', async () => {
  const pool = createPool('postgres://nobody:x@127.0.0.1:1/none')
  for (const work of [() => pool.query('select 1'), () => pool.connect()])
    expect(toProblem(await failing(work))).toMatchObject({
      code: 'database_unreachable',
      status: 503,
      retry: true,
    })
  await pool.end()
  const other = await failing(() => fetch('http://127.0.0.1:1/'))
  expect(toProblem(other)).toMatchObject({ code: 'internal', status: 500, cause: other })
  expect(toProblem((other as Error).cause)).toMatchObject({ code: 'internal' })
})

test('what Postgres says of itself and of an erased organization is understood', () => {
  const said = (code: string) => toProblem(Object.assign(new Error('from Postgres'), { code })).code
  expect(said('57P01')).toBe('database_unreachable')
  expect(said('08006')).toBe('database_unreachable')
  expect(said('RP410')).toBe('organization_deleted')
  expect(said('23505')).toBe('internal')
})

test('a problem is written as RFC 9457 says, and keeps its cause to itself', () => {
  const answer = problemAnswer(
    problem('event_invalid', 'two things', {
      findings: [{ path: 'key', message: 'is empty' }],
      cause: new Error('secret'),
    }),
  )
  expect(answer.status).toBe(500)
  expect(answer.headers).toEqual({ 'content-type': 'application/problem+json' })
  expect(JSON.parse(answer.body)).toEqual({
    type: 'https://rockpool.dev/problems/event_invalid',
    title: 'The event is not valid',
    status: 500,
    code: 'event_invalid',
    detail: 'two things',
    findings: [{ path: 'key', message: 'is empty' }],
  })
})

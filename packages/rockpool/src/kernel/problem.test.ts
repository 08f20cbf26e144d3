import { expect, test } from 'vitest'
import { Problem, problem, toProblem } from './problem.ts'

test('a problem is an RFC 9457 document with a stable type and all findings', () => {
  const document = problem('config_invalid', 'two findings', {
    findings: [
      { path: 'services.catalog.start', message: 'name the program' },
      { path: 'checks.0', message: 'is empty' },
    ],
    extra: { service: 'catalog', status: 200 },
  }).toJSON()
  expect(document).toMatchObject({
    type: 'https://rockpool.dev/problems/config_invalid',
    status: 422,
    code: 'config_invalid',
    detail: 'two findings',
    service: 'catalog',
    findings: [{ path: 'services.catalog.start' }, { path: 'checks.0' }],
  })
})

test('what an unknown error says stays inside', () => {
  const cause = new Error('password=hunter2 in the connection string')
  const unknown = toProblem(cause)
  expect(JSON.stringify(unknown)).not.toContain('hunter2')
  expect(unknown.cause).toBe(cause)
  const known = problem('not_found', 'no such run')
  expect(toProblem(known)).toBe(known)
  expect(known).toBeInstanceOf(Problem)
})

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { contractOf } from '../../../test/support/contracts.ts'
import { createMock } from './mock.ts'
import { startMockServer } from './server.ts'
import type { Mock } from './types.ts'

const run = promisify(execFile)
const thing = {
  type: 'object',
  required: ['id', 'name'],
  properties: { id: { type: 'string' }, name: { type: 'string' } },
}
const answer = { '200': { description: '', content: { 'application/json': { schema: thing } } } }
const contract = contractOf({
  paths: {
    '/things': {
      post: {
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: thing },
            'application/x-www-form-urlencoded': { schema: thing },
          },
        },
        responses: answer,
      },
    },
    '/things/{id}': {
      get: {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: answer,
      },
    },
  },
})

async function started(mock: Mock = createMock(contract)): Promise<string> {
  const server = await startMockServer(mock, { port: 0 })
  onTestFinished(() => server.close())
  return `http://127.0.0.1:${server.port}`
}

test('curl makes one, by JSON or by a form, and reads it again', async () => {
  const url = await started()
  await run('curl', [
    '-sSf',
    '-H',
    'Content-Type: application/json',
    '-d',
    '{"id": "a", "name": "lamp"}',
    `${url}/things`,
  ])
  await run('curl', ['-sSf', '-d', 'id=b&name=desk', `${url}/things`])
  const { stdout } = await run('curl', ['-sSf', `${url}/things/a`, `${url}/things/b`])
  expect(stdout).toBe('{"id":"a","name":"lamp"}{"id":"b","name":"desk"}')
})

test('HEAD has the head of GET, and nothing else', async () => {
  const url = await started(createMock(contract, { stateful: false }))
  const [head, get] = await Promise.all([
    fetch(`${url}/things/a`, { method: 'HEAD' }),
    fetch(`${url}/things/a`),
  ])
  expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'))
  expect(await head.text()).toBe('')
})

test('a body of more than 10 MB is refused, in pieces too', async () => {
  const url = await started()
  const body = new ReadableStream({
    start(controller) {
      for (let piece = 0; piece < 11; piece++) controller.enqueue(new Uint8Array(1024 * 1024))
      controller.close()
    },
  })
  const { status } = await fetch(`${url}/things`, { method: 'POST', body, duplex: 'half' } as RequestInit)
  expect(status).toBe(413)
})

test('a fault of ours costs one answer, and not the mock', async () => {
  const url = await started({
    answer({ target }) {
      if (target === '/broken') throw new Error('a secret of ours')
      return { status: 204, headers: [], body: '' }
    },
  })
  const broken = await fetch(`${url}/broken`)
  expect(broken.status).toBe(500)
  expect(await broken.text()).not.toContain('a secret of ours')
  expect((await fetch(`${url}/well`)).status).toBe(204)
})

test('a port that is taken is not fought over', async () => {
  const url = await started()
  const port = Number(new URL(url).port)
  await expect(startMockServer(createMock(contract), { port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

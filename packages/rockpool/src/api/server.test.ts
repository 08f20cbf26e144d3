import { get } from 'node:http'
import { connect } from 'node:net'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { startApi } from '../../test/support/api.ts'
import { handle, operation, silentLog, systemClock } from '../kernel/index.ts'
import { createApi } from './index.ts'

const wait = operation({
  id: 'test.wait',
  method: 'GET',
  path: '/wait',
  summary: 'Wait until the client goes away',
  scope: 'public',
  answers: { 200: z.object({}) },
})

test('a handler learns that its client went away', async () => {
  let went = false
  const started = Promise.withResolvers<void>()
  const t = await startApi({
    operations: [
      handle(wait, async ({ signal }) => {
        started.resolve()
        await once(signal, 'abort')
        went = true
        return {}
      }),
    ],
  })
  const request = get({ host: '127.0.0.1', port: t.server.port, path: '/wait' })
  request.on('error', () => {})
  await started.promise
  expect(went).toBe(false)
  request.destroy()
  await expect.poll(() => went).toBe(true)
  await t.close()
})

test('closing ends streams that would never end, and frees the port', async () => {
  const t = await startApi({
    open: (routes) =>
      routes.get(
        '/stream',
        () => new Response(new ReadableStream({ start: (out) => out.enqueue(Buffer.from('first\n')) })),
      ),
  })
  const socket = connect(t.server.port, '127.0.0.1')
  socket.write('GET /stream HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await once(socket, 'data')
  const ended = once(socket, 'close')
  const asked = performance.now()
  await t.server.close()
  await ended
  expect(performance.now() - asked).toBeLessThan(4_000)
  await expect(fetch(t.server.url)).rejects.toThrow('fetch failed')
  await t.close()
})

test('a port that is taken is refused, not shared', async () => {
  const t = await startApi()
  const other = createApi({ ...t, clock: systemClock, log: silentLog, operations: [], version: '0' })
  await expect(other.listen({ port: t.server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await t.close()
})

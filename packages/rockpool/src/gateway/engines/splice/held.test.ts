import { setTimeout as pause } from 'node:timers/promises'
import { queryObjects, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { engineTo } from '../../../../test/support/engine.ts'
import { until } from '../../../../test/support/gateway.ts'
import { rawClient, recordingUpstream } from '../../../../test/support/raw-http.ts'
import { createSpliceEngine } from './index.ts'
import { Repeated } from './repeated.ts'

// What a connection holds that is idle, or has sent half a head. Node cuts small buffers out of a pool of 64 KB, and one
// that stays keeps all of its pool.

const connections = 100
const answer = `HTTP/1.1 200 OK\r\nContent-Length: 1500\r\n\r\n${'x'.repeat(1_500)}`
const request = `GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: ${'x'.repeat(100)}\r\n\r\n`

setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void

async function bufferBytes(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    collect()
    await pause(1)
  }
  return process.memoryUsage().arrayBuffers
}

test('a connection that has been idle for a while remembers nothing of its headers, and is served', async () => {
  const { url } = await recordingUpstream({ answer: () => answer })
  const { port } = await engineTo(createSpliceEngine, { url })
  const client = await rawClient(port)
  const remembered = () => queryObjects(Repeated, { format: 'count' })
  for (const turn of [1, 2, 3]) {
    client.send(request)
    await client.answered(turn)
  }
  expect(remembered()).toBe(1)
  await until('it has forgotten', () => remembered() === 0)
  client.send(request)
  await client.answered(4)
  expect(client.socket.destroyed).toBe(false)
})

test('and is closed no earlier for that', async () => {
  const idleMs = 1_500
  const { url } = await recordingUpstream({ answer: () => answer })
  const { port } = await engineTo(createSpliceEngine, { url, limits: { idleMs } })
  const client = await rawClient(port)
  for (const turn of [1, 2, 3]) {
    client.send(request)
    await client.answered(turn)
  }
  const answered = performance.now()
  await until('it is closed', () => client.socket.closed)
  expect(performance.now() - answered).toBeGreaterThan(idleMs - 50)
})

test.each([
  ['has repeated its headers', request, 2],
  ['has sent half a head', 'GET / HTTP/1.1\r\nHo', 0],
])(
  'a connection that %s holds 2 KB of buffers at most, while others are served',
  async (_, text, answers) => {
    const { url } = await recordingUpstream({ answer: () => answer })
    const { port } = await engineTo(createSpliceEngine, { url })
    const busy = await rawClient(port)
    let asked = 0
    const serve = async (count: number) => {
      for (let turn = 0; turn < count; turn++) {
        busy.send(request)
        await busy.answered(++asked)
      }
    }
    await serve(5)
    const before = await bufferBytes()
    const clients = []
    for (let index = 0; index < connections; index++) {
      const client = await rawClient(port)
      for (let turn = 1; turn <= Math.max(1, answers); turn++) {
        client.send(text)
        if (answers > 0) await client.answered(turn)
      }
      clients.push(client)
      await serve(5)
    }
    const held = (await bufferBytes()) - before
    expect(held / connections).toBeLessThan(2_048)
    for (const client of clients) client.socket.destroy()
  },
)

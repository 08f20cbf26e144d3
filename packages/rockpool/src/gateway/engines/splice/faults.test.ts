import { describe, expect, test, vi } from 'vitest'
import { engineTo } from '../../../../test/support/engine.ts'
import { until } from '../../../../test/support/gateway.ts'
import { next, rawClient, recordingUpstream, statusOf } from '../../../../test/support/raw-http.ts'
import type { Exchange } from '../engine.ts'
import { createSpliceEngine } from './index.ts'

// A fault in what is done for a request costs that request: not the process, and nobody else's.

const fault = (): never => {
  throw new Error('a fault on purpose')
}
const answer =
  'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: b\r\n\r\n'

describe('a fault in what is done for a request', () => {
  const serve = async (bad: Partial<Exchange>, answers: string | null = answer) => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const upstream = await recordingUpstream({
      answer: (request, { socket }) => {
        if (answers === null && !request.start.includes('/next')) socket.destroy()
        return answers ?? answer
      },
    })
    const engine = await engineTo(createSpliceEngine, {
      url: upstream.url,
      exchange: ({ target }) => (target === '/next' ? {} : bad),
    })
    const client = await rawClient(engine.port)
    client.send('GET /bad HTTP/1.1\r\nHost: a\r\n\r\n')
    return { engine, client, upstream }
  }
  const isWell = async (port: number) => {
    const other = await rawClient(port)
    other.send(next)
    expect((await other.answered(1)).map(statusOf)).toEqual([200])
  }

  test.each<[string, Partial<Exchange>]>([
    ['interim', { interim: fault }],
    ['take', { take: fault }],
    ['trailers', { trailers: fault }],
  ])('%s: its connection is closed, and its end is told', async (_, bad) => {
    const { engine, client } = await serve(bad)
    await client.closed()
    await until('told', () => engine.ended().length === 1)
    await isWell(engine.port)
    expect(process.emitWarning).toHaveBeenCalled()
  })

  test('answered: the service has failed', async () => {
    const { engine, client } = await serve({ answered: fault })
    expect((await client.answered(1)).map(statusOf)).toEqual([502])
    expect(engine.ended()).toMatchObject([{ aborted: 'upstream' }])
    await isWell(engine.port)
  })

  test('failed: its connection is closed, and its end is told', async () => {
    const { engine, client } = await serve({ failed: fault }, null)
    await client.closed()
    await until('told', () => engine.ended().length === 1)
  })

  test('ended', async () => {
    const { engine, client } = await serve({ ended: fault })
    await client.closed()
    await isWell(engine.port)
  })

  test.each<[string, () => never | Promise<never>]>([
    ['at once', fault],
    ['later', () => Promise.reject(new Error('a fault on purpose'))],
  ])('open, %s', async (_, open) => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const upstream = await recordingUpstream()
    const engine = await engineTo(createSpliceEngine, {
      url: upstream.url,
      open: (exchange, { target }) => (target === '/next' ? exchange : open()),
    })
    const client = await rawClient(engine.port)
    client.send('GET /bad HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.closed()
    await isWell(engine.port)
  })
})

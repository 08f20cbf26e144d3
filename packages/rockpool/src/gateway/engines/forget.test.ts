import type { Server, ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { engineTo } from '../../../test/support/engine.ts'
import { until, upstream } from '../../../test/support/gateway.ts'
import { engineNames, engines } from '../index.ts'

const open = (server: Server) =>
  new Promise<number>((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )

/** A service whose answers to `/held` are the test's to give. */
async function holding() {
  const held: ServerResponse[] = []
  const { url, server } = await upstream((request, response) => {
    if (request.url === '/held') held.push(response)
    else response.end('at once')
  })
  server.keepAliveTimeout = 60_000
  return { url, server, held }
}

describe.each(engineNames)('an origin that is forgotten by %s', (name) => {
  test('loses its unused connections at once, and those in use after their call', async () => {
    const { url, server, held } = await holding()
    const engine = await engineTo(engines[name], { url })
    const get = async (path: string) => (await fetch(`http://127.0.0.1:${engine.port}${path}`)).text()
    const late = get('/held')
    await until('it has come', () => held.length === 1)
    await get('/other')
    expect(await open(server)).toBe(2)
    let isForgotten = false
    const forgotten = engine.forget(url).then(() => (isForgotten = true))
    await until('the unused one is gone', async () => (await open(server)) === 1, 3_000)
    expect(await get('/other')).toBe('at once')
    expect(isForgotten).toBe(false)
    held[0]!.end('late')
    expect(await late).toBe('late')
    await forgotten
    await until('the one in use is gone too', async () => (await open(server)) === 1, 3_000)
    expect(await get('/other')).toBe('at once')
    expect(await open(server)).toBe(1)
  })

  test('keeps whoever waits for a connection in its turn', async () => {
    const { url, held } = await holding()
    const engine = await engineTo(engines[name], { url })
    const calls = Array.from({ length: 260 }, async () =>
      (await fetch(`http://127.0.0.1:${engine.port}/held`)).text(),
    )
    await until('as many have come as may', () => held.length === 256)
    const forgotten = engine.forget(url)
    for (let answered = 0; answered < 260; answered += 1) {
      await until('another one has come', () => held.length > answered)
      held[answered]!.end('late')
    }
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['late']))
    await forgotten
  })

  test('that nobody called is no matter', async () => {
    const engine = await engineTo(engines[name], { url: 'http://127.0.0.1:1' })
    await engine.forget('http://127.0.0.1:2')
  })
})

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { count, limitMs } from '../../../test/support/counts.ts'
import { credential, readAll, temporaryFolder, until, upstream } from '../../../test/support/gateway.ts'
import type { HeldGatewayOptions, Usage } from '../../../test/support/gateway-held.ts'
import {
  codeOf,
  errors,
  fields,
  flags,
  frame,
  headers,
  openFrameClient,
  request,
  types,
  type FrameClient,
} from '../../../test/support/http2-frames.ts'
import { engines, type EngineName } from '../engines/index.ts'
import { defaultEngine } from '../engines/names.ts'

// Thousands of connections that do nothing, and hundreds that do too little: everybody else is served, and what they
// cost is little, and given back.

const idleCount = count('idleConnections', 500)
const slowCount = count('slowConnections', 50)
/** Far above what a call takes, far below what slow ones may take. */
const ceilingMs = 5_000
const limits = { headMs: 1_500, bodyIdleMs: 1_000, idleMs: 120_000 }
const deadlineMs = 5_000
/** For whatever has no promised time. */
const patienceMs = 60_000
const key = credential('live')
const MiB = 2 ** 20
/** What a connection holds at the most, whatever it is waiting for; the process may grow by something beside it. */
const bytesPerConnection = 16 * 1024
const growth = 4 * MiB
/** As the operating system sees it there is also what is not thrown away yet, and kept for the next time. */
const residentGrowth = 128 * MiB

async function startHeld(options: Pick<HeldGatewayOptions, 'engine' | 'url'> & Partial<HeldGatewayOptions>) {
  const { text: _, ...entry } = key
  const all: HeldGatewayOptions = { limits, deadlineMs, folder: temporaryFolder(), key: entry, ...options }
  const script = new URL('../../../test/support/gateway-held.ts', import.meta.url)
  const child = fork(script, [JSON.stringify(all)], { execArgv: ['--expose-gc'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const usage = async () => {
    const told = once(child, 'message') as Promise<[Usage]>
    child.send('usage')
    return (await told)[0]
  }
  return { port, usage }
}

interface Held {
  socket: Socket
  received(): string
  over(): boolean
}

async function hold(port: number, text: string): Promise<Held> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let received = ''
  let over = false
  socket.on('error', () => {}).once('close', () => (over = true))
  socket.setEncoding('latin1').on('data', (piece: string) => (received += piece))
  await once(socket, 'connect')
  socket.write(text)
  return { socket, received: () => received, over: () => over }
}

/** What is proven is not how many may come at once. */
const atOnce = 50

async function holdMany(most: number, open: () => Promise<Held>): Promise<Held[]> {
  const all: Held[] = []
  while (all.length < most)
    all.push(...(await Promise.all(Array.from({ length: Math.min(atOnce, most - all.length) }, open))))
  return all
}

/** One more call on each, some at a time; every one of them is served. */
async function callOnEach(all: Held[]): Promise<void> {
  for (let from = 0; from < all.length; from += atOnce) {
    const some = all.slice(from, from + atOnce)
    const before = some.map(({ received }) => received().length)
    for (const { socket } of some) socket.write(whole)
    await until(
      'each is answered',
      () => some.every((one, index) => one.received().length > before[index]! && isAnswered(one)),
      patienceMs,
    )
  }
}

const head = (method: string) =>
  `${method} /harbor/items HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key.text}\r\n`
const whole = `${head('GET')}\r\n`
const held = ({ heapUsed, arrayBuffers }: Usage) => heapUsed + arrayBuffers
const isAnswered = ({ received }: Held) => received().endsWith('items')

/** Customers are served meanwhile, each of them soon. */
async function serveUntil(port: number, isOver: () => boolean): Promise<void> {
  let served = 0
  let longest = 0
  const last = performance.now() + patienceMs
  while (!isOver()) {
    const began = performance.now()
    expect(began, 'it is not over').toBeLessThan(last)
    const response = await fetch(`http://127.0.0.1:${port}/harbor/items`, {
      headers: { authorization: `Bearer ${key.text}` },
    })
    expect([response.status, await response.text()]).toEqual([200, 'items'])
    longest = Math.max(longest, performance.now() - began)
    served += 1
    await pause(5)
  }
  expect(served).toBeGreaterThan(10)
  expect(longest).toBeLessThan(ceilingMs)
}

/** Serves items to whoever sends all of a request. */
async function itemsService() {
  const service = await upstream((received, response) => {
    void readAll(received).then(
      () => response.end('items'),
      () => {},
    )
  })
  // Connections to it are over soon after the last call, and count no more.
  service.server.keepAliveTimeout = 1_000
  return service
}

describe.each(Object.keys(engines) as EngineName[])('engine %s: connections', (engine) => {
  test(
    `${idleCount} idle ones and ${slowCount} slow ones: customers are served, slow ones are refused in time, memory is bounded and comes back`,
    { timeout: limitMs(90_000) },
    async () => {
      const service = await itemsService()
      const gateway = await startHeld({ engine, url: service.url })
      // What is made once is there before it is measured.
      const first = await holdMany(100, () => hold(gateway.port, ''))
      await callOnEach(first)
      for (const { socket } of first) socket.destroy()
      await until('gone', async () => (await gateway.usage()).sockets < 20, patienceMs)
      const before = await gateway.usage()

      const idle: Held[] = []
      while (idle.length < idleCount) {
        const some = await holdMany(atOnce, () => hold(gateway.port, ''))
        await callOnEach(some)
        idle.push(...some)
      }
      await until(
        'they alone are left',
        async () => (await gateway.usage()).sockets < idleCount + 20,
        patienceMs,
      )
      const heads = await holdMany(slowCount / 2, () => hold(gateway.port, `${head('GET')}X-Slow: `))
      const bodies = await holdMany(slowCount / 2, () =>
        hold(gateway.port, `${head('POST')}Content-Length: 1000\r\n\r\nhalf`),
      )
      // Slowloris: a byte of a head every now and then, so that the connection is never idle.
      const drip = setInterval(() => {
        for (const { socket } of heads) if (socket.writable) socket.write('x')
      }, 100)
      onTestFinished(() => clearInterval(drip))
      const during = await gateway.usage()
      const most = (idleCount + slowCount) * bytesPerConnection
      expect(held(during) - held(before)).toBeLessThan(growth + most)

      const slow = [...heads, ...bodies]
      await serveUntil(gateway.port, () => slow.every(({ over }) => over()))
      // Each was told why; none of them got anything of the service.
      const statuses = (some: Held[]) =>
        new Set(some.map(({ received }) => /^HTTP\/1\.1 (\d+)/.exec(received())?.[1]))
      expect(statuses(slow)).toEqual(new Set(['408']))

      // The idle ones are there, and each is served again.
      expect(idle.filter(({ over }) => over())).toHaveLength(0)
      expect(during.sockets).toBeGreaterThanOrEqual(idleCount)
      await callOnEach(idle)
      expect(Math.max(during.rss, (await gateway.usage()).rss) - before.rss).toBeLessThan(
        residentGrowth + most,
      )

      for (const { socket } of idle) socket.destroy()
      await until('all are gone', async () => (await gateway.usage()).sockets < 20, patienceMs)
      const after = await gateway.usage()
      expect(held(after) - held(before)).toBeLessThan(growth)
    },
  )
})

test(
  `HTTP/2: ${slowCount} connections whose heads or bodies do not come to their end: customers are served, slow ones are refused in time, memory is bounded and comes back`,
  { timeout: limitMs(90_000) },
  async () => {
    const service = await itemsService()
    const gateway = await startHeld({
      engine: defaultEngine,
      url: service.url,
      // They are to be there all at once, and the more they are, the longer it takes to open them.
      limits: { ...limits, headMs: 30 * slowCount, bodyIdleMs: 20 * slowCount },
      deadlineMs: 100 * slowCount,
    })
    const head = (method: string) => [
      ...request('/harbor/items', method),
      'authorization',
      `Bearer ${key.text}`,
    ]
    const openMany = async (most: number, ...first: Buffer[]) => {
      const clients = await Promise.all(Array.from({ length: most }, () => openFrameClient(gateway)))
      onTestFinished(() => clients.forEach(({ socket }) => socket.destroy()))
      for (const client of clients) client.write(...first)
      return clients
    }
    const gone = (clients: FrameClient[]) => {
      for (const { socket } of clients) socket.destroy()
      return until('gone', async () => (await gateway.usage()).sockets < 20, patienceMs)
    }
    const has = ({ received }: FrameClient, type: number) => received.some((one) => one.type === type)
    // What is made once is there before it is measured.
    const warm = await openMany(atOnce, headers(1, head('GET')))
    await until('each is answered', () => warm.every((client) => has(client, types.headers)), patienceMs)
    await gone(warm)
    const before = await gateway.usage()

    const heads = await openMany(slowCount / 2, frame(types.headers, flags.endStream, 1, fields(head('GET'))))
    const half = frame(types.data, 0, 1, Buffer.from('half'))
    const bodies = await openMany(slowCount / 2, headers(1, head('POST'), 0), half)
    await until('all are there', async () => (await gateway.usage()).sockets >= slowCount, patienceMs)
    const during = await gateway.usage()
    expect(held(during) - held(before)).toBeLessThan(growth + slowCount * bytesPerConnection)

    const isOver = (client: FrameClient) => client.closed || has(client, types.reset)
    await serveUntil(gateway.port, () => [...heads, ...bodies].every(isOver))
    for (const client of heads) expect([client.closed, has(client, types.headers)]).toEqual([true, false])
    // Each of them is told why, and its connection would go on.
    for (const client of bodies) {
      expect([client.closed, await client.outcome(1)]).toEqual([false, 'status 408'])
      expect(codeOf(client.received.find(({ type }) => type === types.reset)!)).toBe(errors.none)
    }
    await gone(bodies)
    const after = await gateway.usage()
    expect(held(after) - held(before)).toBeLessThan(growth)
  },
)

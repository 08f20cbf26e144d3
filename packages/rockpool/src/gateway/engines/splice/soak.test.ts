import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { RequestListener, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { engineTo } from '../../../../test/support/engine.ts'
import { until, upstream } from '../../../../test/support/gateway.ts'
import { seeded } from '../../../../test/support/random.ts'
import { readAnswers, statusOf, valuesOf, type Message } from '../../../../test/support/raw-http.ts'
import { createSpliceEngine } from './index.ts'

// Everything at once: what is true of each request alone has to be true among many that go wrong in the middle.

const seed = 20_260
const connections = 150
const sumOf = (text: string) => createHash('sha1').update(text, 'latin1').digest('hex')
const noise = Buffer.from(
  Array.from(
    { length: 120_000 },
    (
      (next) => () =>
        Math.floor(next() * 256)
    )(seeded(seed)),
  ),
).toString('latin1')

/** What the service, or the engine itself (`own`), is to do with a request; in its path. */
const ways = [
  'length',
  'chunks',
  'trailers',
  'hints',
  'bodiless',
  'own',
  'early',
  'last',
  'half',
  'none',
] as const
type Way = (typeof ways)[number]
/** It ends the connection before all was said. */
const breaking: Way = 'half'

interface Sent {
  id: string
  way: Way
  method: string
  body: string
}

type Random = () => number
const below = (next: Random, most: number) => Math.floor(next() * most)
const pick = <T>(next: Random, from: readonly T[]): T => from[below(next, from.length)]!
const sizeOf = (next: Random) => below(next, pick(next, [2, 100, 5_000, 100_000]))
const some = (next: Random, size: number) => {
  const from = below(next, noise.length - size)
  return noise.slice(from, from + size)
}

/** The service: `/<way>/<id>/<size of the answer>`; the answer says what it belongs to, and the sums of both bodies. */
const serve: RequestListener = (request, response) => {
  const [, way, id, size] = request.url!.split('/') as [string, Way, string, string]
  const hash = createHash('sha1')
  request.on('error', () => {})
  request.on('data', (bytes: Buffer) => hash.update(bytes))
  if (way === 'none') return void request.socket.destroy()
  if (way === 'early') return void answer(response, id, some(seeded(Number(size)), Number(size)), way)
  request.once('end', () => {
    response.setHeader('X-Sum', hash.digest('hex'))
    void answer(response, id, some(seeded(Number(size)), Number(size)), way)
  })
}

async function answer(response: ServerResponse, id: string, body: string, way: Way): Promise<void> {
  const next = seeded(Number(id))
  if (way === 'hints') response.writeEarlyHints({ link: '</a>; rel=preload' })
  response.setHeader('X-Id', id).setHeader('X-Body', sumOf(body))
  if (way === 'last') response.setHeader('Connection', 'close')
  if (way === 'bodiless') return void response.writeHead(pick(next, [204, 304])).end()
  if (way === 'length' || way === 'half')
    response.setHeader('Content-Length', body.length + (way === 'half' ? 1 : 0))
  response.flushHeaders()
  for (let at = 0; at < body.length;) {
    const to = at + 1 + below(next, 40_000)
    response.write(body.slice(at, to), 'latin1')
    at = to
    if (next() < 0.5) await turn()
  }
  // An answer to HEAD would be whole, and the next call on its way.
  if (way === 'half' && response.req.method !== 'HEAD')
    return void setImmediate(() => response.req.socket.destroy())
  if (way === 'trailers') response.addTrailers({ 'X-Last': id })
  response.end()
}

function requestText({ id, way, method, body }: Sent, size: number, isLast: boolean, next: Random): string {
  const head = `${method} /${way}/${id}/${size} HTTP/1.1\r\nHost: a\r\n${isLast ? 'Connection: close\r\n' : ''}`
  if (body === '' && next() < 0.5) return `${head}\r\n`
  if (next() < 0.5) return `${head}Content-Length: ${body.length}\r\n\r\n${body}`
  let chunks = ''
  for (let at = 0; at < body.length;) {
    const piece = body.slice(at, (at += 1 + below(next, 30_000)))
    chunks += `${piece.length.toString(16)}${next() < 0.3 ? ';a="b"' : ''}\r\n${piece}\r\n`
  }
  return `${head}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n${next() < 0.3 ? 'A: b\r\n' : ''}\r\n`
}

/** One client, which may read slowly, and may leave at any time. Gives what it sent, and all that came. */
async function converse(port: number, index: number) {
  const next = seeded(seed + index)
  const count = 1 + below(next, 8)
  const sent: Sent[] = []
  let text = ''
  for (let each = 0; each < count; each++) {
    const method = pick(next, ['GET', 'POST', 'PUT', 'HEAD'])
    const body = method === 'GET' || method === 'HEAD' ? '' : some(next, sizeOf(next))
    const one = { id: String(index * 100 + each), way: pick(next, ways), method, body }
    sent.push(one)
    text += requestText(one, sizeOf(next), each === count - 1, next)
  }
  const leaves = next() < 0.3 ? below(next, 200) : Infinity
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  let received = ''
  socket.setEncoding('latin1').on('data', (piece: string) => (received += piece))
  socket.on('error', () => {})
  await once(socket, 'connect')
  for (let at = 0, turns = 0; at < text.length && socket.writable; turns++) {
    if (turns >= leaves) break
    const to = at + 1 + below(next, pick(next, [10, 1_000, 60_000]))
    socket.write(text.slice(at, to), 'latin1')
    at = to
    if (next() < 0.1) socket.pause()
    for (let rest = below(next, 4); rest > 0; rest--) await turn()
    if (next() < 0.5) socket.resume()
  }
  socket.resume()
  if (leaves < Infinity) {
    if (next() < 0.5) socket.resetAndDestroy()
    else socket.destroy()
  }
  await closed
  const { messages } = readAnswers(
    received,
    sent.map(({ method }) => method),
  )
  return { sent, leaves, answers: messages.filter((message) => statusOf(message) >= 200) }
}

const header = (message: Message, name: string) => valuesOf(message.headers, name)[0]

function check(one: Sent, message: Message): void {
  const status = statusOf(message)
  if (one.way === 'none' || (one.way === 'half' && status === 502)) return void expect(status).toBe(502)
  expect([header(message, 'x-id'), one.way]).toEqual([one.id, one.way])
  if (message.framing !== 'none' && status === 200 && one.method !== 'HEAD')
    expect(header(message, 'x-body')).toBe(sumOf(message.body))
  if (one.way !== 'early' && one.way !== 'own') expect(header(message, 'x-sum')).toBe(sumOf(one.body))
  if (one.way === 'trailers' && one.method !== 'HEAD') expect(message.trailers).toEqual([['X-Last', one.id]])
}

test('many clients and services that go wrong in the middle: every answer belongs to its request', async () => {
  const { url, server } = await upstream(serve)
  server.keepAliveTimeout = 0
  const opened = seeded(seed)
  const engine = await engineTo(createSpliceEngine, {
    url,
    exchange: ({ target }) => {
      const [, way, id] = target.split('/')
      if (way !== 'own') return { interim: (headers) => [...headers] }
      return {
        plan: {
          answer: {
            status: 200,
            headers: ['X-Id', id!, 'X-Body', sumOf('ok'), 'Content-Length', '2'],
            body: 'ok',
          },
        },
      }
    },
    open: (exchange) => (opened() < 0.3 ? turn().then(() => exchange) : exchange),
  })
  const all = await Promise.all(
    Array.from({ length: connections }, (_, index) => converse(engine.port, index)),
  )

  let answered = 0
  for (const { sent, answers, leaves } of all) {
    answers.forEach((message, index) => check(sent[index]!, message))
    answered += answers.length
    const last = answers.at(-1)
    const isOver = answers.length === sent.length || (last && header(last, 'connection') === 'close')
    const isBroken = sent[answers.length]?.way === breaking
    expect([isOver || isBroken || leaves < Infinity, sent[answers.length]]).toEqual([
      true,
      sent[answers.length],
    ])
  }
  expect(answered).toBeGreaterThan(connections)

  await until('the end of each is told', () => engine.asked.every(({ ended }) => ended.length > 0))
  // Whatever went wrong, each connection to the service that it took has been given back: all of them are there.
  const wave = Array.from({ length: 256 }, (_, index) => converse(engine.port, connections + index))
  await Promise.all(wave)
  await until('the end of each is told', () => engine.asked.every(({ ended }) => ended.length > 0))
  expect(engine.asked.filter(({ ended }) => ended.length !== 1)).toEqual([])
  await engine.close(10_000)
  const open = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)))
  await until('no connection to the service is left', async () => (await open()) === 0)
})

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { serve } from '@hono/node-server'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { rockpoolExpress, rockpoolExpressErrors } from '../../src/adapters/express.ts'
import { rockpoolFastify, rockpoolFastifyErrors } from '../../src/adapters/fastify.ts'
import { rockpoolHono, rockpoolHonoErrors } from '../../src/adapters/hono.ts'
import { rockpoolNodeHttp } from '../../src/adapters/node-http.ts'
import type { Rockpool } from '../../src/index.ts'

/**
 * The same small service in each framework, each in its own manner:
 *
 *   GET  /health                 without an identity
 *   POST /:organization/work     `work(n, body)`, answered as JSON; its errors go the framework's way
 *   POST /:organization/upload   `look(n)` at every chunk that the client sends; answers how many bytes came
 *   GET  /:organization/stream   `look(n)` at every chunk that is made when the client is ready for it
 *
 * `n` is the number of the request, from the query.
 */
export interface Behaviour {
  work(n: number, body: string): Promise<unknown>
  look(n: number): void
}

export interface App {
  url: string
  close(): Promise<void>
}

export const streamedChunks = 5
const options = { withoutIdentity: ['/health'] }
const numberOf = (url: string | undefined): number =>
  Number(new URL(url ?? '/', 'http://x').searchParams.get('n'))

/** Counts what a stream of Node brings, by its events. */
function upload(request: Readable, n: number, { look }: Behaviour, done: (bytes: number) => void): void {
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    look(n)
    bytes += chunk.length
  })
  request.on('end', () => {
    look(n)
    done(bytes)
  })
}

/** A stream of Node that makes a chunk when it is asked for one, some after a pause. */
function download(n: number, { look }: Behaviour): Readable {
  let made = 0
  return new Readable({
    highWaterMark: 1,
    read() {
      const push = (): void => {
        look(n)
        made += 1
        this.push(made > streamedChunks ? null : `chunk ${made}\n`)
      }
      if (made % 2 === 0) push()
      else setTimeout(push, 1)
    },
  })
}

function nodeHttp(rockpool: Rockpool, behaviour: Behaviour): Promise<App> {
  const json = (response: ServerResponse, value: unknown): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
  const handler = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const n = numberOf(request.url)
    const name = request.url?.split('?')[0]?.split('/').at(-1)
    response.on('finish', () => name !== 'health' && behaviour.look(n))
    if (name === 'health') return json(response, { ok: true })
    if (name === 'upload') return upload(request, n, behaviour, (bytes) => json(response, { bytes }))
    if (name === 'stream') return void download(n, behaviour).pipe(response)
    let body = ''
    for await (const chunk of request) body += String(chunk)
    json(response, await behaviour.work(n, body))
  }
  return listening(createServer(rockpoolNodeHttp(rockpool, handler, options)))
}

function expressApp(rockpool: Rockpool, behaviour: Behaviour): Promise<App> {
  const app = express()
  app.use(rockpoolExpress(rockpool, options))
  app.get('/health', (_, response) => void response.json({ ok: true }))
  app.post('/:organization/upload', (request, response) => {
    upload(request, numberOf(request.url), behaviour, (bytes) => response.json({ bytes }))
  })
  app.get('/:organization/stream', (request, response) => {
    download(numberOf(request.url), behaviour).pipe(response)
  })
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 passes rejections on by itself
  app.post('/:organization/work', express.text({ type: '*/*' }), async (request, response) => {
    const n = numberOf(request.url)
    behaviour.look(n)
    response.on('finish', () => behaviour.look(n))
    response.json(await behaviour.work(n, typeof request.body === 'string' ? request.body : ''))
  })
  app.use(rockpoolExpressErrors(rockpool))
  return listening(createServer(app))
}

async function fastify(rockpool: Rockpool, behaviour: Behaviour): Promise<App> {
  const app = Fastify()
  await app.register(rockpoolFastify(rockpool, options))
  app.setErrorHandler(rockpoolFastifyErrors(rockpool))
  app.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload))
  app.addHook('preHandler', (request, _reply, done) => {
    if (request.url !== '/health') behaviour.look(numberOf(request.url))
    done()
  })
  app.get('/health', () => ({ ok: true }))
  app.post('/:organization/upload', (request, reply) => {
    upload(request.body as Readable, numberOf(request.url), behaviour, (bytes) => void reply.send({ bytes }))
  })
  app.get('/:organization/stream', (request, reply) => reply.send(download(numberOf(request.url), behaviour)))
  app.post('/:organization/work', (request) =>
    behaviour.work(numberOf(request.url), typeof request.body === 'string' ? request.body : ''),
  )
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { url, close: () => app.close() }
}

function hono(rockpool: Rockpool, behaviour: Behaviour): Promise<App> {
  const app = new Hono()
  app.use(rockpoolHono(rockpool, options))
  app.onError(rockpoolHonoErrors(rockpool))
  app.get('/health', (context) => context.json({ ok: true }))
  app.post('/:organization/upload', async ({ req, json }) => {
    let bytes = 0
    for await (const chunk of (req.raw.body ?? []) as AsyncIterable<Uint8Array>) {
      behaviour.look(numberOf(req.url))
      bytes += chunk.byteLength
    }
    return json({ bytes })
  })
  app.get('/:organization/stream', ({ req }) => {
    let made = 0
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        behaviour.look(numberOf(req.url))
        if (made % 2 === 1) await new Promise((resolve) => setTimeout(resolve, 1))
        behaviour.look(numberOf(req.url))
        made += 1
        if (made > streamedChunks) controller.close()
        else controller.enqueue(new TextEncoder().encode(`chunk ${made}\n`))
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/plain' } })
  })
  app.post('/:organization/work', async ({ req, json }) =>
    json((await behaviour.work(numberOf(req.url), await req.text())) as object),
  )
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      resolve(appOf(server as Server, port)),
    )
  })
}

function listening(server: Server): Promise<App> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(appOf(server, (server.address() as AddressInfo).port)))
  })
}

function appOf(server: Server, port: number): App {
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Every adapter, in its framework. */
export const frameworks: [name: string, start: (rockpool: Rockpool, behaviour: Behaviour) => Promise<App>][] =
  [
    ['node:http', nodeHttp],
    ['Express', expressApp],
    ['Fastify', fastify],
    ['Hono', hono],
  ]

import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { identityHeader } from '@rockpool/sdk/wire'
import { messageOf, problem, toProblem } from '../../kernel/index.ts'
import type { Clock, Log } from '../../kernel/index.ts'
import { answerProblem } from '../mocks/problem.ts'
import { createDeliverer, serveMock } from '../mocks/server.ts'
import { createKnownMocks } from './known.ts'
import { createLoadedMocks } from './loaded.ts'
import type { LoadedMocksOptions } from './loaded.ts'
import type { MockSource } from './types.ts'

export interface MockHost {
  port: number
  /** Of how many mocks it remembers something. */
  size(): number
  close(): Promise<void>
}

export interface MockHostOptions extends Pick<LoadedMocksOptions, 'mostMocks' | 'mostBytes'> {
  source: MockSource
  host: string
  /** 0: any free one. */
  port: number
  clock: Clock
  log: Log
}

/** Of a request. Many sandboxes share the process. */
const maxBodyBytes = 1024 * 1024
const asked = /^\/(mck_[\w-]{1,80})(\/[^?#]*(?:\?.*)?)$/
const header = identityHeader.toLowerCase()

/** Answers for the services of sandboxes that ask for it, as their mocks would; and `GET /health`. */
export async function startMockHost(options: MockHostOptions): Promise<MockHost> {
  const { source, clock, log, mostMocks, mostBytes } = options
  const loaded = createLoadedMocks({
    source,
    log,
    ...(mostMocks === undefined ? {} : { mostMocks }),
    ...(mostBytes === undefined ? {} : { mostBytes }),
  })
  const deliver = createDeliverer()
  const known = createKnownMocks({ source, onRead: (ids) => loaded.keep(ids), clock, log })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, id, target] = asked.exec(request.url ?? '') ?? []
    if (id === undefined || target === undefined)
      throw problem('route_unknown', 'mocks are called through the gateway alone')
    const hosted = await known.find(id)
    if (hosted === undefined) throw problem('service_unavailable', 'this mock was turned off')
    const token = request.headers[header]
    await known.verify(typeof token === 'string' ? token : undefined, hosted)
    const mock = await loaded.mockOf(hosted)
    serveMock({ mock, calls: null, deliver }, request, response, { target, maxBodyBytes })
  }

  const server = createServer((request, response) => {
    if (request.url === '/health') return void response.end('{"ready":true}')
    answer(request, response).catch((error: unknown) => {
      const told = toProblem(error)
      if (told.code === 'internal') log.error({ error: messageOf(error) }, 'a mock could not answer')
      // What is still to come of the request is nobody's.
      response.setHeader('Connection', 'close')
      deliver(response, answerProblem(told))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  known.start()

  return {
    port: (server.address() as AddressInfo).port,
    size: loaded.size,
    async close() {
      await known.stop()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

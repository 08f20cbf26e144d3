import { createServer } from 'node:http'
import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { createMockCalls } from '../../src/contracts/mocks/callbacks/index.ts'
import type { ToldCall } from '../../src/contracts/mocks/callbacks/index.ts'
import type { SenderBounds } from '../../src/contracts/mocks/callbacks/sender.ts'
import { createMock } from '../../src/contracts/mocks/mock.ts'
import { startMockServer } from '../../src/contracts/mocks/server.ts'
import type { Contract } from '../../src/contracts/types.ts'
import { schemasafeOf } from './contract-schemasafe.ts'
import { contractOf } from './contracts.ts'
import { eventually } from './eventually.ts'

const json = (schema: object) => ({ content: { 'application/json': { schema } } })
const event = { $ref: '#/components/schemas/Event' }

/** Jobs that tell whoever asked for them what became of them, and webhooks. */
export const jobs = contractOf({
  paths: {
    '/poll': {
      get: {
        operationId: 'poll',
        responses: { '204': { description: '' } },
        callbacks: {
          polled: { '{$request.query.to}': { delete: { responses: { '204': { description: '' } } } } },
        },
      },
    },
    '/{organization}/jobs': {
      post: {
        operationId: 'startJob',
        parameters: [{ name: 'organization', in: 'path', required: true, schema: { type: 'string' } }],
        requestBody: {
          ...json({
            type: 'object',
            properties: {
              callbackUrl: { type: 'string' },
              also: { type: 'string' },
              ref: { type: 'string' },
            },
          }),
        },
        responses: {
          '202': {
            description: '',
            ...json({
              type: 'object',
              required: ['id'],
              properties: { id: { type: 'string', format: 'uuid' } },
            }),
          },
          '409': { description: '' },
        },
        callbacks: {
          done: {
            '{$request.body#/callbackUrl}?job={$response.body#/id}&ref={$request.body#/ref}': {
              post: {
                parameters: [
                  { name: 'X-Kind', in: 'header', required: true, schema: { enum: ['done'] } },
                  { name: 'X-Attempt', in: 'header', schema: { type: 'integer', minimum: 1, maximum: 1 } },
                  { name: 'Connection', in: 'header', schema: { const: 'close' } },
                  { name: 'try', in: 'query', schema: { enum: [1] } },
                ],
                requestBody: { required: true, ...json(event) },
                responses: { '204': { description: '' }, '4XX': { description: '' } },
              },
            },
          },
        },
      },
    },
  },
  webhooks: {
    'job ended': {
      post: { requestBody: { required: true, ...json(event) }, responses: { '2XX': { description: '' } } },
      put: { responses: { '204': { description: '' } } },
    },
    never: {
      post: {
        requestBody: { required: true, ...json({ allOf: [{ type: 'string' }, { type: 'integer' }] }) },
        responses: { '204': { description: '' } },
      },
    },
  },
  components: {
    schemas: {
      Event: {
        type: 'object',
        required: ['id', 'at', 'seconds'],
        properties: {
          id: { type: 'string', format: 'uuid' },
          at: { type: 'string', format: 'date-time' },
          seconds: { type: 'integer', minimum: 1, maximum: 9 },
          secret: { type: 'string', readOnly: true },
        },
        additionalProperties: false,
      },
    },
  },
})

export interface Received {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
}

/** Who is called: an HTTP server on loopback, with all that it was sent. Without a listener it answers 204. */
export async function startReceiver(
  answer: (received: Received, response: ServerResponse) => void = (_, response) =>
    void response.writeHead(204).end(),
): Promise<{ origin: string; received: Received[] }> {
  const received: Received[] = []
  const listener: RequestListener = (request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const one = { method, url, headers, body: Buffer.concat(pieces).toString() }
      received.push(one)
      answer(one, response)
    })
  }
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}

/** A second validator. */
export const isEvent = schemasafeOf(jobs, new Map([['event', jobs.schemas.get('Event')!]]))

export interface CallsGiven {
  /** Without it: `jobs`. */
  contract?: Contract
  seed?: string
  bounds?: Partial<SenderBounds>
}

/** A mock that may call these origins. */
export async function startCalling(
  origins: string[],
  { contract = jobs, seed = '', bounds = {} }: CallsGiven = {},
) {
  const told: ToldCall[] = []
  const calls = createMockCalls({
    contract,
    seed,
    origins: new Set(origins),
    bounds,
    tell: (one) => void told.push(one),
  })
  const server = await startMockServer(createMock(contract, { seed }), { port: 0, calls })
  onTestFinished(() => server.close())
  const url = `http://127.0.0.1:${server.port}`
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  return {
    calls,
    told,
    post,
    start: (callbackUrl: string, headers: Record<string, string> = {}) =>
      post('/a/jobs', { callbackUrl, ref: 'x&y' }, headers),
    webhook: (name: string, body: object) => post(`/.rockpool/mock/webhooks/${name}`, body),
    asked: (path: string, init: RequestInit = {}) => fetch(url + path, init),
    remembered: async () =>
      ((await (await fetch(`${url}/.rockpool/mock/calls`)).json()) as { calls: ToldCall[] }).calls,
  }
}

/** Waits until so many have been. */
export const allTold = (told: readonly ToldCall[], count: number) =>
  eventually(`${count} calls are told`, async () => told.length >= count)

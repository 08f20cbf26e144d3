import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { problem, toProblem } from '../../kernel/index.ts'
import type { MockCalls } from './callbacks/index.ts'
import { bytesOf, CutOff, whole } from './delivery/deliver.ts'
import { answerProblem } from './problem.ts'
import { maxBodyBytes as mostBodyBytes, tooLarge } from './request-body.ts'
import type { Mock, MockAnswer, MockRequest } from './types.ts'

/** Answers that are held up, or come in pieces, at once. */
const mostUnderWay = 1_000

export interface MockServer {
  port: number
  close(): Promise<void>
}

/**
 * Serves a mock on loopback. Rejects when the port cannot be had. `port` 0: any that is free; `calls`: what it calls itself,
 * which is closed with it. Without them it calls nobody.
 */
export async function startMockServer(
  mock: Mock,
  { port, calls = null }: { port: number; calls?: MockCalls | null },
): Promise<MockServer> {
  const serving: Serving = { mock, calls, deliver: createDeliverer() }
  const server = createServer((request, response) => serveMock(serving, request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        calls?.close()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Writes answers, also those that are held up or come in pieces. */
export type Deliver = (response: ServerResponse, answer: MockAnswer) => void

export interface Serving {
  mock: Mock
  /** What it calls itself; null: nobody. */
  calls: MockCalls | null
  deliver: Deliver
}

/** Gathers the request and answers it. `target`: what it asks for, where that is not all of its URL. */
export function serveMock(
  serving: Serving,
  request: IncomingMessage,
  response: ServerResponse,
  {
    target = request.url ?? '/',
    maxBodyBytes = mostBodyBytes,
  }: { target?: string; maxBodyBytes?: number } = {},
): void {
  const { method = 'GET', rawHeaders, headers } = request
  const origin = `http://${headers.host}`
  const answer = (body: Buffer | null) =>
    respond(serving, { method, target, headers: rawHeaders, body, origin }, response)
  // Most requests have none, and need not be waited for.
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)
    return answer(null)
  const pieces: Buffer[] = []
  let size = 0
  request.on('data', (piece: Buffer) => {
    size += piece.length
    if (size <= maxBodyBytes) pieces.push(piece)
  })
  request.on('end', () => {
    if (size <= maxBodyBytes) answer(Buffer.concat(pieces))
    else serving.deliver(response, tooLarge(maxBodyBytes))
  })
}

function respond({ mock, calls, deliver }: Serving, request: MockRequest, response: ServerResponse): void {
  if (calls?.owns(request.target) === true)
    return void calls.answer(request).then((answer) => deliver(response, answer))
  const answer = answerOf(mock, request)
  // Nobody is called before the answer has gone out, or was broken off.
  if (calls !== null && answer.calls !== undefined)
    response.once('close', () => calls.send(answer.calls ?? []))
  deliver(response, answer)
}

/** A fault of ours costs one answer. */
function answerOf(mock: Mock, request: MockRequest): MockAnswer {
  try {
    return mock.answer(request)
  } catch (error) {
    return answerProblem(toProblem(error))
  }
}

export function createDeliverer(): Deliver {
  let underWay = 0
  return (response, answer) => {
    const { body, delivery } = answer
    if (delivery === undefined && (typeof body === 'string' || Buffer.isBuffer(body)))
      return write(response, answer, body)
    if (underWay >= mostUnderWay) {
      const refusal = answerProblem(problem('overloaded', `${mostUnderWay} answers are under way`))
      return write(response, refusal, refusal.body as string)
    }
    underWay += 1
    void deliver(response, answer)
      .catch(() => response.destroy())
      .finally(() => (underWay -= 1))
  }
}

function write(response: ServerResponse, { status, headers }: MockAnswer, body: string | Buffer): void {
  response.writeHead(status, [...headers, 'Content-Length', String(Buffer.byteLength(body))])
  response.end(body)
}

async function deliver(response: ServerResponse, answer: MockAnswer): Promise<void> {
  const { status, headers, body, delivery = whole } = answer
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const { signal } = gone
  try {
    if (delivery.delayMs > 0) await pause(delivery.delayMs, null, { signal })
    if (delivery.isAborted) return void response.socket?.resetAndDestroy()
    const isWhole = typeof body === 'string' || Buffer.isBuffer(body)
    const length = isWhole ? ['Content-Length', String(Buffer.byteLength(body))] : []
    response.writeHead(status, [...headers, ...length])
    response.flushHeaders()
    if (response.req.method !== 'HEAD')
      for await (const part of bytesOf(body, delivery, signal))
        if (!response.write(part)) await once(response, 'drain', { signal })
    response.end()
  } catch (error) {
    if (error instanceof CutOff) await breakOff(response, error.isReset)
    // Who has gone needs no answer any more.
    else if (!signal.aborted) throw error
  }
}

/** What was written is on its way first: a reset takes along what is not. */
async function breakOff({ socket }: ServerResponse, isReset: boolean): Promise<void> {
  if (socket === null || socket.destroyed) return
  await new Promise((resolve) => socket.write('', resolve))
  await nextTurn()
  if (isReset) socket.resetAndDestroy()
  else socket.destroySoon()
}

import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toProblem } from '../../kernel/index.ts'
import { answerProblem } from './problem.ts'
import { maxBodyBytes, tooLarge } from './request-body.ts'
import type { Mock, MockAnswer, MockRequest } from './types.ts'

export interface MockServer {
  port: number
  close(): Promise<void>
}

/** Serves a mock on loopback. Rejects when the port cannot be had. `port` 0: any that is free. */
export async function startMockServer(mock: Mock, { port }: { port: number }): Promise<MockServer> {
  const server = createServer((request, response) => serve(mock, request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function serve(mock: Mock, request: IncomingMessage, response: ServerResponse): void {
  const { method = 'GET', url = '/', rawHeaders, headers } = request
  const answer = (body: Buffer | null) =>
    write(response, answerOf(mock, { method, target: url, headers: rawHeaders, body }))
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
    else write(response, tooLarge)
  })
}

/** A fault of ours costs one answer. */
function answerOf(mock: Mock, request: MockRequest): MockAnswer {
  try {
    return mock.answer(request)
  } catch (error) {
    return answerProblem(toProblem(error))
  }
}

function write(response: ServerResponse, { status, headers, body }: MockAnswer): void {
  response.writeHead(status, [...headers, 'Content-Length', String(Buffer.byteLength(body))])
  response.end(body)
}

import type { Agent, IncomingMessage, RequestOptions } from 'node:http'

export interface HttpRequest {
  method?: 'GET' | 'POST'
  headers: Record<string, string>
  body?: string
  signal?: AbortSignal
}

export interface HttpAnswer {
  status: number
  /** Throws where it breaks off, or nothing comes for too long. Who reads no further closes its connection. */
  body: AsyncIterable<Buffer>
}

/** HTTP towards one origin. A request rejects where there is no answer. */
export interface HttpClient {
  request(path: string, request: HttpRequest): Promise<HttpAnswer>
  /** Whatever is under way is broken off. */
  close(): void
}

/**
 * By the client of Node, whose memory is Node's already. `connectMs`: how long a connection may take; `silenceMs`: how long
 * nothing may come before an answer and within it. Its head has both together, however much of it drips in; who is read
 * slowly, or stands in line behind work of our own, is not silent.
 */
export function createHttpClient(
  origin: string,
  { connectMs, silenceMs }: { connectMs: number; silenceMs: number },
): HttpClient {
  const { agent, send } = clientFor(origin)

  return {
    request: (path, { method = 'GET', headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
        const options = { method, headers: { ...headers, ...length }, agent, timeout: connectMs }
        const sent = send(new URL(path, origin), signal ? { ...options, signal } : options)
        let answer: IncomingMessage | undefined
        const giveUp = (why: Error) => void (answer ?? sent).destroy(why)
        const endHead = () => {
          if (!answer) giveUp(new Error(`no answer came from ${origin} in time`))
        }
        const head = setTimeout(() => afterReading(endHead), connectMs + silenceMs)
        sent.on('socket', (socket) => {
          if (socket.connecting) socket.once('connect', () => socket.setTimeout(silenceMs))
          else socket.setTimeout(silenceMs)
        })
        sent.on('response', (response) => {
          answer = response
          clearTimeout(head)
          resolve({ status: response.statusCode ?? 0, body: response })
        })
        sent.on('timeout', () => {
          const socket = sent.socket!
          const { bytesRead, connecting } = socket
          afterReading(() => {
            // It is over, or has just connected.
            if (sent.destroyed || socket.connecting !== connecting) return
            const isUnread = answer !== undefined && answer.readableLength > 0
            if (isUnread || socket.bytesRead > bytesRead) socket.setTimeout(silenceMs)
            else giveUp(new Error(`nothing came from ${origin} in time`))
          })
        })
        sent.on('close', () => clearTimeout(head))
        sent.on('error', reject)
        sent.end(body)
      }),
    close: () => agent.destroy(),
  }
}

/** A timer that is due goes first: what came while the process was busy has been read only after that. */
function afterReading(then: () => void): void {
  setImmediate(() => setImmediate(then))
}

function clientFor(origin: string) {
  // An `import` of node:http asks for each of its exports, and with some of them comes a client of WebSockets.
  const http = process.getBuiltinModule('node:http')
  const https = process.getBuiltinModule('node:https')
  const isSecure = new URL(origin).protocol === 'https:'
  const agent: Agent = isSecure ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true })
  const send = (url: URL, options: RequestOptions) =>
    isSecure ? https.request(url, options) : http.request(url, options)
  return { agent, send }
}

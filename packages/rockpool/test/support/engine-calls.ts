import { constants } from 'node:http2'
import { silentLog } from '../../src/kernel/index.ts'
import { createListener } from '../../src/gateway/engines/listening/listener.ts'
import type { Duties, EngineFactory, EngineLimits } from '../../src/gateway/engines/engine.ts'
import { createNodeEngine } from '../../src/gateway/engines/node.ts'
import { createSpliceEngine } from '../../src/gateway/engines/splice/index.ts'
import { until } from './gateway.ts'
import { beginHttp2, http2Session } from './gateway-http2.ts'
import { rawClient, statusOf, valuesOf } from './raw-http.ts'

// One call to an engine, alike for HTTP/1.1 and HTTP/2: what came of the answer, and how it ended.

/** Each way into a gateway: both engines of HTTP/1.1, and HTTP/2 beside one of them. */
export const ways = {
  node: createNodeEngine,
  splice: createSpliceEngine,
  'HTTP/2': (duties: Duties, limits: Partial<EngineLimits> = {}) =>
    createListener({ duties, engine: createNodeEngine(duties, limits), log: silentLog, limits }),
} satisfies Record<string, EngineFactory>
export type Way = keyof typeof ways

export interface CallParts {
  method?: string
  path?: string
  /** Names and values in turns. */
  headers?: readonly string[]
  /** Sent in these pieces, and in chunks where it is HTTP/1.1; without `length` nobody is told how much comes. */
  body?: readonly string[]
  /** Content-Length. */
  length?: number
  /** Once this is so, the client breaks off, with what it has sent of the body. */
  breaksOff?: () => boolean
}

export interface Got {
  /** Null: no head came. */
  status: number | null
  header(name: string): string | undefined
  body: string
  ended: 'whole' | 'reset'
}

/** Sends one call on a connection of its own, and waits for its end. */
export function call(way: Way, port: number, parts: CallParts = {}): Promise<Got> {
  return way === 'HTTP/2' ? callByStream(port, parts) : callByBytes(port, parts)
}

async function callByBytes(port: number, parts: CallParts): Promise<Got> {
  const { method = 'GET', path = '/items', headers = [], body = [], length, breaksOff } = parts
  const client = await rawClient(port, [method])
  const isChunked = length === undefined && body.length > 0
  const framing = isChunked
    ? 'Transfer-Encoding: chunked\r\n'
    : length === undefined
      ? ''
      : `Content-Length: ${length}\r\n`
  const fields = headers.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('')
  client.send(`${method} ${path} HTTP/1.1\r\nHost: a\r\n${fields}${framing}\r\n`)
  for (const piece of body) client.send(isChunked ? `${piece.length.toString(16)}\r\n${piece}\r\n` : piece)
  if (isChunked && !breaksOff) client.send('0\r\n\r\n')
  if (breaksOff) {
    await until('it may break off', breaksOff)
    client.socket.resetAndDestroy()
  }
  await client.answered(1)
  const [answer] = client.answers()
  if (answer) {
    client.socket.destroy()
    return {
      status: statusOf(answer),
      header: (name) => valuesOf(answer.headers, name)[0],
      body: answer.body,
      ended: 'whole',
    }
  }
  const [head = '', ...rest] = client.bytes().split('\r\n\r\n')
  const status = /^HTTP\/1\.1 (\d+)/.exec(head)?.[1]
  return {
    status: status === undefined ? null : Number(status),
    header: (name) => new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1],
    body: contentOf(rest.join('\r\n\r\n'), /^transfer-encoding: *chunked/im.test(head)),
    ended: 'reset',
  }
}

/** Of a body that is not whole. */
function contentOf(bytes: string, isChunked: boolean): string {
  if (!isChunked) return bytes
  let content = ''
  for (let at = 0; ;) {
    const line = bytes.indexOf('\r\n', at)
    if (line < 0) return content
    const size = Number.parseInt(bytes.slice(at, line), 16)
    content += bytes.slice(line + 2, line + 2 + size)
    at = line + 2 + size + 2
  }
}

function callByStream(port: number, parts: CallParts): Promise<Got> {
  const { method = 'GET', path = '/items', body = [], length, breaksOff } = parts
  const framing = length === undefined ? [] : ['content-length', String(length)]
  const headers = [...(parts.headers ?? []), ...framing]
  const hasBody = body.length > 0 || (length ?? 0) > 0
  const stream = beginHttp2(http2Session({ port }), { method, path, headers }, !hasBody)
  return new Promise((resolve) => {
    let status: number | null = null
    let fields: Record<string, string | string[] | undefined> = {}
    let content = ''
    stream.setEncoding('latin1')
    stream.on('response', (head) => {
      status = Number(head[':status'])
      fields = head
    })
    stream.on('data', (piece: string) => (content += piece))
    stream.on('error', () => {})
    stream.once('close', () =>
      resolve({
        status,
        header: (name) => fields[name.toLowerCase()]?.toString(),
        body: content,
        ended: stream.rstCode === 0 && status !== null ? 'whole' : 'reset',
      }),
    )
    for (const piece of body) stream.write(piece, 'latin1')
    if (breaksOff)
      void until('it may break off', breaksOff).then(() => stream.close(constants.NGHTTP2_CANCEL))
    // Less than was said: the client says nothing more.
    else if (hasBody && (length === undefined || body.join('').length === length)) stream.end()
  })
}

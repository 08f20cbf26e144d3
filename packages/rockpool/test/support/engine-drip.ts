import { beginHttp2, http2Session } from './gateway-http2.ts'
import { rawClient, statusOf } from './raw-http.ts'
import type { Got, Way } from './engine-calls.ts'

// A client whose body comes piece by piece, until somebody ends it.

export interface DripParts {
  piece: string
  /** So many of them, and then silence; as many as there is time for unless said. */
  pieces?: number
  /** Content-Length; without it, nobody is told how much comes. */
  length?: number
  /** Then the body is whole. */
  endsAfterMs?: number
}

type Dripped = Pick<Got, 'status' | 'body' | 'ended'> & { ms: number }

/** Sends a POST, and a piece of its body every 20 ms. `ms`: how long it all took. */
export async function drip(way: Way, port: number, parts: DripParts): Promise<Dripped> {
  const started = performance.now()
  const got = await (way === 'HTTP/2' ? dripStream(port, parts) : dripBytes(port, parts))
  return { ...got, ms: performance.now() - started }
}

function repeat(
  { piece, pieces = Infinity, endsAfterMs = Infinity }: DripParts,
  send: (piece: string | null) => void,
): () => void {
  const started = performance.now()
  let left = pieces
  const timer = setInterval(() => {
    if (performance.now() - started < endsAfterMs) return left-- > 0 ? send(piece) : undefined
    clearInterval(timer)
    send(null)
  }, 20)
  return () => clearInterval(timer)
}

async function dripBytes(port: number, parts: DripParts): Promise<Omit<Dripped, 'ms'>> {
  const client = await rawClient(port, ['POST'])
  const { length } = parts
  const framing = length === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`
  client.send(`POST /items HTTP/1.1\r\nHost: a\r\n${framing}\r\n\r\n`)
  const stop = repeat(parts, (piece) => {
    if (length !== undefined) client.send(piece ?? '')
    else client.send(piece === null ? '0\r\n\r\n' : `${piece.length.toString(16)}\r\n${piece}\r\n`)
  })
  await client.answered(1).finally(stop)
  const [answer] = client.answers()
  if (answer) return { status: statusOf(answer), body: answer.body, ended: 'whole' }
  const status = /^HTTP\/1\.1 (\d+)/.exec(client.bytes())?.[1]
  return { status: status === undefined ? null : Number(status), body: '', ended: 'reset' }
}

function dripStream(port: number, parts: DripParts): Promise<Omit<Dripped, 'ms'>> {
  const headers = parts.length === undefined ? [] : ['content-length', String(parts.length)]
  const stream = beginHttp2(http2Session({ port }), { method: 'POST', path: '/items', headers }, false)
  const stop = repeat(parts, (piece) => {
    if (stream.destroyed || stream.closed) return
    if (piece === null) stream.end()
    else stream.write(piece)
  })
  return new Promise((resolve) => {
    let status: number | null = null
    let body = ''
    stream.setEncoding('latin1')
    stream.on('response', (head) => (status = Number(head[':status'])))
    stream.on('data', (piece: string) => (body += piece))
    stream.on('error', () => {})
    stream.once('close', () => {
      stop()
      resolve({ status, body, ended: stream.rstCode === 0 && status !== null ? 'whole' : 'reset' })
    })
  })
}

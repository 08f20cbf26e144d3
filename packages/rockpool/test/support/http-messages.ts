/*
 * A strict reader of HTTP/1.1 messages for tests: it reads what a gateway emits, and a gateway emits nothing that needs
 * mending. Whatever stands outside the grammar of RFC 9112 is an error. It shares no line with any engine.
 */

export interface Message {
  /** Request line or status line. */
  start: string
  headers: (readonly [name: string, value: string])[]
  framing: 'none' | 'length' | 'chunked' | 'close'
  /** Bytes as characters 0 to 255. */
  body: string
  trailers: (readonly [name: string, value: string])[]
}

/** What a receiver has of one connection so far: whole messages, and the bytes of one that is not. */
export interface Reading {
  messages: Message[]
  rest: string
}

const tokenPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const requestLine = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+ [\x21-\x7e]+ HTTP\/1\.1$/
const statusLine = /^HTTP\/1\.1 [1-9]\d\d [\x20-\x7e]*$/

/**
 * All that was sent on one connection to an upstream. Throws at the first byte that no strict upstream takes.
 * @param takesOld HTTP/1.0 is taken too, with or without a Host; no gateway of ours sends it
 */
export function readRequests(text: string, takesOld = false): Reading {
  return readMessages(text, (start, headers) => {
    if (!requestLine.test(takesOld ? start.replace(/0$/, '1') : start))
      throw new Error(`no request line: ${JSON.stringify(start)}`)
    const hosts = valuesOf(headers, 'host').length
    if (hosts !== 1 && !(takesOld && hosts === 0))
      throw new Error(`${hosts} Hosts in ${JSON.stringify(start)}`)
    return framingOf(headers) ?? 'none'
  })
}

/**
 * All that a client received on one connection.
 * @param methods of the requests, in order; GET for those beyond
 * @param ended the connection was ended properly, which ends a body that has no other end
 */
export function readAnswers(text: string, methods: readonly string[] = [], ended = false): Reading {
  let index = 0
  return readMessages(
    text,
    (start, headers) => {
      if (!statusLine.test(start)) throw new Error(`no status line: ${JSON.stringify(start)}`)
      const status = statusOf({ start })
      const framing = framingOf(headers)
      if (status < 200) return 'none'
      const method = methods[index++] ?? 'GET'
      return method === 'HEAD' || status === 204 || status === 304 ? 'none' : (framing ?? 'close')
    },
    ended,
  )
}

export function statusOf({ start }: Pick<Message, 'start'>): number {
  return Number(start.split(' ')[1])
}

/** Every value of a header, in order. */
export function valuesOf(headers: Message['headers'], name: string): string[] {
  return headers.flatMap(([other, value]) => (other.toLowerCase() === name ? [value] : []))
}

function readMessages(
  text: string,
  framingOf: (start: string, headers: Message['headers']) => Message['framing'],
  ended = false,
): Reading {
  const messages: Message[] = []
  let at = 0
  for (;;) {
    const end = text.indexOf('\r\n\r\n', at)
    if (end < 0) return { messages, rest: text.slice(at) }
    const [start, ...lines] = text.slice(at, end).split('\r\n') as [string, ...string[]]
    const headers = lines.map(readField)
    const framing = framingOf(start, headers)
    const body = readBody(text, end + 4, framing, headers, ended)
    if (!body) return { messages, rest: text.slice(at) }
    messages.push({ start, headers, framing, body: body.text, trailers: body.trailers })
    at = body.end
  }
}

function readField(line: string): readonly [string, string] {
  const colon = line.indexOf(':')
  const name = line.slice(0, colon)
  const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')
  if (colon < 0 || !tokenPattern.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    throw new Error(`no header: ${JSON.stringify(line)}`)
  return [name, value]
}

function framingOf(headers: Message['headers']): 'length' | 'chunked' | undefined {
  const lengths = valuesOf(headers, 'content-length')
  const codings = valuesOf(headers, 'transfer-encoding')
  if (lengths.length + codings.length > 1)
    throw new Error(`framed more than once: ${JSON.stringify([...lengths, ...codings])}`)
  if (lengths.some((length) => !/^\d{1,15}$/.test(length)))
    throw new Error(`no length: ${JSON.stringify(lengths[0])}`)
  if (codings.some((coding) => coding.toLowerCase() !== 'chunked'))
    throw new Error(`no coding: ${JSON.stringify(codings[0])}`)
  return lengths.length > 0 ? 'length' : codings.length > 0 ? 'chunked' : undefined
}

interface Body {
  text: string
  trailers: Message['headers']
  /** Where the next message begins. */
  end: number
}

/** Undefined while it is not whole. */
function readBody(
  text: string,
  at: number,
  framing: Message['framing'],
  headers: Message['headers'],
  ended: boolean,
): Body | undefined {
  if (framing === 'none') return { text: '', trailers: [], end: at }
  if (framing === 'chunked') return readChunks(text, at)
  const end = framing === 'close' ? text.length : at + Number(valuesOf(headers, 'content-length')[0])
  if (framing === 'close' && !ended) return undefined
  return end > text.length ? undefined : { text: text.slice(at, end), trailers: [], end }
}

function readChunks(text: string, from: number): Body | undefined {
  let body = ''
  let at = from
  for (;;) {
    const line = text.indexOf('\r\n', at)
    if (line < 0) return undefined
    const size = text.slice(at, line)
    if (!/^[0-9a-fA-F]{1,12}$/.test(size)) throw new Error(`no size of a chunk: ${JSON.stringify(size)}`)
    const length = Number.parseInt(size, 16)
    if (length === 0) return readTrailers(text, line + 2, body)
    const end = line + 2 + length
    if (text.length < end + 2) return undefined
    if (text.slice(end, end + 2) !== '\r\n') throw new Error('a chunk that goes on after its end')
    body += text.slice(line + 2, end)
    at = end + 2
  }
}

function readTrailers(text: string, from: number, body: string): Body | undefined {
  const trailers: Message['headers'] = []
  let at = from
  for (;;) {
    const line = text.indexOf('\r\n', at)
    if (line < 0) return undefined
    if (line === at) return { text: body, trailers, end: at + 2 }
    trailers.push(readField(text.slice(at, line)))
    at = line + 2
  }
}

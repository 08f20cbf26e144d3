/** A request as frames carry it: nothing of it needs to be allowed. */
export interface Http2Sent {
  /** Names and values in turns, pseudo-headers among them, in order. */
  fields: string[]
  /** Each in a DATA frame of its own; none: the head ends the stream. */
  data: string[]
  /** Names and values in turns, behind the data. */
  trailers: string[]
}

/** Requests of HTTP/2, some as they should be, most of them with something wrong. The same for the same numbers. */
export function generateHttp2Request(random: () => number): Http2Sent {
  let sent = wellFormed(random)
  if (random() < 0.25) return sent
  const times = 1 + Math.floor(random() ** 2 * 3)
  for (let turn = 0; turn < times; turn++) sent = pick(mutations, random)(sent, random)
  return sent
}

const methods = ['GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']
const targets = [
  '/',
  '/a',
  '/a/b?c=d',
  '/a%20b',
  '/%C3%A4/b?x=%2F..',
  '/a;v=1',
  '/a/?',
  '/a?b?c&d',
  '/~a_b-c.d',
]
const authorities = ['a', 'a.example', 'a.example:8080', '127.0.0.1', '[::1]:80']
const plain: [string, string][] = [
  ['accept', '*/*'],
  ['accept', 'text/html;q=0.9, text/plain'],
  ['x-empty', ''],
  ['x-two', '1'],
  ['x-two', '2'],
  ['x_under', '1'],
  ["x!#$%&'*+-.^`|~", '1'],
  ['x-bytes', '\xc3\xa4\xff'],
  ['te', 'trailers'],
  ['cookie', 'a=b'],
  ['cookie', 'c=d; e=f'],
  ['range', 'bytes=0-1'],
  ['if-none-match', '"a"'],
  ['content-type', 'text/plain'],
  ['x-colon', 'a:b: c'],
  ['x-tab', 'a\tb'],
]

/** A request within another one, for whoever writes what it is given into HTTP/1.1. */
const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: b\r\n\r\n'

/** What attackers write (RFC 9113 8.2.1, 8.2.2, 8.3, 10.3). */
const nasty: [string, string][] = [
  ['X-Upper', '1'],
  ['Content-Length', '0'],
  ['connection', 'close'],
  ['connection', 'x-two'],
  ['keep-alive', 'timeout=5'],
  ['proxy-connection', 'keep-alive'],
  ['transfer-encoding', 'chunked'],
  ['transfer-encoding', 'identity'],
  ['upgrade', 'h2c'],
  ['upgrade', 'websocket'],
  ['http2-settings', 'AAMAAABkAAQAAP__'],
  ['te', 'gzip'],
  ['te', 'trailers, gzip'],
  ['content-length', '0'],
  ['content-length', '3'],
  ['content-length', '03'],
  ['content-length', '+3'],
  ['content-length', '3, 3'],
  ['content-length', '-1'],
  ['content-length', ''],
  ['content-length', '3 3'],
  ['host', 'b'],
  ['host', ''],
  ['host', 'a'],
  ['expect', '100-continue'],
  ['trailer', 'x-trailer'],
  [':path', '/other'],
  [':method', 'PUT'],
  [':authority', 'other'],
  [':scheme', 'http'],
  [':status', '200'],
  [':protocol', 'websocket'],
  [':unknown', '1'],
  ['', '1'],
  ['x y', '1'],
  ['x:y', '1'],
  ['x\r\ny', '1'],
  ['x\0', '1'],
  ['x\xe4', '1'],
  ['x-cr', 'a\rb'],
  ['x-lf', 'a\nb'],
  ['x-nul', 'a\0b'],
  ['x-del', 'a\x7fb'],
  ['x-control', 'a\x01b'],
  ['x-inject', 'a\r\nx-injected: 1'],
  ['x-smuggle', `a\r\n\r\n${smuggled}`],
  ['x-space', ' a'],
  ['x-space', 'a '],
  ['cookie', 'a=b\r\nx: y'],
]

const special = [
  '\r',
  '\n',
  '\r\n',
  '\0',
  ' ',
  '\t',
  ':',
  ',',
  ';',
  '\x0b',
  '\x7f',
  '\x80',
  '\xff',
  '/',
  '%',
  '#',
  '@',
  '\\',
  'A',
]

const odd: Record<string, readonly string[]> = {
  ':method': [
    'get',
    'TRACE',
    'PROPFIND',
    'CONNECT',
    '',
    'G T',
    'GET ',
    'G(T',
    'GET / HTTP/1.1\r\nx: y\r\n\r\nGET',
  ],
  ':scheme': ['https', 'HTTP', 'ftp', '', 'http ', 'http\r\nx: y'],
  ':path': [
    '',
    '*',
    'a',
    'http://a/b',
    '//a',
    '/a/../b',
    '/a/./b',
    '/%2e%2e/a',
    '/a%2fb',
    '/a%00',
    '/a#b',
    '/a\\b',
    '/a|b',
    '/%zz',
    '/a b',
    '/a\tb',
    '/a\xe4',
    '/a\0',
    `/a HTTP/1.1\r\nHost: b\r\n\r\n${smuggled}`,
  ],
  ':authority': ['', 'a b', 'a/b', 'a@b', 'a..b', 'a:b', 'a:80:80', 'a\r\nx: y', 'a,b', 'a?b', 'A', '[::1'],
}

function wellFormed(random: () => number): Http2Sent {
  const method = pick(methods, random)
  const fields = [':method', method, ':scheme', 'http', ':path', pick(targets, random)]
  fields.push(':authority', pick(authorities, random))
  for (let count = Math.floor(random() * 4); count > 0; count--) fields.push(...pick(plain, random))
  // RFC 9113 8.2.3: one cookie in pieces, with others between them.
  if (random() < 0.2) fields.push('cookie', 'g=h', ...pick(plain, random), 'cookie', 'i=j')
  const data: string[] = []
  if (method === 'POST' || method === 'PUT' || random() < 0.15)
    for (let count = Math.floor(random() * 4); count > 0; count--)
      data.push(pick(['a', 'bc', '0\r\n\r\n', '', smuggled], random))
  const size = data.join('').length
  if (random() < 0.4 && (data.length > 0 || method === 'POST')) fields.push('content-length', String(size))
  const trailers = data.length > 0 && random() < 0.15 ? ['x-trailer', '1'] : []
  return { fields, data, trailers }
}

type Mutation = (sent: Http2Sent, random: () => number) => Http2Sent

const mutations: Mutation[] = [
  withField,
  withField,
  withField,
  withByte,
  withByte,
  (sent, random) => {
    // A field twice, or not at all.
    const pairs = pairsOf(sent.fields)
    const at = Math.floor(random() * pairs.length)
    const times = random() < 0.5 ? 0 : 2
    return {
      ...sent,
      fields: pairs.flatMap((pair, index) => (index === at ? (times === 0 ? [] : [...pair, ...pair]) : pair)),
    }
  },
  (sent, random) => {
    // Two fields in each other's place.
    const pairs = pairsOf(sent.fields)
    const [one, other] = [Math.floor(random() * pairs.length), Math.floor(random() * pairs.length)]
    ;[pairs[one], pairs[other]] = [pairs[other]!, pairs[one]!]
    return { ...sent, fields: pairs.flat() }
  },
  withOddPseudo,
  withOddPseudo,
  (sent, random) => {
    // A host beside `:authority`, or in its place.
    const named = sent.fields[sent.fields.indexOf(':authority') + 1] ?? 'a'
    const without = pairsOf(sent.fields).filter(([name]) => name !== ':authority' || random() < 0.5)
    return { ...sent, fields: [...without.flat(), 'host', pick([named, named.toUpperCase(), 'b'], random)] }
  },
  (sent, random) => {
    // A length that the data has not.
    const size = sent.data.join('').length + pick([-1, 0, 0, 1, 5], random)
    return { ...sent, fields: [...sent.fields, 'content-length', String(size)] }
  },
  (sent, random) => ({
    ...sent,
    trailers: [...sent.trailers, ...pick([...nasty, ...plain], random)],
    data: sent.data.length > 0 ? sent.data : ['a'],
  }),
]

function withField(sent: Http2Sent, random: () => number): Http2Sent {
  const pairs = pairsOf(sent.fields)
  const at = Math.floor(random() * (pairs.length + 1))
  pairs.splice(random() < 0.7 ? pairs.length : at, 0, pick(nasty, random))
  return { ...sent, fields: pairs.flat() }
}

/** Somewhere in a name or a value. */
function withByte(sent: Http2Sent, random: () => number): Http2Sent {
  const fields = [...sent.fields]
  const index = Math.floor(random() * fields.length)
  const text = fields[index]!
  const at = Math.floor(random() * (text.length + 1))
  const cut = random() < 0.3 ? 1 : 0
  fields[index] = text.slice(0, at) + pick(special, random) + text.slice(at + cut)
  return { ...sent, fields }
}

function withOddPseudo(sent: Http2Sent, random: () => number): Http2Sent {
  const name = pick(Object.keys(odd), random)
  const at = sent.fields.indexOf(name)
  if (at < 0) return sent
  return { ...sent, fields: sent.fields.with(at + 1, pick(odd[name]!, random)) }
}

/** Names and values in turns as pairs. */
export function pairsOf(fields: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let index = 0; index < fields.length; index += 2) pairs.push([fields[index]!, fields[index + 1]!])
  return pairs
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)]!
}

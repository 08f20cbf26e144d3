/** Requests as bytes, some as they should be, most of them with something wrong. The same for the same numbers. */
export function generateRequest(random: () => number): string {
  let text = wellFormed(random)
  if (random() < 0.25) return text
  const times = 1 + Math.floor(random() ** 2 * 3)
  for (let turn = 0; turn < times; turn++) text = pick(mutations, random)(text, random)
  return text
}

const methods = ['GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']
const targets = [
  '/',
  '/a',
  '/a/b?c=d',
  '/a%20b',
  '/%C3%A4/b?x=%2F..',
  '/a;v=1',
  '/%7euser',
  '/a/?',
  '/a?b?c&d',
  '/~a_b-c.d',
]
const hosts = ['a', 'a.example', 'a.example:8080', '127.0.0.1', '[::1]:80']
const fields = [
  'Accept: */*',
  'accept: text/html;q=0.9, text/plain',
  'X-Empty:',
  'X-Spaces: \t a  b \t',
  'X-Two: 1',
  'X-Two: 2',
  'X_Under: 1',
  "X!#$%&'*+-.^`|~: 1",
  'X-Bytes: \xc3\xa4\xff',
  'Connection: keep-alive',
  'Connection: X-Named, close',
  'X-Named: 1',
  'TE: trailers',
  'Cookie: a=b; c=d',
  'Range: bytes=0-1',
  'If-None-Match: "a"',
  'Upgrade-Insecure-Requests: 1',
  'Content-Type: text/plain',
  'Keep-Alive: timeout=5',
  'X-Colon: a:b: c',
]

/** What attackers write. */
const nasty = [
  'Content-Length: 3',
  'Content-Length: 0',
  'Content-Length: +3',
  'Content-Length: 3, 3',
  'Content-Length: 3,4',
  'Content-Length : 3',
  'Content-Length: 03',
  'Content-Length: 3 3',
  'Content-Length: 0x3',
  'Content-Length: -1',
  'Content-Length:',
  'Content_Length: 3',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: CHUNKED',
  'Transfer-Encoding: identity',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, chunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:\x0bchunked',
  'Transfer-Encoding: chunked;x',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding:',
  'Transfer_Encoding: chunked',
  'Host: b',
  'Host:',
  'Host: a b',
  'Host: a/b',
  'Host: a@b',
  'Connection: Content-Length',
  'Connection: Transfer-Encoding, close',
  'Connection: Host',
  'Expect: 100-continue',
  'Expect: x',
  'Upgrade: h2c',
  ' folded: 1',
  '\tfolded',
  ': no name',
  'no colon',
  'X\0: 1',
  'X: \0',
  'X: \x01',
  'X: \x7f',
  'X: a\rb',
  'X: a\nY: b',
  'X y: 1',
  'X\xe4: 1',
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
  '\x0c',
  '\x7f',
  '\x80',
  '\xff',
  '/',
  '%',
  '0',
  '"',
  '-',
  '+',
  '\\',
  '#',
  '@',
]

function wellFormed(random: () => number): string {
  const method = pick(methods, random)
  const version = random() < 0.9 ? 'HTTP/1.1' : 'HTTP/1.0'
  const lines = [`${method} ${pick(targets, random)} ${version}`, `Host: ${pick(hosts, random)}`]
  for (let count = Math.floor(random() * 4); count > 0; count--) lines.push(pick(fields, random))
  const body = Array.from({ length: Math.floor(random() * 20) }, () =>
    pick(['a', 'b', '0', '\r\n', ' ', '\0'], random),
  ).join('')
  const kind = method === 'POST' || method === 'PUT' || random() < 0.15 ? random() : 1
  if (kind < 0.45) return `${[...lines, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`
  if (kind < 0.9 && version === 'HTTP/1.1')
    return `${[...lines, 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\n${chunks(body, random)}`
  return `${lines.join('\r\n')}\r\n\r\n`
}

function chunks(body: string, random: () => number): string {
  let text = ''
  for (let at = 0; at < body.length;) {
    const size = Math.min(body.length - at, 1 + Math.floor(random() * 8))
    const digits = random() < 0.2 ? size.toString(16).padStart(3, '0') : size.toString(16)
    text += `${digits}${random() < 0.15 ? pick([';a', ';a=b', ';a="b;c"', ' ;a'], random) : ''}\r\n${body.slice(at, at + size)}\r\n`
    at += size
  }
  return `${text}0\r\n${random() < 0.2 ? 'X-Trailer: 1\r\n' : ''}\r\n`
}

type Mutation = (text: string, random: () => number) => string

const mutations: Mutation[] = [
  (text, random) => insertAt(text, anywhere(text, random), pick(special, random)),
  (text, random) => insertAt(text, anywhere(text, random), pick(special, random)),
  (text, random) => cutAt(text, anywhere(text, random), 1 + Math.floor(random() * 3)),
  (text, random) => {
    const at = anywhere(text, random)
    return insertAt(cutAt(text, at, 1), at, pick(special, random))
  },
  withLine,
  withLine,
  withLine,
  (text, random) => {
    // A line twice.
    const lines = text.split('\r\n')
    const at = Math.floor(random() * lines.length)
    return [...lines.slice(0, at), lines[at]!, ...lines.slice(at)].join('\r\n')
  },
  (text, random) => {
    const at = Math.floor(random() * 6)
    let count = 0
    return text.replace(/\r\n/g, (end) =>
      count++ === at ? pick(['\n', '\r', '\r\r\n', '\n\r', ' \r\n'], random) : end,
    )
  },
  (text, random) =>
    text.replace(
      /(content-length: *)(\d+)/i,
      (_, name: string, size: string) => `${name}${Number(size) + pick([-2, -1, 1, 2], random)}`,
    ),
  (text, random) =>
    text.replace(
      /\r\n([0-9a-f]{1,3})\r\n/i,
      (_, size: string) =>
        `\r\n${pick([`0x${size}`, `+${size}`, ` ${size}`, `${size} `, `-${size}`, `${size}g`, `${size};`, `${size};\n`, `1${size}`, `${size}\t`, ''], random)}\r\n`,
    ),
  (text, random) =>
    text.replace(
      /HTTP\/1\.\d/,
      pick(['HTTP/1.2', 'HTTP/2.0', 'http/1.1', 'HTTP/1.1 ', 'HTTP/1,1', 'HTTP/0.9', ''], random),
    ),
  (text, random) =>
    text.replace(
      / \/\S* /,
      ` ${pick(['*', 'http://a/b', '//a', '/a/../b', '/a/./b', '/%2e%2e/a', '/a%2fb', '/a%00', '/a#b', '/a\\b', '/a|b', '/%zz', 'a'], random)} `,
    ),
  (text, random) =>
    text.replace(/^\S+/, (method) =>
      pick(
        [method.toLowerCase(), 'TRACE', 'PROPFIND', 'G(T', '', `${method} `, `\r\n${method}`, `\n${method}`],
        random,
      ),
    ),
]

function withLine(text: string, random: () => number): string {
  const lines = text.split('\r\n')
  const end = lines.indexOf('')
  const at = 1 + Math.floor(random() * Math.max(1, end))
  return [...lines.slice(0, at), pick(nasty, random), ...lines.slice(at)].join('\r\n')
}

function anywhere(text: string, random: () => number): number {
  return Math.floor(random() * (text.length + 1))
}

function insertAt(text: string, at: number, what: string): string {
  return text.slice(0, at) + what + text.slice(at)
}

function cutAt(text: string, at: number, size: number): string {
  return text.slice(0, at) + text.slice(at + size)
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)]!
}

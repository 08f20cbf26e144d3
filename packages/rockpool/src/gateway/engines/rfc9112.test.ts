import { describe, expect, test } from 'vitest'
import {
  next,
  openGateway,
  rawClient,
  recordingUpstream,
  refusalOf,
  statusOf,
  valuesOf,
  type Looser,
} from '../../../test/support/raw-http.ts'
import { engines, type EngineName } from './index.ts'

// Heads of requests, as bytes in and as bytes at the upstream: RFC 9112 sections 2, 3 and 5. Framing, connections and
// answers: the files beside this one.

const get = (...lines: string[]) => `${['GET /items HTTP/1.1', 'Host: a', ...lines].join('\r\n')}\r\n\r\n`
const head = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`

/** Section → what is wrong → the bytes. */
const refused: [section: string, what: string, text: string][] = [
  ['2.2', 'a bare LF after the request line', 'GET /items HTTP/1.1\nHost: a\r\n\r\n'],
  ['2.2', 'a bare LF after a header', 'GET /items HTTP/1.1\r\nHost: a\nX: b\r\n\r\n'],
  ['2.2', 'a bare LF at the end of the head', 'GET /items HTTP/1.1\r\nHost: a\r\n\n'],
  ['2.2', 'bare LFs alone', 'GET /items HTTP/1.1\nHost: a\n\n'],
  ['2.2', 'a bare CR in the request line', 'GET /items\r HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['2.2', 'a bare CR for a line end', 'GET /items HTTP/1.1\rHost: a\r\n\r\n'],
  ['2.2', 'a bare CR in a value', get('X: a\rb')],
  ['2.2', 'a bare CR before CRLF', get('X: a\r')],
  ['2.2', 'a space between request line and headers', 'GET /items HTTP/1.1\r\n Host: a\r\n\r\n'],
  ['2.2', 'a line of spaces before the headers', 'GET /items HTTP/1.1\r\n  \r\nHost: a\r\n\r\n'],
  ['2.2', 'bytes of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
  ['2.3', 'another protocol', head('GET /items ICE/1.0', 'Host: a')],
  ['2.3', 'the protocol in lower case', head('GET /items http/1.1', 'Host: a')],
  ['2.3', 'HTTP/0.9', head('GET /items')],
  ['2.3', 'HTTP/0.9 with its name', head('GET /items HTTP/0.9', 'Host: a')],
  ['2.3', 'HTTP/2.0 as text', head('GET /items HTTP/2.0', 'Host: a')],
  ['2.3', 'HTTP/1.10', head('GET /items HTTP/1.10', 'Host: a')],
  ['2.3', 'HTTP/01.1', head('GET /items HTTP/01.1', 'Host: a')],
  ['2.3', 'HTTP/1', head('GET /items HTTP/1', 'Host: a')],
  ['3', 'two spaces after the method', head('GET  /items HTTP/1.1', 'Host: a')],
  ['3', 'two spaces after the target', head('GET /items  HTTP/1.1', 'Host: a')],
  ['3', 'a tab between', head('GET\t/items\tHTTP/1.1', 'Host: a')],
  ['3', 'a space before the method', head(' GET /items HTTP/1.1', 'Host: a')],
  ['3', 'a space after the version', head('GET /items HTTP/1.1 ', 'Host: a')],
  ['3', 'a space in the target', head('GET /it ems HTTP/1.1', 'Host: a')],
  ['3', 'no target', head('GET HTTP/1.1', 'Host: a')],
  ['3', 'no method', head('/items HTTP/1.1', 'Host: a')],
  ['3', 'no method but a space', head(' /items HTTP/1.1', 'Host: a')],
  ['3.1', 'a method that is no token', head('GE(T /items HTTP/1.1', 'Host: a')],
  ['3.1', 'a method with a NUL', head('GET\0 /items HTTP/1.1', 'Host: a')],
  ['3.2', 'no Host', head('GET /items HTTP/1.1')],
  ['3.2', 'two Hosts', get('Host: b')],
  ['3.2', 'the same Host twice', get('Host: a')],
  ['3.2', 'two Hosts in different letters', get('hOST: b')],
  ['3.2', 'a Host with a space', head('GET /items HTTP/1.1', 'Host: a b')],
  ['3.2', 'a Host with a path', head('GET /items HTTP/1.1', 'Host: a/b')],
  ['3.2', 'a Host with a user', head('GET /items HTTP/1.1', 'Host: u@a')],
  ['3.2', 'a list of Hosts', head('GET /items HTTP/1.1', 'Host: a, b')],
  ['3.2', 'a Host with letters for a port', head('GET /items HTTP/1.1', 'Host: a:b')],
  ['3.2', 'a Host with bytes above 127', head('GET /items HTTP/1.1', 'Host: \xe4.example')],
  ['3.2', 'a Host with a query', head('GET /items HTTP/1.1', 'Host: a?b')],
  ['3.2', 'a Host with a backslash', head('GET /items HTTP/1.1', 'Host: a\\b')],
  ['3.2.1', 'a target without its slash', head('GET items HTTP/1.1', 'Host: a')],
  ['3.2.1', 'a target with a fragment', head('GET /items#x HTTP/1.1', 'Host: a')],
  ['3.2.1', 'a target with bytes above 127', head('GET /\xc3\xa4 HTTP/1.1', 'Host: a')],
  ['3.2.1', 'a target with a NUL', head('GET /it\0ems HTTP/1.1', 'Host: a')],
  ['3.2.1', 'a target with DEL', head('GET /it\x7fems HTTP/1.1', 'Host: a')],
  ['3.2.2', 'absolute-form', head('GET http://a/items HTTP/1.1', 'Host: a')],
  ['3.2.2', 'absolute-form of another host', head('GET http://b/items HTTP/1.1', 'Host: a')],
  ['3.2.2', 'absolute-form of another scheme', head('GET file:///etc/passwd HTTP/1.1', 'Host: a')],
  ['3.2.3', 'authority-form without CONNECT', head('GET a:80 HTTP/1.1', 'Host: a:80')],
  ['3.2.4', 'asterisk-form without OPTIONS', head('GET * HTTP/1.1', 'Host: a')],
  ['5', 'a header without a colon', get('X')],
  ['5', 'a header without a name', get(': b')],
  ['5.1', 'a space before the colon', get('X : b')],
  ['5.1', 'a tab before the colon', get('X\t: b')],
  ['5.1', 'a space before the colon of Host', head('GET /items HTTP/1.1', 'Host : a')],
  ['5.1', 'a space before the colon of Transfer-Encoding', get('Transfer-Encoding : chunked')],
  ['5.1', 'a name with brackets', get('X[]: b')],
  ['5.1', 'a name with a quote', get('"X": b')],
  ['5.1', 'a name with a slash', get('X/Y: b')],
  ['5.1', 'a name with a byte above 127', get('X\xe4: b')],
  ['5.1', 'a name with a NUL', get('X\0: b')],
  ['5.1', 'a name with DEL', get('X\x7f: b')],
  ['5.2', 'obs-fold with a space', get('X: a', ' b')],
  ['5.2', 'obs-fold with a tab', get('X: a', '\tb')],
  ['5.2', 'obs-fold of Host', head('GET /items HTTP/1.1', 'Host:', ' a')],
  ['5.2', 'obs-fold of Content-Length', get('Content-Length:', ' 0')],
  ['5.2', 'obs-fold of nothing', get('X: a', ' ')],
  ['9110 5.5', 'a NUL in a value', get('X: a\0b')],
  ['9110 5.5', 'a control character in a value', get('X: a\x01b')],
  ['9110 5.5', 'an escape in a value', get('X: a\x1bb')],
  ['9110 5.5', 'DEL in a value', get('X: a\x7fb')],
]

const decided = 'the decision refuses it, after the head was read; node:http goes on with the connection'
const toHost = 'node:http reads nothing into a Host; it goes nowhere but into X-Forwarded-Host'
const version = 'node:http takes it for HTTP/1.0, and closes'
const mended = 'node:http takes any number of spaces there for one'

/** Where `node` is not as strict as the rest, and why that is no danger: what goes on is written anew by undici. */
const looser: Looser = {
  node: {
    'HTTP/0.9': ['begun', version],
    'HTTP/0.9 with its name': ['begun', version],
    'HTTP/2.0 as text': ['begun', version],
    'two spaces after the method': ['served', mended],
    'two spaces after the target': ['served', mended],
    'two Hosts': ['kept', decided],
    'the same Host twice': ['kept', decided],
    'two Hosts in different letters': ['kept', decided],
    'a Host with a space': ['served', toHost],
    'a Host with a path': ['served', toHost],
    'a Host with a user': ['served', toHost],
    'a list of Hosts': ['served', toHost],
    'a Host with letters for a port': ['served', toHost],
    'a Host with bytes above 127': ['served', toHost],
    'a Host with a query': ['served', toHost],
    'a Host with a backslash': ['served', toHost],
    'a target with a fragment': ['kept', decided],
    'absolute-form': ['kept', decided],
    'absolute-form of another host': ['kept', decided],
    'absolute-form of another scheme': ['kept', decided],
    'asterisk-form without OPTIONS': ['kept', decided],
  },
}

test('what an engine is looser about is what is tested here', () => {
  const known = new Set(refused.map(([, what]) => what))
  const stale = Object.values(looser).flatMap((entries) =>
    Object.keys(entries).filter((what) => !known.has(what)),
  )
  expect(stale).toEqual([])
})

describe.each(Object.keys(engines) as EngineName[])('engine %s: heads of requests (RFC 9112)', (engine) => {
  test.each(refused)('%s refuses %s, and what comes behind it', async (_, what, text) => {
    const { outcome, expected } = await refusalOf(engine, what, text, looser)
    expect(outcome).toEqual(expected)
  })

  const forwarded = async (text: string) => {
    const upstream = await recordingUpstream()
    const gateway = await openGateway(engine, upstream)
    const client = await rawClient(gateway.port)
    client.send(text)
    const [answer] = await client.answered(1)
    expect(answer && statusOf(answer)).toBe(200)
    client.send(next)
    expect((await client.answered(2)).map(statusOf)).toEqual([200, 200])
    const [request, second, ...more] = upstream.requests()
    expect([second?.start, more]).toEqual(['GET /next HTTP/1.1', []])
    return request!
  }

  test('2.2 an empty line before the request line is passed over', async () => {
    expect((await forwarded(`\r\n${get()}`)).start).toBe('GET /items HTTP/1.1')
  })

  test('2.3 what is sent on is HTTP/1.1, whatever minor version it came with', async () => {
    const upstream = await recordingUpstream()
    const gateway = await openGateway(engine, upstream)
    const client = await rawClient(gateway.port)
    client.send(head('GET /items HTTP/1.0', 'Host: a'))
    expect((await client.closed()).map(statusOf)).toEqual([200])
    expect(upstream.requests().map(({ start }) => start)).toEqual(['GET /items HTTP/1.1'])
  })

  test('3.1 methods are told apart by case', async () => {
    const upstream = await recordingUpstream()
    const gateway = await openGateway(engine, upstream)
    const client = await rawClient(gateway.port)
    client.send(head('get /items HTTP/1.1', 'Host: a', 'Connection: close'))
    const [answer, ...more] = await client.closed()
    expect([statusOf(answer!) >= 400, more, upstream.requests()]).toEqual([true, [], []])
  })

  test('3.2 the Host that the upstream gets is its own, and the client’s is told beside it', async () => {
    const { headers } = await forwarded('GET /items HTTP/1.1\r\nHost: shop.example:8080\r\n\r\n')
    expect(valuesOf(headers, 'host')[0]).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(valuesOf(headers, 'x-forwarded-host')).toEqual(['shop.example:8080'])
  })

  test.each(['a', 'a:80', '[::1]', '[::1]:8080', '127.0.0.1:1', 'a-b.example.', 'A.Example'])(
    '3.2 a Host may be %s',
    async (host) => {
      const { headers } = await forwarded(`GET /items HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      expect(valuesOf(headers, 'x-forwarded-host')).toEqual([host])
    },
  )

  test('3.2.1 path and query go on as they came', async () => {
    const target = `/a/%C3%A4;v=1/b?x=%2F..%00&y[]={"}|^\`<>&z=?//`
    expect((await forwarded(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)).start).toBe(
      `GET ${target} HTTP/1.1`,
    )
  })

  test('3.2.4 asterisk-form reaches no service', async () => {
    const upstream = await recordingUpstream()
    const gateway = await openGateway(engine, upstream)
    const client = await rawClient(gateway.port)
    client.send(head('OPTIONS * HTTP/1.1', 'Host: a', 'Connection: close'))
    const [answer] = await client.closed()
    expect([answer && statusOf(answer), upstream.requests()]).toEqual([400, []])
  })

  test('5 values lose the whitespace around them and nothing else; order and repetition stay', async () => {
    const { headers } = await forwarded(
      get('X-One:1', 'x-one: \t 2 \t ', 'X-Empty:', 'X-Blank:  ', 'X-Bytes: \xe4\xff\t;', 'X-ONE: a:b, c'),
    )
    expect(valuesOf(headers, 'x-one')).toEqual(['1', '2', 'a:b, c'])
    expect(valuesOf(headers, 'x-empty')).toEqual([''])
    expect(valuesOf(headers, 'x-blank')).toEqual([''])
    expect(valuesOf(headers, 'x-bytes')).toEqual(['\xe4\xff\t;'])
  })

  test('5.1 a name may have every character of a token', async () => {
    const name = "X!#$%&'*+-.^_`|~09azAZ"
    const { headers } = await forwarded(get(`${name}: 1`))
    expect(valuesOf(headers, name.toLowerCase())).toEqual(['1'])
  })

  test.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString'])(
    '5.1 %s is a name like any other',
    async (name) => {
      const { headers } = await forwarded(get(`${name}: 1`, `${name}: 2`))
      expect(valuesOf(headers, name.toLowerCase()).join(', ')).toBe('1, 2')
    },
  )
})

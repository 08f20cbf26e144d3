import { describe, expect, test } from 'vitest'
import {
  emptyAnswer,
  openGateway,
  rawClient,
  recordingUpstream,
  valuesOf,
  type Message,
} from '../../../test/support/raw-http.ts'
import { engines, type EngineName } from './index.ts'

// An intermediary without a cache (RFC 9110 7.6, RFC 9111): what concerns caches on either side of it goes through untouched,
// and it keeps nothing. In kind what github.com/http-tests/cache-tests looks at.

const request = (method: string, ...lines: string[]) =>
  `${[`${method} /items HTTP/1.1`, 'Host: a', ...lines].join('\r\n')}\r\n\r\n`
const answer = (status: string, ...lines: string[]) =>
  `${[`HTTP/1.1 ${status}`, ...lines].join('\r\n')}\r\n\r\n`
const date = 'Date: Sun, 06 Nov 1994 08:49:37 GMT'
/** The lines of a message that begin with one of these names, as they came. */
const linesOf = ({ headers }: Message, names: readonly string[]) => {
  const wanted = new Set(names.map((name) => name.toLowerCase()))
  return headers.flatMap(([name, value]) => (wanted.has(name.toLowerCase()) ? [`${name}: ${value}`] : []))
}
const namesOf = (lines: readonly string[]) => lines.map((line) => line.slice(0, line.indexOf(':')))

describe.each(Object.keys(engines) as EngineName[])(
  'engine %s: an intermediary without a cache',
  (engine) => {
    const open = async (text: string | ((request: Message) => string), methods = ['GET']) => {
      const upstream = await recordingUpstream({
        answer: typeof text === 'string' ? () => text : text,
      })
      const gateway = await openGateway(engine, upstream)
      return { upstream, client: await rawClient(gateway.port, methods) }
    }
    async function answered(text: string, method = 'GET', ...lines: string[]): Promise<Message> {
      const { client } = await open(text, [method])
      client.send(request(method, ...lines))
      const [first] = await client.answered(1)
      return first!
    }

    describe('what a service says goes on in its lines, in their order', () => {
      test.each<[string, string, string[], string]>([
        [
          '9111 5: freshness',
          '200 OK',
          [
            date,
            'Age: 3600',
            'Age: 0',
            'Cache-Control: max-age=1, , Private="a", unknown=1',
            'cache-control: no-store',
            'Expires: 0',
            'Pragma: no-cache',
            'Warning: 110 - "stale"',
            'CDN-Cache-Control: max-age=60',
            'Surrogate-Control: max-age=60',
          ],
          'abc',
        ],
        ['9110 12.5.5: Vary', '200 OK', [date, 'Vary: Accept', 'VARY: *, ,Cookie'], 'abc'],
        [
          '9110 8.8: validators',
          '200 OK',
          [date, 'ETag: W/"a\\"', 'ETag: unquoted', 'Last-Modified: Sunday, 06-Nov-94 08:49:37 GMT'],
          'abc',
        ],
        [
          '9111 5.2.2.6: no-transform, and what is encoded',
          '200 OK',
          [
            date,
            'Cache-Control: no-transform',
            'Content-Encoding: gzip',
            'Content-MD5: x',
            'Content-Type: text/html',
          ],
          '\x1f\x8b\x08\0\xff\xfe',
        ],
        [
          '9110 15.3.7: a part',
          '206 Partial Content',
          [date, 'Content-Range: bytes 4-6/10', 'Accept-Ranges: bytes', 'ETag: "a"'],
          'abc',
        ],
        [
          '9110 14.6: parts',
          '206 Partial Content',
          [date, 'Content-Type: multipart/byteranges; boundary=b'],
          '--b\r\nContent-Range: bytes 0-0/10\r\n\r\na\r\n--b--\r\n',
        ],
        ['9110 15.5.17: none', '416 Range Not Satisfiable', [date, 'Content-Range: bytes */10'], ''],
        ['9110 15.5.13: 412', '412 Precondition Failed', [date, 'ETag: "b"'], ''],
        [
          'others’ lines',
          '200 OK',
          [
            date,
            'Link: </a>; rel=x',
            'Via: 1.1 inner',
            'Link: </b>',
            'Via: 1.0 other',
            'X: 1',
            'x: 2',
            'X-Cache: HIT',
          ],
          'abc',
        ],
      ])('%s', async (_, status, lines, body) => {
        const got = await answered(answer(status, ...lines, `Content-Length: ${body.length}`) + body)
        expect([got.start, got.body]).toEqual([`HTTP/1.1 ${status}`, body])
        expect(linesOf(got, namesOf(lines))).toEqual(lines)
      })

      test.each(['GET', 'HEAD'])(
        '9110 15.4.5: a 304 to %s, with what it says of the whole',
        async (method) => {
          const lines = [
            date,
            'ETag: "a"',
            'Vary: Accept',
            'Cache-Control: max-age=9',
            'Content-Location: /x',
            'Expires: 0',
          ]
          const got = await answered(answer('304 Not Modified', ...lines), method, 'If-None-Match: "a"')
          expect([got.start, got.body, got.framing]).toEqual(['HTTP/1.1 304 Not Modified', '', 'none'])
          expect(linesOf(got, namesOf(lines))).toEqual(lines)
        },
      )

      test('9110 9.3.2: of HEAD what GET would say', async () => {
        const lines = [date, 'ETag: "a"', 'Content-Type: text/plain', 'Content-Length: 12345', 'Vary: Accept']
        const got = await answered(answer('200 OK', ...lines), 'HEAD')
        expect(linesOf(got, namesOf(lines))).toEqual(lines)
      })
    })

    test('9110 6.6.1: an answer without a date gets that of its arrival, and nothing of a cache is added', async () => {
      const got = await answered(answer('200 OK', 'Cache-Control: max-age=60', 'Content-Length: 0'))
      const [given] = valuesOf(got.headers, 'date')
      expect(Math.abs(Date.parse(given!) - Date.now())).toBeLessThan(60_000)
      for (const name of ['age', 'warning', 'expires', 'etag', 'vary', 'last-modified', 'x-cache', 'pragma'])
        expect([name, valuesOf(got.headers, name)]).toEqual([name, []])
    })

    test('9110 15.2: hints go on before the answer, as often as they come', async () => {
      const hints = (...lines: string[]) => answer('103 Early Hints', ...lines)
      const { client } = await open(
        hints(
          'Link: </a.css>; rel=preload; as=style',
          'Link: </b.js>; rel=preload',
          'Connection: x-hop',
          'X-Hop: 1',
        ) +
          hints('Link: </c>; rel=preconnect') +
          answer('200 OK', date, 'Content-Length: 3') +
          'abc',
      )
      client.send(request('GET'))
      await client.answered(1)
      const { messages } = client.read()
      expect(messages.map(({ start }) => start.split(' ')[1])).toEqual(['103', '103', '200'])
      expect(valuesOf(messages[0]!.headers, 'link').join(', ')).toBe(
        '</a.css>; rel=preload; as=style, </b.js>; rel=preload',
      )
      expect(linesOf(messages[0]!, ['x-hop', 'connection'])).toEqual([])
      expect(valuesOf(messages[1]!.headers, 'link')).toEqual(['</c>; rel=preconnect'])
    })

    describe('what a client asks goes on in its lines, in their order', () => {
      test.each<[string, string[]]>([
        ['9110 13: conditions', ['If-None-Match: "a", W/"b"', 'If-Modified-Since: Sun Nov  6 08:49:37 1994']],
        ['9110 13.1.2: any', ['If-None-Match: *']],
        [
          '9110 13.1.1: before a write',
          ['If-Match: "a"', 'If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT'],
        ],
        ['9110 14.2: ranges', ['Range: bytes=0-0, -1', 'If-Range: "a"']],
        ['9110 14.2: of another unit', ['Range: lines=1-2']],
        [
          '9111 5.2.1: directives',
          [
            'Cache-Control: no-cache',
            'cache-control: max-stale, only-if-cached',
            'Pragma: no-cache',
            'Cache-Control: x="y,z"',
          ],
        ],
        [
          '9110 12.5: preferences',
          [
            'Accept: text/html;q=0',
            'Accept: */*',
            'Accept-Encoding: gzip;q=1.0, identity; q=0',
            'Accept-Language: de',
          ],
        ],
        ['9110 7.6.3: Via', ['Via: 1.1 a', 'Via: 1.0 b (c)']],
      ])('%s', async (_, lines) => {
        const { upstream, client } = await open(emptyAnswer)
        client.send(request('GET', ...lines))
        await client.answered(1)
        expect(linesOf(upstream.requests()[0]!, namesOf(lines))).toEqual(lines)
      })
    })

    test('9111 2: each call reaches the service, however fresh an answer was', async () => {
      let count = 0
      const { upstream, client } = await open(() => {
        count += 1
        return `${answer('200 OK', date, 'Cache-Control: public, max-age=3600', 'ETag: "a"', 'Content-Length: 1')}${count}`
      })
      client.send(request('GET') + request('GET', 'Cache-Control: only-if-cached') + request('GET'))
      const answers = await client.answered(3)
      expect(answers.map(({ body }) => body)).toEqual(['1', '2', '3'])
      expect(upstream.requests().map(({ headers }) => valuesOf(headers, 'if-none-match'))).toEqual([
        [],
        [],
        [],
      ])
    })

    describe('9110 7.6.1: what is of one connection', () => {
      const hops = [
        'Connection: a, B',
        'connection: c',
        'A: 1',
        'b: 2',
        'C: 3',
        'Keep-Alive: timeout=9',
        'Proxy-Connection: keep-alive',
        'Proxy-Authenticate: Basic',
        'D: 4',
      ]
      const own = ['a', 'b', 'c', 'proxy-connection', 'proxy-authenticate']

      test('of a service’s answer it does not go on, and the rest does', async () => {
        const got = await answered(answer('200 OK', date, ...hops, 'Content-Length: 3') + 'abc')
        expect(linesOf(got, own)).toEqual([])
        expect(linesOf(got, ['d'])).toEqual(['D: 4'])
        expect(valuesOf(got.headers, 'connection').join()).not.toMatch(/\b[abc]\b/i)
        expect(valuesOf(got.headers, 'keep-alive').join()).not.toContain('timeout=9')
        expect(got.body).toBe('abc')
      })

      test('of a client’s request it does not go on, and the rest does', async () => {
        const { upstream, client } = await open(emptyAnswer)
        client.send(request('GET', ...hops, 'Proxy-Authorization: Basic x'))
        await client.answered(1)
        const [got] = upstream.requests()
        expect(linesOf(got!, [...own, 'proxy-authorization'])).toEqual([])
        expect(linesOf(got!, ['d'])).toEqual(['D: 4'])
        expect(valuesOf(got!.headers, 'keep-alive').join()).not.toContain('timeout=9')
      })

      test.each(['Content-Length', 'Transfer-Encoding'])(
        'where it names %s, the body ends where it ends all the same',
        async (name) => {
          const framed = name === 'Content-Length' ? 'Content-Length: 3' : 'Transfer-Encoding: chunked'
          const body = name === 'Content-Length' ? 'abc' : '3\r\nabc\r\n0\r\n\r\n'
          const { client } = await open(answer('200 OK', `Connection: ${name}`, framed) + body, [
            'GET',
            'GET',
          ])
          client.send(request('GET') + request('GET'))
          const answers = await client.answered(2)
          expect(answers.map((one) => one.body)).toEqual(['abc', 'abc'])
        },
      )
    })
  },
)

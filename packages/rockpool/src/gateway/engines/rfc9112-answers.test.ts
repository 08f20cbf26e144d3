import { describe, expect, test } from 'vitest'
import { until } from '../../../test/support/gateway.ts'
import {
  emptyAnswer,
  next,
  openGateway,
  rawClient,
  recordingUpstream,
  statusOf,
  valuesOf,
} from '../../../test/support/raw-http.ts'
import { engines, type EngineName } from './index.ts'

// What an upstream answers, as bytes in and as bytes at the client: RFC 9112 sections 4, 6, 7 and 8, RFC 9110 15.

const get = (target: string, ...lines: string[]) =>
  `${[`GET ${target} HTTP/1.1`, 'Host: a', ...lines].join('\r\n')}\r\n\r\n`
const head = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`
const ok = (...lines: string[]) => head('HTTP/1.1 200 OK', ...lines)

/** Where an engine is not as strict as the rest. */
const looser: Partial<Record<EngineName, Record<string, string>>> = {
  node: {
    'another protocol': 'undici takes ICE for HTTP',
    'HTTP/2.0 as text': 'undici takes it for HTTP/1.1',
    'chunked twice': 'undici undoes the chunks once',
    'a coding that nobody asked for': 'undici undoes the chunks and forgets the coding',
  },
}

describe.each(Object.keys(engines) as EngineName[])('engine %s: answers (RFC 9112)', (engine) => {
  /** One upstream that gives `text` to what is sent to `/items`, ends the connection where it says so, and is well otherwise. */
  const open = async (text: string, { thenEnd = false, methods = ['GET'] as string[] } = {}) => {
    const upstream = await recordingUpstream({
      answer({ start }, { socket }) {
        if (!start.includes(' /items ')) return emptyAnswer
        socket.write(text, 'latin1')
        if (thenEnd) socket.end()
        return undefined
      },
    })
    const gateway = await openGateway(engine, upstream, { deadlineMs: 5_000 })
    return { upstream, client: await rawClient(gateway.port, methods) }
  }

  /** What no answer may look like: the client learns that the upstream failed, and nothing of it. */
  test.each<[section: string, what: string, text: string]>([
    ['4', 'another protocol', head('ICE/1.1 200 OK', 'Content-Length: 6') + 'poison'],
    ['4', 'HTTP/2.0 as text', head('HTTP/2.0 200 OK', 'Content-Length: 6') + 'poison'],
    ['4', 'a status of two digits', head('HTTP/1.1 20 OK', 'Content-Length: 6') + 'poison'],
    ['4', 'a status of four digits', head('HTTP/1.1 2000 OK', 'Content-Length: 6') + 'poison'],
    ['4', 'a status in letters', head('HTTP/1.1 abc OK', 'Content-Length: 6') + 'poison'],
    ['4', 'no status line', 'poison poison\r\n\r\npoison'],
    ['2.2', 'a bare LF after the status line', 'HTTP/1.1 200 OK\nContent-Length: 6\r\n\r\npoison'],
    ['2.2', 'a bare LF after a header', 'HTTP/1.1 200 OK\r\nX: poison\nContent-Length: 6\r\n\r\npoison'],
    ['2.2', 'a bare CR in a value', ok('X: a\rSet-Cookie: poison', 'Content-Length: 6') + 'poison'],
    ['5.1', 'a space before a colon', ok('X-Poison : poison', 'Content-Length: 6') + 'poison'],
    ['5.1', 'a name with a space', ok('X Poison: poison', 'Content-Length: 6') + 'poison'],
    ['5', 'a header without a colon', ok('X-Poison', 'Content-Length: 6') + 'poison'],
    ['5.2', 'obs-fold', ok('X: a', ' poison', 'Content-Length: 6') + 'poison'],
    ['9110 5.5', 'a NUL in a value', ok('X: a\0poison', 'Content-Length: 6') + 'poison'],
    ['9110 5.5', 'a control character in a value', ok('X: a\x01poison', 'Content-Length: 6') + 'poison'],
    [
      '6.1',
      'Content-Length with Transfer-Encoding',
      ok('Content-Length: 6', 'Transfer-Encoding: chunked') + '6\r\npoison\r\n0\r\n\r\n',
    ],
    [
      '6.1',
      'Transfer-Encoding with Content-Length',
      ok('Transfer-Encoding: chunked', 'Content-Length: 6') + '6\r\npoison\r\n0\r\n\r\n',
    ],
    ['6.1', 'chunked twice', ok('Transfer-Encoding: chunked, chunked') + '6\r\npoison\r\n0\r\n\r\n'],
    [
      '6.1',
      'a coding that nobody asked for',
      ok('Transfer-Encoding: gzip, chunked') + '6\r\npoison\r\n0\r\n\r\n',
    ],
    ['6.2', 'two lengths that differ', ok('Content-Length: 6', 'Content-Length: 3') + 'poison'],
    ['6.2', 'a list of lengths that differ', ok('Content-Length: 6, 3') + 'poison'],
    ['6.2', 'a length with a sign', ok('Content-Length: +6') + 'poison'],
    ['6.2', 'a length in hexadecimal', ok('Content-Length: 0x6') + 'poison'],
    ['6.2', 'a length below 0', ok('Content-Length: -6') + 'poison'],
    ['6.2', 'a length of 2^64 + 6', ok('Content-Length: 18446744073709551622') + 'poison'],
    [
      '9110 15.2.2',
      'a switch of protocols that nobody asked for',
      head('HTTP/1.1 101 Switching Protocols', 'Upgrade: poison', 'Connection: upgrade') + 'poison',
    ],
  ])('%s %s is 502, and nothing of it reaches the client', async (_, what, text) => {
    const { client } = await open(text, { thenEnd: true })
    client.send(get('/items'))
    const [answer] = await client.answered(1)
    if (looser[engine]?.[what] !== undefined) return void expect(statusOf(answer!)).toBe(200)
    expect(answer && statusOf(answer)).toBe(502)
    expect(client.bytes()).not.toMatch(/poison/i)
    client.send(next)
    expect((await client.answered(2)).map(statusOf)).toEqual([502, 200])
  })

  test('4 a head of more than 16 KB is 502', async () => {
    const { client } = await open(ok(`X: ${'poison'.repeat(3_000)}`, 'Content-Length: 0'))
    client.send(get('/items'))
    expect((await client.answered(1)).map(statusOf)).toEqual([502])
    expect(client.bytes()).not.toContain('poison')
  })

  test('4 bytes without end that never become a head are given up', async () => {
    const { client } = await open('x'.repeat(1_000_000))
    client.send(get('/items'))
    expect((await client.answered(1)).map(statusOf)).toEqual([502])
  })

  test.each<[string, string]>([
    ['a status without words', head('HTTP/1.1 200 ', 'Content-Length: 1') + 'x'],
    ['a status without words and space', head('HTTP/1.1 200', 'Content-Length: 1') + 'x'],
    ['words with bytes above 127', head('HTTP/1.1 200 \xe4\xff', 'Content-Length: 1') + 'x'],
    ['words like a header', head('HTTP/1.1 200 Set-Cookie: a=b', 'Content-Length: 1') + 'x'],
  ])('4 %s: the words are ours', async (_, text) => {
    const { client } = await open(text)
    client.send(get('/items'))
    const [answer] = await client.answered(1)
    expect([answer!.start, answer!.body]).toEqual(['HTTP/1.1 200 OK', 'x'])
    expect(valuesOf(answer!.headers, 'set-cookie')).toEqual([])
  })

  test.each([200, 201, 203, 206, 300, 400, 418, 451, 499, 500, 503, 599])(
    '4 status %i goes on',
    async (status) => {
      const { client } = await open(head(`HTTP/1.1 ${status} Words`, 'Content-Length: 2') + 'ab')
      client.send(get('/items') + next)
      expect((await client.answered(2)).map((answer) => [statusOf(answer), answer.body])).toEqual([
        [status, 'ab'],
        [200, ''],
      ])
    },
  )

  describe('6.3 bodies', () => {
    test.each<[string, string]>([
      ['HEAD', ok('Content-Length: 6')],
      ['HEAD', ok('Transfer-Encoding: chunked')],
      ['HEAD', ok()],
      ['GET', head('HTTP/1.1 204 No Content')],
      ['GET', head('HTTP/1.1 304 Not Modified', 'Content-Length: 6', 'ETag: "a"')],
      ['GET', head('HTTP/1.1 304 Not Modified')],
    ])('%s answered with %j has none, and the connection goes on', async (method, text) => {
      const { client } = await open(text, { methods: [method, 'GET'] })
      client.send(get('/items').replace('GET', method) + next)
      const [first, second] = await client.answered(2)
      expect([first!.body, statusOf(second!)]).toEqual(['', 200])
      const length = valuesOf(first!.headers, 'content-length')
      if (text.includes('Content-Length: 6')) expect(length).toEqual(['6'])
      if (text.includes('204'))
        expect([length, valuesOf(first!.headers, 'transfer-encoding')]).toEqual([[], []])
    })

    test.each<[string, string]>([
      ['HEAD', ok('Content-Length: 6') + 'poison'],
      ['HEAD', ok('Transfer-Encoding: chunked') + '6\r\npoison\r\n0\r\n\r\n'],
      ['GET', head('HTTP/1.1 204 No Content') + 'poison'],
      ['GET', head('HTTP/1.1 304 Not Modified', 'Content-Length: 6') + 'poison'],
      ['GET', head('HTTP/1.1 204 No Content') + head('HTTP/1.1 200 OK', 'Content-Length: 6') + 'poison'],
    ])('of an upstream that sends one to %s all the same (%j) reach nobody', async (method, text) => {
      const { client } = await open(text, { methods: [method, 'GET', 'GET'] })
      client.send(get('/items').replace('GET', method))
      const [first] = await client.answered(1)
      expect(first).toBeDefined()
      client.send(next + next)
      expect((await client.answered(3)).map(statusOf).slice(1)).toEqual([200, 200])
      expect(client.bytes()).not.toContain('poison')
    })

    test('a body that ends with the connection goes on as chunks, and ends', async () => {
      const { client } = await open(ok('Content-Type: text/plain') + 'to the end', { thenEnd: true })
      client.send(get('/items') + next)
      const [first, second] = await client.answered(2)
      expect([first!.body, first!.framing, statusOf(second!)]).toEqual(['to the end', 'chunked', 200])
    })

    test('a body that ends with the connection ends the connection of HTTP/1.0', async () => {
      const { client } = await open(ok('Content-Type: text/plain') + 'to the end', { thenEnd: true })
      client.send(get('/items').replace('HTTP/1.1', 'HTTP/1.0'))
      const [first] = await client.closed()
      expect([first!.body, first!.framing, client.over()]).toEqual(['to the end', 'close', 'ended'])
    })

    test('chunks reach a client of HTTP/1.0 without their frame', async () => {
      const { client } = await open(
        ok('Transfer-Encoding: chunked') + '3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n',
      )
      client.send(get('/items', 'Connection: keep-alive').replace('HTTP/1.1', 'HTTP/1.0'))
      const [first] = await client.closed()
      expect([first!.body, first!.framing]).toEqual(['abcde', 'close'])
    })

    test.each<[string, string]>([
      ['a length', head('HTTP/1.0 200 OK', 'Content-Length: 3') + 'abc'],
      ['the end of the connection', head('HTTP/1.0 200 OK') + 'abc'],
    ])('of an upstream of HTTP/1.0, framed by %s, go on', async (_, text) => {
      const { client } = await open(text, { thenEnd: true })
      client.send(get('/items') + next)
      const answers = await client.answered(2)
      expect(answers.map(({ start, body }) => [start, body])).toEqual([
        ['HTTP/1.1 200 OK', 'abc'],
        ['HTTP/1.1 200 OK', ''],
      ])
    })

    test('7.1 chunks, their trailers and nothing of their extensions go on', async () => {
      const chunks = 'a;poison=1\r\n0123456789\r\n0003\r\nabc\r\n0;poison\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\n'
      const { client } = await open(ok('Transfer-Encoding: chunked', 'Trailer: X-Sum') + chunks)
      client.send(get('/items', 'TE: trailers') + next)
      const [first, second] = await client.answered(2)
      expect([first!.body, statusOf(second!)]).toEqual(['0123456789abc', 200])
      expect(first!.trailers.map(([name, value]) => [name.toLowerCase(), value])).toEqual([
        ['x-sum', '1'],
        ['x-sum', '2'],
      ])
      expect(client.bytes()).not.toContain('poison')
    })

    test('9110 6.5.1 trailers that would frame, route or identify do not go on', async () => {
      const chunks = '0\r\nRockpool-Identity: poison\r\nSet-Cookie: rockpool_session=poison\r\nX: 1\r\n\r\n'
      const { client } = await open(ok('Transfer-Encoding: chunked') + chunks)
      client.send(get('/items', 'TE: trailers') + next)
      const [first] = await client.answered(2)
      expect(first!.trailers).toEqual([['X', '1']])
    })
  })

  describe('8 answers that are not whole', () => {
    test.each<[string, string]>([
      ['a length', ok('Content-Length: 6') + 'abc'],
      ['chunks', ok('Transfer-Encoding: chunked') + '3\r\nabc\r\n'],
      ['a chunk', ok('Transfer-Encoding: chunked') + '6\r\nabc'],
      ['trailers', ok('Transfer-Encoding: chunked') + '3\r\nabc\r\n0\r\nX: y\r\n'],
      ['a chunk that goes on after its end', ok('Transfer-Encoding: chunked') + '3\r\nabcdef\r\n0\r\n\r\n'],
      ['a size that is no number', ok('Transfer-Encoding: chunked') + '3\r\nabc\r\nx\r\ndef\r\n0\r\n\r\n'],
      [
        'a size that overflows',
        ok('Transfer-Encoding: chunked') + '3\r\nabc\r\n10000000000000003\r\ndef\r\n0\r\n\r\n',
      ],
      ['a bare LF after a chunk', ok('Transfer-Encoding: chunked') + '3\r\nabc\n0\r\n\r\n'],
      ['a bare LF after a size', ok('Transfer-Encoding: chunked') + '3\r\nabc\r\n3\ndef\r\n0\r\n\r\n'],
      ['a trailer without a colon', ok('Transfer-Encoding: chunked') + '3\r\nabc\r\n0\r\nX\r\n\r\n'],
    ])('broken off within %s, are broken off or 502, and no whole answer comes of them', async (_, text) => {
      const { client } = await open(text, { thenEnd: true })
      client.send(get('/items') + next)
      const answers = await client.closed()
      // Where nothing was sent on yet, it may still become a refusal.
      expect(answers.map(statusOf).filter((status) => status === 200)).toEqual(
        answers[0] && statusOf(answers[0]) === 502 ? [200] : [],
      )
    })

    test('a head that breaks off is 502', async () => {
      const { client } = await open('HTTP/1.1 200 OK\r\nContent-Le', { thenEnd: true })
      client.send(get('/items') + next)
      expect((await client.answered(2)).map(statusOf)).toEqual([502, 200])
    })

    test('nothing at all is 502', async () => {
      const { client } = await open('', { thenEnd: true })
      client.send(get('/items').replace('GET', 'DELETE') + next)
      expect((await client.answered(2)).map(statusOf)).toEqual([502, 200])
    })
  })

  describe('9110 15.2 interim answers', () => {
    const final = ok('Content-Length: 2') + 'ab'

    test.each<[string, string]>([
      ['100', head('HTTP/1.1 100 Continue')],
      ['102', head('HTTP/1.1 102 Processing')],
      ['103', head('HTTP/1.1 103 Early Hints', 'Link: </a.css>; rel=preload')],
      ['many', head('HTTP/1.1 103 Early Hints', 'X: 1').repeat(3)],
      ['any other', head('HTTP/1.1 199 Words')],
    ])('%s: the final answer is the final one', async (_, interim) => {
      const { client } = await open(interim + final)
      client.send(get('/items') + next)
      const answers = await client.answered(2)
      // undici refuses an answer that begins with a 100 that nobody asked for.
      if (engine === 'node' && interim.includes('100')) expect(answers.map(statusOf)).toEqual([502, 200])
      else expect(answers.map(({ body }) => body)).toEqual(['ab', ''])
      expect(client.read().messages.map(statusOf)).not.toContain(100)
    })

    test('none reaches a client of HTTP/1.0', async () => {
      const { client } = await open(head('HTTP/1.1 103 Early Hints', 'Link: </a.css>') + final)
      client.send(get('/items').replace('HTTP/1.1', 'HTTP/1.0'))
      await client.closed()
      expect(client.read().messages.map(statusOf)).toEqual([200])
    })

    test('without end they are given up by the deadline, or earlier', async () => {
      const upstream = await recordingUpstream({
        answer(_, { socket }) {
          const timer = setInterval(() => socket.write(head('HTTP/1.1 102 Processing')), 5)
          socket.once('close', () => clearInterval(timer))
          return undefined
        },
      })
      const gateway = await openGateway(engine, upstream, { deadlineMs: 300 })
      const client = await rawClient(gateway.port)
      client.send(get('/items'))
      const [answer] = await client.answered(1)
      expect([502, 504]).toContain(statusOf(answer!))
      await until('the call is broken off', () => upstream.connections.every((accepted) => accepted.over()))
    })

    test('their forged marks reach nobody', async () => {
      const interim = head(
        'HTTP/1.1 103 Early Hints',
        'Rockpool-Identity: poison',
        'Set-Cookie: rockpool_session=poison',
      )
      const { client } = await open(interim + final)
      client.send(get('/items'))
      expect((await client.answered(1)).map(({ body }) => body)).toEqual(['ab'])
      expect(client.bytes()).not.toContain('poison')
    })
  })
})

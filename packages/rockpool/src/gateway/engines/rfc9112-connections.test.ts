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
  type Message,
} from '../../../test/support/raw-http.ts'
import { engines, type EngineName } from './index.ts'

// What belongs to one connection: RFC 9112 section 9, RFC 9110 sections 7.6.1, 7.8, 10.1.1 and 15.2.

const get = (target: string, ...lines: string[]) =>
  `${[`GET ${target} HTTP/1.1`, 'Host: a', ...lines].join('\r\n')}\r\n\r\n`
const answer = (body: string, ...lines: string[]) =>
  `${['HTTP/1.1 200 OK', `Content-Length: ${body.length}`, ...lines].join('\r\n')}\r\n\r\n${body}`
const targetOf = ({ start }: Message) => start.split(' ')[1]!

describe.each(Object.keys(engines) as EngineName[])('engine %s: connections (RFC 9112)', (engine) => {
  const open = async (...parts: Parameters<typeof recordingUpstream>) => {
    const upstream = await recordingUpstream(...parts)
    const gateway = await openGateway(engine, upstream)
    return { upstream, gateway, client: await rawClient(gateway.port) }
  }

  /** node:http refuses what is not answered yet when it meets broken bytes behind it, and closes. */
  const refusesAll = engine === 'node'

  describe('9.3 persistence', () => {
    test('a connection of HTTP/1.1 goes on after an answer', async () => {
      const { client } = await open()
      for (const count of [1, 2, 3]) {
        client.send(next)
        expect((await client.answered(count)).map(statusOf)).toEqual(Array.from({ length: count }, () => 200))
      }
      expect(client.over()).toBeUndefined()
    })

    test.each(['close', 'Close', 'x, close', 'close, keep-alive', 'keep-alive, CLOSE', ' close\t'])(
      'after “Connection: %s” the answer says so, the connection ends, and nothing behind is served',
      async (value) => {
        const { client, upstream } = await open()
        client.send(get('/items', `Connection: ${value}`) + next)
        const answers = await client.closed()
        expect(answers.map((message) => valuesOf(message.headers, 'connection'))).toEqual([['close']])
        expect(upstream.requests().map(targetOf)).toEqual(['/items'])
      },
    )

    test('HTTP/1.0 without keep-alive is answered and closed', async () => {
      const { client, upstream } = await open()
      client.send('GET /items HTTP/1.0\r\nHost: a\r\n\r\n' + next)
      expect((await client.closed()).map(statusOf)).toEqual([refusesAll ? 400 : 200])
      expect(upstream.requests().map(targetOf)).toEqual(['/items'])
    })

    test('a client that ends its side after its request still gets the answer', async () => {
      const { client } = await open({ answer: () => answer('late') })
      client.send(get('/items', 'Connection: close'))
      expect((await client.closed()).map(({ body }) => body)).toEqual(['late'])
    })
  })

  describe('9.3.2 pipelining', () => {
    test('requests sent at once are answered in their order, however long each takes', async () => {
      const held: (() => void)[] = []
      const { client, upstream } = await open({
        answer(request, { socket }) {
          const send = () => void socket.write(answer(targetOf(request)))
          if (targetOf(request) !== '/1') return answer(targetOf(request))
          held.push(send)
          return undefined
        },
      })
      client.send(
        get('/1') + get('/2') + 'POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc' + get('/4'),
      )
      await until('the first one arrived', () => held.length === 1)
      expect(client.answers()).toEqual([])
      held[0]!()
      expect((await client.answered(4)).map(({ body }) => body)).toEqual(['/1', '/2', '/3', '/4'])
      expect(
        upstream
          .requests()
          .map(({ body }) => body)
          .join(''),
      ).toBe('abc')
    })

    test('a hundred of them, with bodies of both kinds and refusals between them', async () => {
      const { client, upstream } = await open({
        answer: (request) => answer(targetOf(request) + request.body),
      })
      const kinds = [
        (n: number) => [get(`/${n}`), 200, `/${n}`],
        (n: number) => [`POST /${n} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab`, 200, `/${n}ab`],
        (n: number) => [
          `POST /${n} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\ncd\r\n0\r\n\r\n`,
          200,
          `/${n}cd`,
        ],
        (n: number) => [
          `POST /${n}/2/3/4/5/6 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nGET `,
          404,
          undefined,
        ],
      ] as const
      const sent = Array.from({ length: 100 }, (_, n) => kinds[n % kinds.length]!(n))
      client.send(sent.map(([text]) => text).join(''))
      const answers = await client.answered(100)
      expect(answers.map(statusOf)).toEqual(sent.map(([, status]) => status))
      expect(answers.map((message) => (statusOf(message) === 200 ? message.body : undefined))).toEqual(
        sent.map(([, , body]) => body),
      )
      expect(upstream.requests()).toHaveLength(75)
    })

    test('what comes behind a broken request is not served, what came before it is', async () => {
      const { client, upstream } = await open()
      client.send(get('/1') + 'GET /2 HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n' + get('/3'))
      expect((await client.closed()).map(statusOf)).toEqual(refusesAll ? [400] : [200, 400])
      expect(upstream.requests().map(targetOf)).toEqual(['/1'])
    })
  })

  describe('9110 7.6.1 headers about one connection stay on it', () => {
    const dropped = [
      'Connection: X-Secret, keep-alive, x-other',
      'X-Secret: 1',
      'x-OTHER: 2',
      'Keep-Alive: timeout=5',
      'Proxy-Connection: keep-alive',
      'Proxy-Authorization: Basic abcd',
      'TE: trailers, deflate;q=0.5',
      'Trailer: X-Sum',
      'Upgrade: h2c',
    ]

    test('those of a request', async () => {
      const { client, upstream } = await open()
      client.send(get('/items', ...dropped, 'X-Kept: 3'))
      expect((await client.answered(1)).map(statusOf)).toEqual([200])
      const [request] = upstream.requests()
      const names = request!.headers.map(([name]) => name.toLowerCase())
      expect(names).toContain('x-kept')
      for (const name of [
        'x-secret',
        'x-other',
        'keep-alive',
        'proxy-connection',
        'proxy-authorization',
        'te',
        'trailer',
        'upgrade',
      ])
        expect(names, name).not.toContain(name)
      expect(valuesOf(request!.headers, 'connection').join()).not.toMatch(/secret|other|close/i)
    })

    test('those of an answer', async () => {
      const { client } = await open({
        answer: () => answer('x', ...dropped, 'Proxy-Authenticate: Basic', 'X-Kept: 3'),
      })
      client.send(next)
      const [received] = await client.answered(1)
      const names = received!.headers.map(([name]) => name.toLowerCase())
      expect([statusOf(received!), received!.body, names.includes('x-kept')]).toEqual([200, 'x', true])
      for (const name of [
        'x-secret',
        'x-other',
        'proxy-connection',
        'proxy-authenticate',
        'te',
        'trailer',
        'upgrade',
      ])
        expect(names, name).not.toContain(name)
      expect(valuesOf(received!.headers, 'connection').join()).not.toMatch(/secret|other/i)
    })

    test.each(['Content-Length', 'content-length, close', 'Host', 'Content-Length, Transfer-Encoding, Host'])(
      '“Connection: %s” takes nothing away from what frames and routes a request',
      async (value) => {
        const { client, upstream } = await open()
        client.send(
          `POST /items HTTP/1.1\r\nHost: a\r\nConnection: ${value}\r\nContent-Length: 5\r\n\r\nabcde`,
        )
        expect((await client.answered(1)).map(statusOf)).toEqual([200])
        expect(upstream.requests().map(({ body }) => body)).toEqual(['abcde'])
      },
    )

    test('an answer whose Connection names Content-Length keeps its frame', async () => {
      const { client } = await open({ answer: () => answer('abcde', 'Connection: Content-Length') })
      client.send(next + next)
      expect((await client.answered(2)).map(({ body }) => body)).toEqual(['abcde', 'abcde'])
    })
  })

  describe('9110 10.1.1 Expect: 100-continue', () => {
    const expecting = 'POST /items HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n'

    test('is answered with 100 before the body, once, and the request is whole at the service', async () => {
      const { client, upstream } = await open()
      client.send(expecting)
      await until('asked for the body', () => client.bytes().startsWith('HTTP/1.1 100 '))
      client.send('abcde')
      expect((await client.answered(1)).map(statusOf)).toEqual([200])
      expect(client.read().messages.map(statusOf)).toEqual([100, 200])
      expect(upstream.requests().map(({ body }) => body)).toEqual(['abcde'])
    })

    test('is refused without 100, and the body that may come all the same is no request', async () => {
      const { client, upstream } = await open()
      client.send(expecting.replace('/items', '/1/2/3/4/5/6'))
      const [refusal] = await client.answered(1)
      expect([statusOf(refusal!), client.read().messages.length]).toEqual([404, 1])
      client.send('GET / ')
      client.send(next)
      await until('closed, or read on', () => client.over() !== undefined || client.answers().length === 2)
      expect(
        upstream
          .requests()
          .map(targetOf)
          .filter((target) => target !== '/next'),
      ).toEqual([])
    })

    test('of HTTP/1.0 is passed over (10.1.1: no 100 to such a client)', async () => {
      const { client } = await open()
      client.send(`${expecting.replace('HTTP/1.1', 'HTTP/1.0')}abcde`)
      await client.closed()
      expect(client.read().messages.map(statusOf)).toEqual([200])
    })

    test('with the body right behind it the request is whole', async () => {
      const { client, upstream } = await open()
      client.send(`${expecting}abcde${next}`)
      expect((await client.answered(2)).map(statusOf)).toEqual([200, 200])
      expect(upstream.requests().map(({ body }) => body)).toEqual(['abcde', ''])
    })
  })

  describe('9.4 and 9.5 connections to the upstream', () => {
    test('bytes that nobody asked for on a kept connection reach nobody, and it is not used again', async () => {
      const { client, upstream } = await open({ answer: () => answer('mine') })
      client.send(next)
      await client.answered(1)
      const [first] = upstream.connections
      first!.socket.write(answer('poison'))
      await until('the connection is given up', () => first!.over())
      client.send(next + next)
      expect((await client.answered(3)).map(({ body }) => body)).toEqual(['mine', 'mine', 'mine'])
      expect(client.bytes()).not.toContain('poison')
    })

    test('a second answer right behind the first reaches nobody, and its connection is not used again', async () => {
      const { client, upstream } = await open({ answer: () => answer('mine') + answer('poison') })
      client.send(next)
      await client.answered(1)
      client.send(next + next)
      expect(await client.answered(3)).toHaveLength(3)
      expect(client.bytes()).not.toContain('poison')
      expect(upstream.connections).toHaveLength(3)
    })

    test('an answer that comes before the request’s body has, and the next request, do not mix', async () => {
      const { client, upstream } = await open({
        onBytes({ socket, bytes }) {
          if (bytes().includes('/early')) socket.write(answer('early', 'Connection: close'))
        },
        answer: () => answer('after'),
      })
      client.send('POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc')
      expect((await client.answered(1)).map(({ body }) => body)).toEqual(['early'])
      client.send(`${'x'.repeat(99_997)}${next}`)
      await until('closed, or read on', () => client.over() !== undefined || client.answers().length === 2)
      expect(
        client
          .answers()
          .map(({ body }) => body)
          .slice(1)
          .filter((body) => body !== 'after'),
      ).toEqual([])
      const reached = upstream.connections.filter((accepted) => accepted.bytes().includes('/early'))
      expect(reached.every((accepted) => !accepted.bytes().includes('/next'))).toBe(true)
    })

    test('a connection with “Connection: close” is not used again', async () => {
      const { client, upstream } = await open({ answer: () => answer('x', 'Connection: close') })
      client.send(next + next)
      expect((await client.answered(2)).map(statusOf)).toEqual([200, 200])
      expect(upstream.connections).toHaveLength(2)
    })

    test('requests of one client may share a connection to the upstream, one after the other', async () => {
      const { client, upstream } = await open()
      client.send(next + next + next)
      await client.answered(3)
      for (const accepted of upstream.connections)
        expect(accepted.bytes().split('GET /next').length - 1).toBeGreaterThan(0)
      expect(upstream.requests()).toHaveLength(3)
    })
  })

  describe('11.2 request smuggling', () => {
    const hidden = 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n'
    const size = (hidden.length + 5).toString()
    const body = `0\r\n\r\n${hidden}`
    const headed = (...lines: string[]) =>
      `${['POST /items HTTP/1.1', 'Host: a', ...lines].join('\r\n')}\r\n\r\n`
    const codings = [
      'Transfer-Encoding: xchunked',
      'Transfer-Encoding : chunked',
      'Transfer-Encoding:\tchunked',
      'Transfer-Encoding: chunked\r\nTransfer-Encoding: x',
      'Transfer-Encoding: x\r\nTransfer-Encoding: chunked',
      ' Transfer-Encoding: chunked',
      'X: X\nTransfer-Encoding: chunked',
      'X: X\rTransfer-Encoding: chunked',
      'Transfer-Encoding\r\n : chunked',
      'Transfer-Encoding: chu\r\n nked',
      'Transfer-Encoding\0: chunked',
      'Transfer-Encoding: \0chunked',
      'Transfer_Encoding: chunked',
      'Transfer-Encoding: chunked\0',
      'Transfer-Encoding: "chunked"',
      'Transfer-Encoding: CHUNKED',
      'Transfer-Encoding: identity, chunked',
      'Transfer\xadEncoding: chunked',
      '\xefTransfer-Encoding: chunked',
      'Transfer-Encoding: chun\xacked',
    ]

    test.each<[string, string]>([
      ['CL.TE', `${headed(`Content-Length: ${size}`, 'Transfer-Encoding: chunked')}${body}`],
      ['TE.CL', `${headed('Transfer-Encoding: chunked', 'Content-Length: 4')}5c\r\n${hidden}\r\n0\r\n\r\n`],
      ['CL.CL', `${headed('Content-Length: 0', `Content-Length: ${hidden.length}`)}${hidden}`],
      ['CL.0 behind a fold', `${headed('X: a', ` Content-Length: ${hidden.length}`)}${hidden}`],
      [
        'TE.0',
        `${headed('Transfer-Encoding: chunked').replace('POST', 'OPTIONS')}${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
      ],
      ['a size that overflows', `${headed('Transfer-Encoding: chunked')}10000000000000000\r\n\r\n${hidden}`],
      [
        'an extension that hides a line',
        `${headed('Transfer-Encoding: chunked')}3;x\nab\r\nabc\r\n0\r\n\r\n${hidden}`,
      ],
      [
        'a trailer that hides a request',
        `${headed('Transfer-Encoding: chunked')}0\r\nX: y\n\n${hidden}\r\n\r\n`,
      ],
      ['a target that holds a request', `GET /items HTTP/1.1\n${hidden}\r\nHost: a\r\n\r\n`],
      ['a value that holds a request', headed(`X: a\r\r\n\r\n${hidden}`)],
      ...codings.map((coding): [string, string] => [
        `TE.TE ${JSON.stringify(coding)}`,
        `${headed(coding, `Content-Length: ${size}`)}${body}`,
      ]),
    ])('%s: no hidden request reaches anybody', async (_, text) => {
      const { client, upstream } = await open()
      client.send(text)
      await client.answered(1)
      client.send(next)
      await until('closed, or served', () => client.over() !== undefined || client.answers().length >= 2)
      expect(upstream.requests().map(targetOf)).not.toContain('/hidden')
      expect(client.answers().length).toBeLessThanOrEqual(2)
      for (const request of upstream.requests())
        if (targetOf(request) === '/items') expect(['', body, hidden]).toContain(request.body)
    })
  })

  test('9110 15.2 the first answer of an upstream is kept apart from the second', async () => {
    const { client } = await open({
      answer: (request) => (targetOf(request) === '/a' ? answer('A') : emptyAnswer),
    })
    client.send(get('/a') + get('/b') + get('/a'))
    expect((await client.answered(3)).map(({ body }) => body)).toEqual(['A', '', 'A'])
  })
})

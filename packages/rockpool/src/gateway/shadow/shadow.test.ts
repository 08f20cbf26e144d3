import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../../../test/support/eventually.ts'
import { rawUpstream, talk } from '../../../test/support/wire.ts'
import type { Bytes, Client, RawUpstream, Upstream } from '../../../test/support/wire.ts'
import { tie } from './connection.ts'
import type { Observer } from './connection.ts'
import { createHostLine } from './host.ts'
import { startShadow } from './shadow.ts'
import type { Shadow, ShadowOptions } from './shadow.ts'

const running: { stop(): Promise<void> | void }[] = []
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop()
})

async function start(
  upstream: Upstream,
  options: Partial<ShadowOptions> = {},
): Promise<{ there: RawUpstream; shadow: Shadow; port: number }> {
  const there = await rawUpstream(upstream)
  const shadow = await startShadow({
    upstream: new URL(`http://127.0.0.1:${there.port}`),
    port: 0,
    onTrouble: () => {},
    ...options,
  })
  running.push({ stop: () => there.close() }, { stop: () => shadow.stop(0) })
  return { there, shadow, port: Number(new URL(shadow.url).port) }
}

interface Shape {
  name: string
  /** As many exchanges are learned from it, where that is worth a word. */
  learned?: number
  upstream: Upstream
  /** `host`: what a client at that port writes. */
  client: (host: string) => Client
}

/** Answers each time that so many of `until` have come, in order; `then` happens to the connection after the last. */
function answering(
  until: string,
  answers: Bytes[],
  finish: (socket: Parameters<Upstream>[0]) => void = () => {},
): Upstream {
  const given = new WeakMap<object, number>()
  return (socket, received) => {
    let done = given.get(socket) ?? 0
    while (done < answers.length && received.toString('latin1').split(until).length - 1 > done) {
      socket.write(answers[done]!)
      done += 1
      given.set(socket, done)
      if (done === answers.length) finish(socket)
    }
  }
}

const sending =
  (parts: (host: string) => Bytes[], wait: string, times = 1): Shape['client'] =>
  (host) =>
  async (socket, came) => {
    for (const part of parts(host)) socket.write(part)
    await came(wait, times)
    socket.end()
  }

const every = Buffer.from(Array.from({ length: 1_024 }, (_, index) => index % 256))
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

const shapes: Shape[] = [
  {
    name: 'order, case, doubles and odd spaces of headers',
    upstream: answering('\r\n\r\n', [
      'HTTP/1.1 200 Fine by me\r\nx-B: 2\r\nX-a:1\r\nx-b:  3  \r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nSERVER:\r\nContent-Length: 0\r\nKeep-Alive: timeout=5\r\nConnection: keep-alive\r\n\r\n',
    ]),
    client: sending(
      (host) => [
        `GET /a%2Fb/../c?x=1&x=2&=%zz HTTP/1.1\r\nX-b: 2\r\nhost:   ${host}\t\r\nAccept:*/*\r\nx-B: 3\r\nCookie: a=1; b=2\r\nAuthorization: Bearer secret\r\nRockpool-Identity: mine\r\nbaggage: rockpool.run=x\r\nEmpty:\r\n\r\n`,
      ],
      'keep-alive\r\n\r\n',
    ),
  },
  {
    name: 'HEAD, 204 and 304, and a request behind them, in one packet',
    learned: 4,
    upstream: answering('\r\n\r\n', [
      'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n',
      'HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n',
      'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nTransfer-Encoding: chunked\r\n\r\n',
      ok,
    ]),
    client: sending(
      (host) => [
        ['HEAD /h', 'DELETE /d', 'GET /n', 'GET /o']
          .map((line) => `${line} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
          .join(''),
      ],
      'ok',
    ),
  },
  {
    name: 'chunks with extensions and trailers, both ways, and a request behind them',
    learned: 2,
    upstream: answering('HTTP/1.1\r\n', [
      '',
      Buffer.from(
        `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5;a=b\r\nhel\r\n\r\n400\r\n${every.toString('latin1')}\r\n0;last\r\nX-Sum: 7\r\nhost: 127.0.0.1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`,
        'latin1',
      ),
    ]),
    client: sending(
      (host) => [
        `POST /c HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x="host: 127.0.0.1"\r\n0123456789\r\n0\r\nHost: 127.0.0.1:1\r\n\r\n`,
        `GET /next HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
      ],
      'ok',
    ),
  },
  {
    name: '100-continue, early hints, and a body that looks like a head',
    learned: 1,
    upstream: (socket, received) => {
      const text = received.toString('latin1')
      if (text.endsWith('\r\n\r\n') && !text.includes('Host: 127.0.0.1:1\r\n'))
        socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      else if (text.endsWith('Host: 127.0.0.1:1\r\n'))
        socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok}`)
    },
    client: (host) => async (socket, came) => {
      const body = 'GET / HTTP/1.1\r\nHost: 127.0.0.1:1\r\n'
      socket.write(
        `PUT /e HTTP/1.1\r\nHost: ${host}\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`,
      )
      await came('100 Continue')
      socket.write(body)
      await came('ok')
      socket.end()
    },
  },
  {
    name: 'a compressed body of every byte there is, until the end of the connection',
    upstream: answering(
      '\r\n\r\n',
      [Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n'), every, every])],
      (socket) => socket.end(),
    ),
    client: sending((host) => [`GET /g HTTP/1.0\r\nhOsT: ${host}\r\n\r\n`], 'gzip'),
  },
  {
    name: 'a request byte by byte',
    learned: 1,
    upstream: answering('\r\n\r\nxyz', [ok]),
    client: sending((host) => [...`POST /b HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3\r\n\r\nxyz`], 'ok'),
  },
  {
    name: 'an upgrade, and after it bytes that look like requests',
    learned: 1,
    upstream: (socket, received, part) => {
      const text = received.toString('latin1')
      if (text.endsWith('Upgrade: websocket\r\n\r\n'))
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nHTTP/1.1',
        )
      else socket.write(part)
    },
    client: (host) => async (socket, came) => {
      socket.write(`GET /ws HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
      await came('\r\n\r\nHTTP/1.1')
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nno line end')
      await came('no line end')
      socket.write(every)
      await came(every.toString('latin1'))
      socket.end()
    },
  },
  {
    name: 'an upgrade that is not granted, and a request behind it',
    learned: 2,
    upstream: answering('\r\n\r\n', [ok, 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext']),
    client: (host) => async (socket, came) => {
      socket.write(`GET /1 HTTP/1.1\r\nUpgrade: h2c\r\nHost: ${host}\r\n\r\n`)
      await came('ok')
      socket.write(`GET /2 HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      await came('next')
      socket.end()
    },
  },
  {
    name: 'an event stream, event by event',
    upstream: (socket, _received, part) => {
      if (part.toString('latin1').endsWith('\r\n\r\n'))
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n')
      else socket.write(`data: ${part.toString('latin1')}\n\n`)
    },
    client: (host) => async (socket, came) => {
      socket.write(`GET /s HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n`)
      await came('data: 1\n\n')
      socket.write('1\r\nx\r\n')
      await came('x\r\n\n\n')
      socket.destroy()
    },
  },
  {
    name: 'a name in Host that the client chose, two Hosts, and none',
    upstream: answering('\r\n\r\n', [ok, 'HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nbad', ok]),
    client: sending(
      (host) => [
        'GET /1 HTTP/1.1\r\nHost: acme.example.test:8080\r\n\r\n',
        `GET /2 HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\n\r\n`,
        'GET /3 HTTP/1.1\r\nX-Host: 127.0.0.1\r\n\r\n',
      ],
      'ok',
      2,
    ),
  },
  {
    name: 'what is no HTTP/1, at once and without the end of a line',
    upstream: (socket, received) => {
      if (received.length === 300) socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 70]))
    },
    client: () => async (socket, came) => {
      socket.write(Buffer.concat([Buffer.from([22, 3, 1]), Buffer.alloc(297, 1)]))
      await came(String.fromCharCode(21, 3, 3))
    },
  },
  {
    name: 'a request without sense, a head without end, and lengths that contradict',
    upstream: answering('\n', ['HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nwhat?'], (socket) =>
      socket.end(),
    ),
    client: sending(
      (host) => [
        `HELO\nGET / HTTP/1.1\r\nHost: ${host.replace(/:.*/, '')}-1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nabc`,
        'x'.repeat(200_000),
      ],
      'what?',
    ),
  },
  {
    name: 'a header of 100 KB',
    upstream: answering(
      '\r\n\r\n',
      [`HTTP/1.1 431 Too Large\r\nX-Big: ${'y'.repeat(100_000)}\r\n\r\n`],
      (s) => s.end(),
    ),
    client: sending(
      (host) => [`GET / HTTP/1.1\r\nX-Big: ${'x'.repeat(100_000)}\r\nHost: ${host}\r\n\r\n`],
      'yyy',
    ),
  },
  {
    name: 'an answer that makes no sense',
    upstream: answering('\r\n\r\n', ['ICY 200 OK\nhello\r\n\r\n'], (socket) => socket.end()),
    client: sending((host) => [`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`], 'hello'),
  },
  {
    name: 'an upstream that ends without an answer',
    upstream: (socket) => void socket.end(),
    client: (host) => async (socket) => void socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
  },
  {
    name: 'an upstream that breaks off in the middle of its answer',
    upstream: answering('\r\n\r\n', ['HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'], (socket) =>
      setImmediate(() => socket.resetAndDestroy()),
    ),
    client: (host) => async (socket, came) => {
      socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      await came('half')
    },
  },
  {
    name: 'a client that breaks off in the middle of its request',
    upstream: answering('half', [ok]),
    client: (host) => async (socket, came) => {
      socket.write(`POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 100\r\n\r\nhalf`)
      await came('ok')
      socket.resetAndDestroy()
    },
  },
]

describe('through the shadow every byte is as it is past it', () => {
  test.each(shapes)('$name', async ({ upstream, client, learned }) => {
    const { there, port, shadow } = await start(upstream)
    const past = await talk(there.port, client(`127.0.0.1:${there.port}`))
    const through = await talk(port, client(`127.0.0.1:${port}`))
    expect(through.bytes.toString('latin1')).toBe(past.bytes.toString('latin1'))
    expect(through.end).toBe(past.end)
    expect(there.connections).toHaveLength(2)
    const [pastThere, throughThere] = await Promise.all(there.connections)
    expect(throughThere!.bytes.toString('latin1')).toBe(pastThere!.bytes.toString('latin1'))
    expect(throughThere!.end).toBe(pastThere!.end)
    if (learned !== undefined)
      await eventually(
        `${learned} are learned from`,
        async () => shadow.learned().requests === learned,
        2_000,
      )
  })

  test('of an upstream that is not there the client learns that its connection broke, and the terminal why', async () => {
    const troubles: string[] = []
    const { there, port } = await start(() => {}, { onTrouble: (message) => troubles.push(message) })
    there.close()
    const seen = await talk(port, async (socket) => void socket.write('GET / HTTP/1.1\r\n\r\n'))
    expect(seen).toEqual({ bytes: Buffer.alloc(0), end: 'reset' })
    expect(troubles.join()).toMatch(/cannot be reached: .*ECONNREFUSED/)
  })
})

describe('learning never touches traffic', () => {
  const client =
    (port: number): Client =>
    async (socket, came) => {
      for (let number = 1; number <= 3; number++) {
        socket.write(`GET /${number} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
        await came('ok', number)
      }
      socket.end()
    }

  test.each([
    [
      'throws',
      () => {
        throw new Error('broken on purpose')
      },
    ],
    [
      'changes what it is shown',
      (sighting: { segments: string[] }) => {
        sighting.segments.length = 0
      },
    ],
  ])('when it %s', async (_what, see) => {
    const troubles: string[] = []
    const learner = {
      see: see as () => void,
      learned: () => {
        throw new Error('nor does it tell')
      },
    }
    const { there, port } = await start(answering('\r\n\r\n', [ok, ok, ok]), {
      learner,
      onTrouble: (message) => troubles.push(message),
    })
    const past = await talk(there.port, client(there.port))
    const through = await talk(port, client(port))
    expect(through).toEqual(past)
    expect(past.bytes.toString()).toBe(ok.repeat(3))
  })

  test('when even looking at a request or an answer throws', async () => {
    const there = await rawUpstream(answering('\r\n\r\n', [ok, ok, ok]))
    let failures = 0
    let answers = 0
    const observer: Observer = {
      request() {
        if (failures === 0) throw new Error('broken on purpose')
        return () => {
          answers += 1
          throw new Error('broken once more')
        }
      },
      failed: () => void (failures += 1),
    }
    const hostLine = createHostLine(new URL(`http://127.0.0.1:${there.port}`))
    const between = createServer({ allowHalfOpen: true }, (here) => {
      tie({
        client: here,
        upstream: connect({ port: there.port, allowHalfOpen: true }),
        hostLine,
        observer,
      })
    }).listen(0, '127.0.0.1')
    running.push({ stop: () => there.close() }, { stop: () => void between.close() })
    await once(between, 'listening')
    const { port } = between.address() as AddressInfo
    const past = await talk(there.port, client(there.port))
    expect(await talk(port, client(port))).toEqual(past)
    const [pastThere, throughThere] = await Promise.all(there.connections)
    expect(throughThere!.bytes.toString()).toBe(pastThere!.bytes.toString())
    expect({ failures, answers }).toEqual({ failures: 3, answers: 2 })
  })

  test('what is learned stays true while an upstream answers in ways that make no sense', async () => {
    const { shadow, port } = await start(answering('\r\n\r\n', ['nonsense\r\n\r\n', ok]))
    await talk(port, async (socket, came) => {
      socket.write(`GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)
      await came('nonsense')
      socket.end()
    })
    expect(shadow.learned().requests).toBe(0)
  })
})

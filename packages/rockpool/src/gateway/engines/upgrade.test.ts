import { createHash, randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'undici'
import { describe, expect, onTestFinished, test } from 'vitest'
import { engineTo, type EngineParts } from '../../../test/support/engine.ts'
import { until } from '../../../test/support/gateway.ts'
import { emptyAnswer, next, rawClient, statusOf, valuesOf } from '../../../test/support/raw-http.ts'
import {
  echoMessages,
  enterTunnel,
  switchAnswer,
  switchingService,
  type SwitchScript,
} from '../../../test/support/websocket.ts'
import { fieldsOf } from '../header-fields.ts'
import type { Exchange } from './engine.ts'
import { engines, type EngineName } from './index.ts'

// Connections that leave HTTP: RFC 9110 7.8 and 15.2.2, RFC 6455 4. Whether they may is not an engine's to say.

const upgrade = 'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

const hopByHop = /^(connection|keep-alive|upgrade)$/i

function without(headers: readonly string[], names: RegExp): string[] {
  const left: string[] = []
  for (let index = 0; index < headers.length; index += 2)
    if (!names.test(headers[index]!)) left.push(headers[index]!, headers[index + 1]!)
  return left
}

/** What the duties say where an upgrade may go on. */
function upgraded(exchange: Exchange, asked: string, more: Partial<Exchange>): Exchange {
  if (!('forward' in exchange.plan)) return exchange
  const { forward } = exchange.plan
  const headers = fieldsOf(without(forward.headers.list, hopByHop))
  const plan = { forward: { ...forward, headers, upgrade: asked } }
  return { ...exchange, plan, switched: (headers) => without(headers, hopByHop), ...more }
}

const sumOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const megabyte = 1024 * 1024

/** Reads so many bytes in fits and starts; gives their sum. */
async function readSlowly(socket: Socket, size: number): Promise<string> {
  const hash = createHash('sha256')
  let count = 0
  let reads = 0
  for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
    hash.update(bytes as Buffer)
    count += (bytes as Buffer).length
    if (count >= size) break
    if (++reads % 10 === 0) await pause(2)
  }
  return hash.digest('hex')
}

/** Sends for as long as it is taken, but no more than `most`; gives how much that was. */
async function fill(socket: Socket, most: number): Promise<number> {
  const block = randomBytes(64 * 1024)
  let sent = 0
  let turnsHeld = 0
  while (sent < most && turnsHeld < 10) {
    if (socket.writableNeedDrain) {
      turnsHeld += 1
      await pause(10)
    } else {
      turnsHeld = 0
      socket.write(block)
      sent += block.length
    }
  }
  return sent
}

describe.each(Object.keys(engines) as EngineName[])('engine %s: upgrades', (engine) => {
  const open = async (
    script: SwitchScript = {},
    { more = {}, ...parts }: Partial<EngineParts> & { more?: Partial<Exchange> | undefined } = {},
  ) => {
    const service = await switchingService(script)
    const gateway = await engineTo(engines[engine], {
      url: service.url,
      open: (exchange, { headers }) => {
        const at = headers.findIndex((name, index) => index % 2 === 0 && /^upgrade$/i.test(name))
        return at < 0 ? exchange : upgraded(exchange, headers[at + 1]!, more)
      },
      ...parts,
    })
    return { service, gateway }
  }

  /** A tunnel of plain bytes: its client, and the service's end of it. */
  const tunnel = async (serve: (socket: Socket) => void = () => {}, more?: Partial<Exchange>) => {
    let far: Socket | undefined
    const opened = await open(
      {
        serve(socket) {
          far = socket
          serve(socket)
        },
      },
      { more },
    )
    const client = await rawClient(opened.gateway.port)
    client.send(upgrade)
    await until('switched', () => far !== undefined && client.bytes().includes('\r\n\r\n'))
    return { ...opened, client, far: far!, content: () => client.bytes().replace(/^.*?\r\n\r\n/s, '') }
  }

  describe('RFC 6455', () => {
    const connect = async (port: number, ...protocols: string[]) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/chat`, protocols)
      socket.binaryType = 'arraybuffer'
      const messages: unknown[] = []
      let over: { code: number; reason: string } | undefined
      let failed = false
      let opened = false
      socket.addEventListener('open', () => (opened = true))
      socket.addEventListener('message', ({ data }) => void messages.push(data))
      socket.addEventListener('close', ({ code, reason }) => (over = { code, reason }))
      socket.addEventListener('error', () => (failed = true))
      onTestFinished(() => socket.close())
      await until('open, or refused', () => opened || failed)
      return { socket, messages, over: () => over, opened }
    }

    test('4.1, 4.2.2 the handshake passes, messages go both ways, and the closing handshake (7.1)', async () => {
      const { service, gateway } = await open({ serve: echoMessages })
      const { socket, messages, over, opened } = await connect(gateway.port)
      expect(opened).toBe(true)
      socket.send('Zwölf Boxkämpfer')
      socket.send(new Uint8Array([0, 255, 128]))
      await until('both came back', () => messages.length === 2)
      expect(messages[0]).toBe('Zwölf Boxkämpfer')
      expect([...new Uint8Array(messages[1] as ArrayBuffer)]).toEqual([0, 255, 128])
      socket.close(1000, 'done')
      await until('closed', () => over() !== undefined)
      expect(over()).toEqual({ code: 1000, reason: 'done' })
      await until('told', () => gateway.ended().length === 1)
      expect(gateway.ended()).toEqual([
        { bytesIn: expect.any(Number), bytesOut: expect.any(Number), aborted: null },
      ])
      expect(gateway.ended()[0]!.bytesOut).toBeGreaterThan(20)
      expect(service.heads[0]).toMatch(/^GET \/chat HTTP\/1\.1\r\n/)
    })

    test('5.4 a message of 5 MB comes back whole', async () => {
      const { gateway } = await open({ serve: echoMessages })
      const { socket, messages } = await connect(gateway.port)
      const sent = randomBytes(5 * megabyte)
      socket.send(sent)
      await until('it came back', () => messages.length === 1)
      expect(sumOf(Buffer.from(messages[0] as ArrayBuffer))).toBe(sumOf(sent))
    })

    test.each([403, 404, 503])('4.2.2 a service that refuses with %i is heard', async (status) => {
      const { gateway } = await open({
        answer: () => `HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\nno`,
      })
      const { opened } = await connect(gateway.port)
      expect(opened).toBe(false)
      await until('told', () => gateway.ended().length === 1)
      expect(gateway.ended()).toMatchObject([{ bytesOut: 2 }])
    })
  })

  describe('RFC 9110 7.8', () => {
    test('the service is asked for the protocol, on a connection that says so; the client is told the same', async () => {
      const { service, client, gateway } = await tunnel((socket) => socket.pipe(socket))
      expect(service.heads[0]!.toLowerCase().match(/^(connection|upgrade): .*$/gm)).toEqual([
        'connection: upgrade',
        'upgrade: websocket',
      ])
      const [head] = client.read().messages
      expect(statusOf(head!)).toBe(101)
      expect(valuesOf(head!.headers, 'connection').map((value) => value.toLowerCase())).toEqual(['upgrade'])
      expect(valuesOf(head!.headers, 'upgrade')).toEqual(['websocket'])
      client.socket.end('xyz')
      await client.closed()
      await until('told', () => gateway.ended().length === 1)
      expect(gateway.ended()).toEqual([{ bytesIn: 3, bytesOut: 3, aborted: null }])
    })

    test('a service that answers as ever is passed on, and the connection goes on', async () => {
      const { gateway } = await open({ answer: () => emptyAnswer })
      const client = await rawClient(gateway.port)
      client.send(upgrade)
      expect((await client.answered(1)).map(statusOf)).toEqual([200])
      client.send(next)
      expect((await client.answered(2)).map(statusOf)).toEqual([200, 200])
    })

    test('what was sent ahead to a service that does not switch is read as HTTP by nobody', async () => {
      const { gateway, service } = await open({ answer: () => undefined })
      const client = await rawClient(gateway.port)
      client.send(upgrade + 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n')
      await until('asked', () => service.heads.length === 1)
      service.connections[0]!.write(emptyAnswer)
      expect((await client.closed()).map(statusOf)).toEqual([200])
      expect([gateway.asked.length, service.heads.length]).toEqual([1, 1])
    })

    test.each<[string, NonNullable<SwitchScript['answer']>, number]>([
      ['breaks off', (_head, socket) => void socket.destroy(), 502],
      ['never answers', () => undefined, 504],
    ])('nor what was sent ahead to one that %s', async (_, answer, status) => {
      const { gateway } = await open({ answer }, { deadlineMs: 300 })
      const client = await rawClient(gateway.port)
      client.send(upgrade + 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n')
      expect((await client.closed()).map(statusOf)).toEqual([status])
      expect(gateway.asked).toHaveLength(1)
    })

    test('in HTTP/1.0 nothing is asked for', async () => {
      const { gateway, service } = await open({ answer: () => emptyAnswer })
      const client = await rawClient(gateway.port)
      client.send(upgrade.replace('HTTP/1.1', 'HTTP/1.0'))
      expect((await client.answered(1)).map(statusOf)).toEqual([200])
      expect(service.heads[0]).not.toMatch(/upgrade/i)
    })

    test('a switch to what was not asked for is a fault of the service', async () => {
      const { gateway } = await open({ answer: (head) => switchAnswer(head).replace('websocket', 'poison') })
      const client = await rawClient(gateway.port)
      client.send(upgrade)
      expect((await client.answered(1)).map(statusOf)).toEqual([502])
    })

    test('a switch that nobody asked for is a fault of the service', async () => {
      const { gateway } = await open({ answer: () => switchAnswer('Upgrade: websocket') })
      const client = await rawClient(gateway.port)
      client.send(next)
      expect((await client.answered(1)).map(statusOf)).toEqual([502])
    })

    test('a service that never answers is given up in time', async () => {
      const { gateway } = await open({ answer: () => undefined }, { deadlineMs: 100 })
      const client = await rawClient(gateway.port)
      client.send(upgrade)
      expect((await client.answered(1)).map(statusOf)).toEqual([504])
    })

    test('the deadline of a call is not one of a tunnel', async () => {
      let far: Socket | undefined
      const { gateway } = await open({ serve: (socket) => void (far = socket) }, { deadlineMs: 100 })
      const client = await rawClient(gateway.port)
      client.send(upgrade)
      await until('switched', () => far !== undefined)
      await pause(250)
      far!.write('still here')
      await until('it came', () => client.bytes().endsWith('still here'))
    })

    test('its connection to the service carries no other call', async () => {
      const { client, gateway, service } = await tunnel((socket) => socket.pipe(socket))
      client.socket.end()
      await client.closed()
      const other = await rawClient(gateway.port)
      other.send(next)
      await until('the next call came', () => service.heads.length === 2)
      expect(service.connections).toHaveLength(2)
    })
  })

  describe('bytes', () => {
    test('that the client sent ahead wait for the switch, and those behind the service’s head are not lost', async () => {
      let came = ''
      const { gateway, service } = await open({
        answer: () => undefined,
        serve: () => {},
      })
      const client = await rawClient(gateway.port)
      client.send(`${upgrade}early`)
      await until('asked', () => service.heads.length === 1)
      const [far] = service.connections
      far!.on('data', (bytes: Buffer) => (came += bytes.toString('latin1')))
      await pause(50)
      expect(came).toBe('')
      for (const byte of `${switchAnswer(service.heads[0]!)}first`) far!.write(byte)
      await until('both came', () => came === 'early' && client.bytes().endsWith('first'))
      client.send(' and late')
      await until('in their order', () => came === 'early and late')
    })

    /** Both ends of a tunnel; neither has read anything. */
    const ends = async () => {
      let far: Socket | undefined
      const { gateway } = await open({ serve: (socket) => void (far = socket.pause()) })
      const near = await enterTunnel(gateway.port, upgrade)
      await until('switched', () => far !== undefined)
      return { near, far: far!, gateway }
    }

    test('5 MB each way at once arrive whole at slow readers', async () => {
      const { near, far, gateway } = await ends()
      const [up, down] = [randomBytes(5 * megabyte), randomBytes(5 * megabyte)]
      near.write(up)
      far.write(down)
      const sums = await Promise.all([readSlowly(far, up.length), readSlowly(near, down.length)])
      expect(sums).toEqual([sumOf(up), sumOf(down)])
      near.destroy()
      far.destroy()
      await until('told', () => gateway.ended().length === 1)
      expect(gateway.ended()).toMatchObject([{ bytesIn: up.length, bytesOut: down.length }])
    })

    test('that the other side does not take hold their sender back, either way', async () => {
      const most = 64 * megabyte
      const { near, far } = await ends()
      expect(await fill(far, most)).toBeLessThan(most)
      expect(await fill(near, most)).toBeLessThan(most)
    })
  })

  describe('an end', () => {
    test('of the client’s side is one for the service, which may still speak', async () => {
      let over = false
      const { client, far, content, gateway } = await tunnel((socket) => {
        socket.once('end', () => (over = true)).resume()
      })
      client.socket.end('last words')
      await until('the service hears of it', () => over)
      far.write('answer')
      await until('it came', () => content() === 'answer')
      far.end()
      await client.closed()
      expect(client.over()).toBe('ended')
      await until('told', () => gateway.ended().length === 1)
      expect(gateway.ended()).toEqual([{ bytesIn: 10, bytesOut: 6, aborted: null }])
    })

    test('of the service’s side is one for the client, which may still speak', async () => {
      let came = ''
      const { client, far, gateway } = await tunnel((socket) => {
        socket.on('data', (bytes: Buffer) => (came += bytes.toString('latin1')))
      })
      let over = false
      client.socket.removeAllListeners('end').once('end', () => (over = true))
      far.end('last words')
      await until('the client hears of it', () => over && client.bytes().endsWith('last words'))
      client.send('answer')
      await until('it came', () => came === 'answer')
      client.socket.end()
      await client.closed()
      await until('told', () => gateway.ended().length === 1)
      expect(gateway.ended()).toEqual([{ bytesIn: 6, bytesOut: 10, aborted: null }])
    })

    test('of a service that dies is one for the client', async () => {
      const { client, far, gateway } = await tunnel()
      far.resetAndDestroy()
      await client.closed()
      await until('told', () => gateway.ended().length === 1)
      expect(gateway.ended()).toMatchObject([{ aborted: 'upstream' }])
    })

    test('of a client that dies is one for the service', async () => {
      const { client, far, gateway } = await tunnel()
      client.socket.resetAndDestroy()
      await until('closed', () => far.closed)
      await until('told', () => gateway.ended().length === 1)
      expect(gateway.ended()).toMatchObject([{ aborted: 'client' }])
    })

    test('that the duties make cuts both sides, and is no fault of either', async () => {
      let cut: (() => void) | undefined
      const { client, far, gateway } = await tunnel(undefined, { tunnelled: (end) => (cut = end) })
      await until('the duties know', () => cut !== undefined)
      cut!()
      await client.closed()
      await until('closed', () => far.closed)
      expect(gateway.ended()).toEqual([{ bytesIn: 0, bytesOut: 0, aborted: null }])
      cut!()
      expect(gateway.ended()).toHaveLength(1)
    })

    test('of the engine: a tunnel has the grace that a request has, and no more', async () => {
      const { client, far, gateway } = await tunnel((socket) => socket.pipe(socket))
      let closed = false
      const closing = gateway.close(300).then(() => (closed = true))
      client.send('still')
      await until('it goes on meanwhile', () => client.bytes().endsWith('still'))
      expect(closed).toBe(false)
      await closing
      await client.closed()
      await until('closed', () => far.closed)
      expect(gateway.ended()).toHaveLength(1)
    })
  })
})

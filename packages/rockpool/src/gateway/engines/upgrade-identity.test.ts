import { readIdentity } from '@rockpool/sdk/wire'
import { WebSocket } from 'undici'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  credential,
  organization,
  sandbox,
  service,
  testGateway,
  until,
  type TestGateway,
} from '../../../test/support/gateway.ts'
import { bearer, live, routes } from '../../../test/support/gateway-client.ts'
import { rawClient, statusOf, valuesOf } from '../../../test/support/raw-http.ts'
import {
  echoMessages,
  switchAnswer,
  switchingService,
  type SwitchScript,
} from '../../../test/support/websocket.ts'
import { systemClock } from '../../kernel/index.ts'
import { createLimits } from '../limits/limits.ts'
import { engines, type EngineName } from './index.ts'

// Who gets a tunnel through the gateway, as whom, and for how long.

const session = credential('session')
const bot = credential('run', {
  allows: { organization: 'harbor' },
  environment: 'production',
  actor: 'bot',
  run: 'run_bot',
  grant: { name: 'chat', writes: 1, card: null },
})
const cookie = { cookie: `theme=dark; rockpool_session=${session.text}` }
const withKey = (key: { text: string }) => ({ authorization: `Bearer ${key.text}` })

describe.each(Object.keys(engines) as EngineName[])('engine %s: a WebSocket', (engine) => {
  async function gatewayOf(script: SwitchScript = {}) {
    const chat = await switchingService({ serve: echoMessages, ...script })
    const limits = createLimits({ clock: systemClock })
    const parts = {
      organizations: [organization('harbor'), sandbox('box')],
      credentials: [live, session, bot],
      services: [service('catalog', { url: chat.url, routes })],
    }
    const gateway = await testGateway(engine, parts, {}, { limits })
    return { gateway, chat, underWay: () => limits.underWay().get('catalog') ?? 0 }
  }

  /** A client; undefined: it was refused. */
  async function connect(gateway: TestGateway, headers: Record<string, string>, path = '/harbor/items') {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}${path}`, { headers })
    onTestFinished(() => socket.close())
    const messages: string[] = []
    let state: 'open' | 'refused' | 'closed' | undefined
    socket.addEventListener('open', () => (state = 'open'))
    socket.addEventListener('message', ({ data }) => void messages.push(String(data)))
    socket.addEventListener('error', () => (state ??= 'refused'))
    socket.addEventListener('close', () => (state = state === 'open' ? 'closed' : 'refused'))
    await until('open, or refused', () => state !== undefined)
    return { socket, messages, state: () => state }
  }

  /** The status and code of what is answered to a handshake. */
  async function handshake(gateway: TestGateway, lines: string[], path = '/harbor/items') {
    const client = await rawClient(gateway.port)
    const head = [
      `GET ${path} HTTP/1.1`,
      'Host: a',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
      ...lines,
    ]
    client.send(`${head.join('\r\n')}\r\n\r\n`)
    await client.answered(1)
    const [answer] = client.answers()
    return [statusOf(answer!), valuesOf(answer!.headers, 'rockpool-problem')[0]]
  }

  test('is opened by a key, as whose it is, and its service gets the identity and no forged one', async () => {
    const { gateway, chat, underWay } = await gatewayOf()
    const forged = {
      'Rockpool-Identity': 'forged',
      'x-kept': '1',
      baggage: 'rockpool.organization=marina,a=1',
    }
    const { socket, messages } = await connect(gateway, { ...withKey(live), ...forged })
    socket.send('hello')
    await until('it came back', () => messages.length === 1)
    expect(messages).toEqual(['hello'])
    expect(underWay()).toBe(1)

    const [head] = chat.heads
    const valueOf = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(head!)?.[1]
    expect([valueOf('x-kept'), valueOf('authorization'), valueOf('upgrade')]).toEqual([
      '1',
      undefined,
      'websocket',
    ])
    expect(valueOf('baggage')).not.toContain('marina')
    const reading = readIdentity(valueOf('Rockpool-Identity')!, {
      audience: 'catalog',
      trust: ['gateway'],
      key: (kid) => gateway.state.ground()!.directory.keys.get(kid),
      now: Date.now(),
    })
    expect(reading).toMatchObject({
      ok: true,
      claims: { organization: 'harbor', environment: 'production', actor: 'customer' },
    })

    socket.close()
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({
      status: 101,
      path: '/{organization}/items',
      credential: live.id,
      upstream: new URL(chat.url).host,
      retries: 0,
      decideMs: expect.any(Number),
      connectMs: expect.any(Number),
      upstreamMs: expect.any(Number),
      refused: null,
      aborted: null,
      stripped: 2,
    })
    // A masked and an unmasked frame of five bytes (RFC 6455 5.2), and those of the closing handshake.
    expect(gateway.records[0]!.bytesIn).toBeGreaterThanOrEqual(11)
    expect(gateway.records[0]!.bytesOut).toBeGreaterThanOrEqual(7)
    expect(underWay()).toBe(0)
  })

  test('is refused as any call is, and reaches no service', async () => {
    const { gateway, chat } = await gatewayOf()
    expect(await handshake(gateway, [])).toEqual([401, 'credential_missing'])
    const unknown = credential('live')
    expect(await handshake(gateway, [bearer(unknown).join(': ')])).toEqual([401, 'credential_unknown'])
    expect(await handshake(gateway, [bearer(live).join(': ')], '/box/items')).toEqual([
      403,
      'organization_not_allowed',
    ])
    expect((await connect(gateway, withKey(unknown))).state()).toBe('refused')
    expect(chat.heads).toEqual([])
    // A client may try again.
    await until('logged', () => gateway.records.length >= 4)
    expect(gateway.records.map(({ refused }) => refused).slice(0, 4)).toEqual([
      'credential_missing',
      'credential_unknown',
      'organization_not_allowed',
      'credential_unknown',
    ])
  })

  test('is opened by a cookie for a page of this origin alone (RFC 6455 10.2)', async () => {
    const { gateway, chat } = await gatewayOf()
    const origin = `http://127.0.0.1:${gateway.port}`
    const own = await connect(gateway, { ...cookie, origin }, '/box/items')
    expect(own.state()).toBe('open')
    expect(chat.heads[0]).not.toContain('rockpool_session')
    for (const other of [{ origin: 'http://evil.example' }, { origin: 'http://127.0.0.1:1' }, {}])
      expect((await connect(gateway, { ...cookie, ...other }, '/box/items')).state()).toBe('refused')
    const lines = [`Cookie: ${cookie.cookie}`, 'Origin: http://evil.example']
    expect(await handshake(gateway, lines, '/box/items')).toEqual([403, 'origin_refused'])
    expect(chat.heads).toHaveLength(1)
  })

  test('costs a bot one of the writes of its grant', async () => {
    const { gateway } = await gatewayOf()
    expect((await connect(gateway, withKey(bot))).state()).toBe('open')
    expect(await handshake(gateway, [bearer(bot).join(': ')])).toEqual([429, 'budget_spent'])
  })

  test('is cut when its credential is revoked', async () => {
    const { gateway, underWay } = await gatewayOf()
    const { state } = await connect(gateway, withKey(live))
    const other = await connect(gateway, withKey(bot))
    expect(gateway.state.change({ version: 2, set: {}, removed: { credentials: [live.sha256] } })).toEqual([])
    await until('cut', () => state() === 'closed', 3_000)
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ status: 101, refused: 'credential_unknown', aborted: null })
    expect([underWay(), other.state()]).toEqual([1, 'open'])
  })

  test('gets no mark of ours from its service', async () => {
    const { gateway } = await gatewayOf({
      answer: (head) =>
        switchAnswer(head).replace(
          /\r\n\r\n$/,
          '\r\nRockpool-Identity: evil\r\nSet-Cookie: rockpool_session=evil\r\nSet-Cookie: a=1\r\nX-Kept: 1\r\n\r\n',
        ),
    })
    const client = await rawClient(gateway.port)
    client.send(
      `GET /harbor/items HTTP/1.1\r\nHost: a\r\n${bearer(live).join(': ')}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    )
    await until('switched', () => client.bytes().includes('\r\n\r\n'))
    const [head] = client.bytes().split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 101 /)
    // RFC 6455 4.2.2: of the key that went through.
    expect(head).toContain('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
    expect(head).toMatch(/^X-Kept: 1$/im)
    expect(head).toMatch(/^Set-Cookie: a=1$/im)
    expect(head).toMatch(/^Rockpool-Request: req_/im)
    expect(head).not.toContain('evil')
  })

  test('is broken off when the gateway has waited for it long enough', async () => {
    const { gateway } = await gatewayOf()
    const { state } = await connect(gateway, withKey(live))
    await gateway.close(100)
    await until('broken off', () => state() === 'closed')
  })
})

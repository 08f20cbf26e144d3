import { readIdentity } from '@rockpool/sdk/wire'
import { describe, expect, test } from 'vitest'
import { readAll, until, type TestGateway } from '../../../test/support/gateway.ts'
import {
  live,
  orders,
  gatewayFor,
  send,
  sendRaw,
  bearer,
  echo,
  seen,
} from '../../../test/support/gateway-client.ts'
import { engines, type EngineName } from './index.ts'

describe.each(Object.keys(engines) as EngineName[])('engine %s: identity', (engine) => {
  const verify = (gateway: TestGateway, token: string, audience: string) =>
    readIdentity(token, {
      audience,
      trust: ['gateway'],
      key: () => gateway.signer.publicKey,
      now: Date.now(),
    })

  test.each<[string, string[]]>([
    ['Rockpool-Identity', ['Rockpool-Identity', 'forged']],
    ['rOcKpOoL-iDeNtItY', ['rOcKpOoL-iDeNtItY', 'forged']],
    ['rockpool_identity', ['rockpool_identity', 'forged']],
    ['the header twice', ['rockpool-identity', 'forged', 'Rockpool-Identity', 'forged']],
    ['another mark', ['Rockpool-Environment', 'sandbox', 'ROCKPOOL-RUN', 'forged']],
    [
      'baggage',
      [
        'baggage',
        'mine=1,rockpool.organization=forged, ROCKPOOL.actor=forged',
        'Baggage',
        'rockpool.run=forged',
      ],
    ],
    ['Connection to drop ours', ['Connection', 'rockpool-identity, baggage, traceparent']],
  ])('forged by %s gains nothing: the service sees ours alone', async (_, forged) => {
    const gateway = await gatewayFor(engine, echo)
    const received = await send(gateway, { headers: [...bearer(live), ...forged] })
    expect(received.status).toBe(200)
    expect(received.body).not.toContain('forged')
    const { headers } = seen(received)
    const tokens = [...headers]
      .filter(([name]) => name.replaceAll('_', '-') === 'rockpool-identity')
      .flatMap(([, values]) => values)
    expect(tokens).toHaveLength(1)
    expect(verify(gateway, tokens[0]!, 'catalog')).toMatchObject({
      ok: true,
      claims: { organization: 'harbor', environment: 'production', actor: 'customer', aud: 'catalog' },
    })
    expect(headers.get('baggage')?.join()).toContain(
      'rockpool.organization=harbor,rockpool.environment=production,rockpool.actor=customer',
    )
    expect(headers.get('baggage')?.join()).not.toContain('forged')
  })

  test('forged marks are counted', async () => {
    const gateway = await gatewayFor(engine, echo)
    await send(gateway, {
      headers: [...bearer(live), 'ROCKPOOL-X', 'a', 'rockpool_y', 'b', 'baggage', 'rockpool.z=1'],
    })
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]!.stripped).toBe(3)
  })

  test('forged in trailers it does not arrive', async () => {
    let trailers: string[] | undefined
    const gateway = await gatewayFor(engine, (request, response) => {
      void readAll(request).then((body) => {
        trailers = request.rawTrailers
        response.end(`${body.length} ${request.headers['rockpool-identity'] === 'forged'}`)
      })
    })
    const received = await sendRaw(
      gateway,
      `POST /harbor/items HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${live.text}\r\nTransfer-Encoding: chunked\r\n` +
        'Trailer: Rockpool-Identity\r\nConnection: close\r\n\r\n2\r\nhi\r\n0\r\nRockpool-Identity: forged\r\n\r\n',
    )
    expect(received).toContain('2 false')
    expect(trailers).toEqual([])
  })

  test('one captured at a service is refused by another, and is no credential', async () => {
    const gateway = await gatewayFor(engine, echo)
    const { headers } = seen(await send(gateway, { headers: bearer(live) }))
    const captured = headers.get('rockpool-identity')![0]!
    expect(verify(gateway, captured, 'payments')).toMatchObject({
      ok: false,
      code: 'identity_wrong_audience',
    })
    const alone = await send(gateway, { headers: ['Rockpool-Identity', captured] })
    expect(alone.status).toBe(401)
    const withCredential = await send(gateway, {
      headers: [...bearer(orders), 'Rockpool-Identity', captured],
    })
    expect(withCredential.status).toBe(403)
    expect(withCredential.headers['rockpool-problem']).toBe('identity_refused')
  })

  test('a service’s call is minted anew for the next audience, and names the caller', async () => {
    const gateway = await gatewayFor(engine, echo)
    const identity = { organization: 'box', environment: 'sandbox', actor: 'check', run: 'run_9' } as const
    const received = gateway.signer.mint(
      { identity, audience: 'orders', caller: null, credential: null },
      Date.now(),
    )
    const answer = await send(gateway, {
      path: '/box/items',
      headers: [...bearer(orders), 'Rockpool-Identity', received],
    })
    const [token] = seen(answer).headers.get('rockpool-identity')!
    expect(token).not.toBe(received)
    expect(verify(gateway, token!, 'catalog')).toMatchObject({
      ok: true,
      claims: { ...identity, service: 'orders' },
    })
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ caller: 'orders', run: 'run_9', stripped: 0 })
  })

  test('marks of ours in an answer stay inside', async () => {
    const gateway = await gatewayFor(engine, (request, response) => {
      response.writeHead(200, [
        'Rockpool-Identity',
        request.headers['rockpool-identity']!,
        'ROCKPOOL_RUN',
        'x',
        'Baggage',
        'rockpool.run=x,a=1',
        'Trailer',
        'Rockpool-X',
      ])
      response.write('x')
      response.addTrailers([
        ['Rockpool-X', 'x'],
        ['X-Sum', '1'],
      ])
      response.end()
    })
    const received = await send(gateway, { headers: bearer(live) })
    const names = received.raw.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
    expect(names.filter((name) => /^rockpool[-_]/.test(name))).toEqual(['rockpool-request'])
    expect(received.headers['baggage']).toBe('a=1')
    expect(received.trailers).toEqual(['X-Sum', '1'])
  })
})

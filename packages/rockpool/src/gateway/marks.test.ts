import { readIdentity } from '@rockpool/sdk/wire'
import { describe, expect, test } from 'vitest'
import { createSigner } from './identity.ts'
import { stripRequest, stripResponse } from './strip.ts'
import { continueTrace } from './trace.ts'

const nothing = { authorization: false, tracestate: false }

describe('stripping', () => {
  test.each([
    'Rockpool-Identity',
    'rOcKpOoL-iDeNtItY',
    'rockpool_identity',
    'ROCKPOOL_IDENTITY',
    'Rockpool-Anything',
    'rockpool-request',
  ])('takes out %s and counts it', (name) => {
    expect(stripRequest([name, 'forged', 'Accept', '*/*', name.toUpperCase(), 'again'], nothing)).toEqual({
      headers: ['Accept', '*/*'],
      stripped: 2,
      baggage: '',
    })
  })

  test('what one name was does not make another one plain', () => {
    // Their lower eight bits are those of “rockpool-run”.
    stripRequest(['\u0172ockpool-run', '1'], nothing)
    expect(stripRequest(['rockpool-run', 'forged'], nothing)).toMatchObject({ headers: [], stripped: 1 })
  })

  test.each(['X_Forwarded_For', 'x_real_ip', 'X-Forwarded_Proto', 'Transfer_Encoding', 'keep_alive'])(
    'drops %s, which is the same header to some services',
    (name) => {
      expect(stripRequest([name, 'x', 'X_Own', '1'], nothing).headers).toEqual(['X_Own', '1'])
    },
  )

  test('takes our members out of baggage, whatever their case, and leaves others', () => {
    const headers = ['Baggage', 'a=1,rockpool.organization=x', 'BAGGAGE', 'RockPool.Actor=member , b=2;p']
    expect(stripRequest(headers, nothing)).toMatchObject({ headers: [], stripped: 2, baggage: 'a=1,b=2;p' })
  })

  test('drops hop-by-hop headers and those that Connection names, in any case (RFC 9110 7.6.1)', () => {
    const headers = [
      'connection',
      'X-Once, close',
      'x-oNCE',
      '1',
      'Keep-Alive',
      'x',
      'TE',
      'x',
      'Upgrade',
      'h2c',
      'Proxy-Authorization',
      'x',
      'X-Stays',
      '1',
    ]
    expect(stripRequest(headers, nothing).headers).toEqual(['X-Stays', '1'])
  })

  test('Connection cannot take away what frames a message (RFC 9110 7.6.1)', () => {
    expect(stripRequest(['Connection', 'content-length', 'Content-Length', '3'], nothing).headers).toEqual([
      'Content-Length',
      '3',
    ])
  })

  test('says itself where a request came from', () => {
    const headers = [
      'Host',
      'a',
      'X-Forwarded-For',
      '10.0.0.1',
      'forwarded',
      'for=x',
      'X-Real-IP',
      'x',
      'X-Forwarded-Proto',
      'https',
    ]
    expect(stripRequest(headers, nothing).headers).toEqual([])
  })

  test('leaves Authorization only where it was no credential of ours', () => {
    expect(stripRequest(['Authorization', 'Bearer x'], nothing).headers).toEqual([])
    expect(stripRequest(['Authorization', 'Bearer x'], { ...nothing, authorization: true }).headers).toEqual([
      'Authorization',
      'Bearer x',
    ])
  })

  test('keeps marks of ours inside: answers lose them too', () => {
    const headers = ['rockpool-run', 'x', 'Baggage', 'rockpool.run=x', 'Set-Cookie', 'a', 'Set-Cookie', 'b']
    expect(stripResponse(headers)).toEqual({
      headers: ['Set-Cookie', 'a', 'Set-Cookie', 'b'],
      stripped: 2,
      baggage: '',
    })
  })
})

describe('tracing (W3C trace-context)', () => {
  const id = '0af7651916cd43dd8448eb211c80319c'
  const parent = 'b7ad6b7169203331'
  test('continues a valid trace with a span of its own, and keeps whether it is sampled', () => {
    const trace = continueTrace([`00-${id}-${parent}-00`])
    expect(trace).toMatchObject({ traceId: id, continued: true })
    expect(trace.traceparent).toMatch(new RegExp(`^00-${id}-(?!${parent})[0-9a-f]{16}-00$`))
  })

  test('understands the fields it knows of a later version', () => {
    expect(continueTrace([`cc-${id}-${parent}-01-what-comes`])).toMatchObject({
      traceId: id,
      continued: true,
    })
  })

  test.each([
    ['none', []],
    ['two', [`00-${id}-${parent}-01`, `00-${id}-${parent}-01`]],
    ['upper case', [`00-${id.toUpperCase()}-${parent}-01`]],
    ['zeros as trace', [`00-${'0'.repeat(32)}-${parent}-01`]],
    ['zeros as parent', [`00-${id}-${'0'.repeat(16)}-01`]],
    ['version ff', [`ff-${id}-${parent}-01`]],
    ['more than version 00 has', [`00-${id}-${parent}-01-x`]],
    ['nonsense', ['<script>']],
  ])('begins a new one for %s', (_, values) => {
    const trace = continueTrace(values)
    expect(trace.continued).toBe(false)
    expect(trace.traceId).not.toBe(id)
    expect(trace.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  })
})

describe('minting', () => {
  const signer = createSigner()
  const now = Date.UTC(2026, 0, 1)
  const identity = { organization: 'box', environment: 'sandbox', actor: 'check', run: 'run_1' } as const
  const order = { identity, audience: 'catalog', caller: null, credential: 'key_1' }
  const read = (token: string, audience = 'catalog', at = now) =>
    readIdentity(token, { audience, trust: ['gateway'], key: () => signer.publicKey, now: at })

  test('gives what a service verifies: for its audience, and no other', () => {
    const token = signer.mint({ ...order, caller: 'orders' }, now)
    expect(read(token)).toMatchObject({
      ok: true,
      claims: { ...identity, aud: 'catalog', iss: 'gateway', service: 'orders' },
    })
    expect(read(token, 'orders')).toMatchObject({ ok: false, code: 'identity_wrong_audience' })
  })

  test('is done once a minute for each combination', () => {
    const token = signer.mint(order, now)
    expect(signer.mint({ ...order }, now + 59_000)).toBe(token)
    expect(signer.mint(order, now + 60_000)).not.toBe(token)
    const others = [
      { ...order, audience: 'orders' },
      { ...order, caller: 'orders' },
      { ...order, identity: { ...identity, run: 'run_2' } },
      { ...order, identity: { ...identity, organization: 'crate' } },
    ]
    const tokens = [order, ...others].map((one) => signer.mint(one, now + 60_000))
    expect(new Set(tokens).size).toBe(5)
  })
})

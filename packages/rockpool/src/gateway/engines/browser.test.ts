import { describe, expect, test } from 'vitest'
import {
  credential,
  organization,
  sandbox,
  service,
  testGateway,
  until,
  upstream,
} from '../../../test/support/gateway.ts'
import { bearer, echo, live, routes, seen, send } from '../../../test/support/gateway-client.ts'
import { engines, type EngineName } from './index.ts'

const session = credential('session')
const signedIn = ['Cookie', `theme=dark; rockpool_session=${session.text}; rockpool_control_8471=half`]

describe.each(Object.keys(engines) as EngineName[])('engine %s: a browser', (engine) => {
  async function gatewayOf(listener = echo) {
    const { url } = await upstream(listener)
    return testGateway(engine, {
      organizations: [organization('harbor'), sandbox('box')],
      credentials: [live, session],
      services: [service('catalog', { url, routes })],
    })
  }

  test('is who its session says, and no service sees the cookies of ours', async () => {
    const gateway = await gatewayOf()
    const received = await send(gateway, { path: '/box/items', headers: signedIn })
    expect(received.status).toBe(200)
    const { headers } = seen(received)
    expect(headers.get('cookie')).toEqual(['theme=dark'])
    expect(headers.get('baggage')?.join()).toContain('rockpool.organization=box')
    expect(received.body).not.toContain(session.text)
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ credential: session.id, actor: 'customer', stripped: 0 })
  })

  test('shows cookies of ours to no service where it needs no session, either', async () => {
    const gateway = await gatewayOf()
    const headers = ['Cookie', 'rockpool_session=forged', 'Cookie', 'a=1;rockpool_control_1=x']
    const received = await send(gateway, { path: '/box/open', headers })
    expect(received.status).toBe(200)
    expect(seen(received).headers.get('cookie')).toEqual(['a=1'])
    expect(received.body).not.toMatch(/rockpool_|forged/)
  })

  test('gets no cookie of ours from a service, in head or trailers', async () => {
    const gateway = await gatewayOf((_, response) => {
      response.setHeader('Trailer', 'Set-Cookie')
      response.setHeader('Set-Cookie', ['a=1', 'rockpool_session=evil', '=rockpool_session=evil', 'B=2'])
      response.write('x')
      response.addTrailers({ 'Set-Cookie': 'Rockpool_Session=evil' })
      response.end()
    })
    const received = await send(gateway, { path: '/box/open' })
    expect(received.headers['set-cookie']).toEqual(['a=1', 'B=2'])
    expect(received.trailers.join()).not.toContain('evil')
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ stripped: 3 })
  })

  test('is signed out by no service, whatever it clears', async () => {
    const values: Record<string, string[]> = {
      all: ['"*"'],
      signOut: ['"cookies", "storage"', '"executionContexts"'],
      mixed: ['"cache","cookies" , "clientHints"'],
      cache: ['"cache"'],
      odd: ['cookies', '"Cookies"', '"cookies\t"'],
    }
    const gateway = await gatewayOf((request, response) => {
      const which = new URL(request.url!, 'http://x').searchParams.get('clear')!
      response.setHeader('Clear-Site-Data', values[which]!)
      response.end('x')
    })
    const cleared = async (which: string) =>
      (await send(gateway, { path: `/box/open?clear=${which}` })).headers['clear-site-data']
    for (const which of ['all', 'signOut', 'odd']) expect(await cleared(which), which).toBeUndefined()
    expect(await cleared('mixed')).toBe('"cache", "clientHints"')
    expect(await cleared('cache')).toBe('"cache"')
    await until('logged', () => gateway.records.length === 5)
    expect(gateway.records.map(({ stripped }) => stripped)).toEqual([1, 2, 3, 1, 0])
  })

  test('changes nothing for a page of another origin, and changes what a page of this one wants', async () => {
    const gateway = await gatewayOf()
    const post = (...headers: string[]) =>
      send(gateway, { method: 'POST', path: '/box/items', headers: [...signedIn, ...headers], body: '{}' })
    const refused = await post('Origin', 'http://api.example:1')
    expect(refused).toMatchObject({ status: 403, headers: { 'rockpool-problem': 'origin_refused' } })
    expect((await post('Origin', 'http://api.example')).status).toBe(200)
  })

  test('cannot make the gateway work by a heap of cookies: the head is refused', async () => {
    const gateway = await gatewayOf()
    const heap = ['Cookie', `rockpool_session=${session.text}; ${'a=1; '.repeat(4000)}`]
    expect((await send(gateway, { path: '/box/items', headers: heap })).status).toBe(431)
    const many = Array.from({ length: 700 }, () => ['Cookie', 'rockpool_session=x']).flat()
    expect((await send(gateway, { path: '/box/open', headers: many })).status).toBe(431)
  })

  test('with a key in Rockpool-Credential, Authorization goes on untouched', async () => {
    const gateway = await gatewayOf()
    const headers = ['Rockpool-Credential', live.text, 'Authorization', 'Digest username="x", uri="/"']
    const received = await send(gateway, { headers })
    expect(seen(received).headers.get('authorization')).toEqual(['Digest username="x", uri="/"'])
    expect(received.body).not.toContain(live.text)
    await until('logged', () => gateway.records.length === 1)
    expect(gateway.records[0]).toMatchObject({ credential: live.id, stripped: 0 })
    const both = await send(gateway, { headers: ['Rockpool-Credential', live.text, ...bearer(live)] })
    expect(both.status).toBe(401)
  })
})

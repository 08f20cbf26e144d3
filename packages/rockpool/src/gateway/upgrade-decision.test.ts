import { describe, expect, test } from 'vitest'
import {
  asService,
  base,
  bearer,
  bot,
  cookie,
  decided,
  live,
  person,
  run,
  sandboxKey,
  summary,
  token,
} from '../../test/support/decision.ts'
import { service } from '../../test/support/gateway-entries.ts'

const key = ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==']
const version = ['Sec-WebSocket-Version', '13']
const asks = ['Connection', 'Upgrade', 'Upgrade', 'websocket']
const socket = [...asks, ...key, ...version]

const upgradeOf = (headers: string[], method = 'GET', target = '/harbor/items') => {
  const decision = decided({ method, target, headers: [...bearer(live), ...headers] })
  return decision.kind === 'forward' ? decision.upgrade : summary(decision)
}

describe('RFC 9110 7.8: an upgrade', () => {
  test.each<[string, string[]]>([
    ['in any letter case', ['connection', 'UPGRADE', 'upgrade', 'WebSocket', ...key, ...version]],
    ['among other options', ['Connection', 'keep-alive, Upgrade', ...socket.slice(2)]],
    ['in two Connection headers', ['Connection', 'keep-alive', ...socket]],
    ['with an empty body', [...socket, 'Content-Length', '0']],
  ])('to WebSocket, %s, is what the service is asked for', (_, headers) => {
    expect(upgradeOf(headers)).toBe('websocket')
  })

  test.each<[string, string[]]>([
    ['that Connection does not name', socket.slice(2)],
    ['to HTTP/2', ['Connection', 'Upgrade, HTTP2-Settings', 'Upgrade', 'h2c', 'HTTP2-Settings', 'x']],
    ['to a protocol that nobody knows', ['Connection', 'upgrade', 'Upgrade', 'mqtt']],
    ['to one of two protocols', ['Connection', 'upgrade', 'Upgrade', 'websocket, h2c', ...key, ...version]],
    ['to two, in two headers', [...socket, 'Upgrade', 'h2c']],
    ['to a version of a protocol', ['Connection', 'upgrade', 'Upgrade', 'websocket/13', ...key, ...version]],
    ['with a body', [...socket, 'Content-Length', '3']],
    ['with a body in chunks', [...socket, 'Transfer-Encoding', 'chunked']],
    ['to nothing', ['Connection', 'upgrade', 'Upgrade', '']],
  ])('%s is ignored: the request is served as any other', (_, headers) => {
    expect(upgradeOf(headers)).toBeNull()
  })

  test('of a POST is ignored', () => {
    expect(upgradeOf(socket, 'POST')).toBeNull()
  })
})

describe('RFC 6455 4.2.1: a handshake', () => {
  test.each<[string, string[], string]>([
    ['without a key', [...asks, ...version], 'malformed_request'],
    ['with two keys', [...socket, ...key], 'malformed_request'],
    ['with a key of 15 bytes', [...asks, ...version, key[0]!, 'c2hvcnQtb25lLTEyMzQ='], 'malformed_request'],
    [
      'with a key of 17 bytes',
      [...asks, ...version, key[0]!, 'c2V2ZW50ZWVuLWJ5dGVzLTE='],
      'malformed_request',
    ],
    [
      'with a key that is no base64',
      [...asks, ...version, key[0]!, '*'.repeat(22) + '=='],
      'malformed_request',
    ],
    ['of another version', [...asks, ...key, version[0]!, '8'], 'upgrade_version'],
    ['of two versions', [...asks, ...key, version[0]!, '13, 8'], 'upgrade_version'],
    ['without a version', [...asks, ...key], 'upgrade_version'],
  ])('%s is refused', (_, headers, code) => {
    expect(upgradeOf(headers)).toBe(code)
  })

  test('goes through the whole decision', () => {
    const code = (target: string, headers: string[]) => summary(decided({ target, headers }))
    expect(code('/nowhere', socket)).toBe('route_unknown')
    expect(code('/harbor/items', socket)).toBe('credential_missing')
    expect(code('/harbor/items', [...socket, 'Authorization', 'Bearer rp_live_x'])).toBe('credential_unknown')
    expect(code('/box/items', [...socket, ...bearer(live)])).toBe('organization_not_allowed')
    expect(code('/harbor/items', [...socket, ...bearer(live)])).toBe('forward harbor production customer')
    expect(code('/harbor/offers', socket)).toBe('forward harbor production anonymous')
  })
})

describe('what is said on a WebSocket may be a write', () => {
  const here = ['Host', '127.0.0.1:8470']
  test.each<[string, string[], string]>([
    ['no page', [], 'origin_refused'],
    ['a page of the same origin', ['Origin', 'http://127.0.0.1:8470'], 'forward'],
    ['a page of another port', ['Origin', 'http://127.0.0.1:8471'], 'origin_refused'],
    ['a page of another site', ['Origin', 'http://evil.example'], 'origin_refused'],
    ['a page of another scheme', ['Origin', 'https://127.0.0.1:8470'], 'origin_refused'],
    ['an opaque origin', ['Origin', 'null'], 'origin_refused'],
    [
      'a page of another site that its browser tells',
      ['Origin', 'http://127.0.0.1:8470', 'Sec-Fetch-Site', 'cross-site'],
      'origin_refused',
    ],
  ])('by a session’s cookie of %s: %s (RFC 6455 4.2.2, 10.2)', (_, origin, expected) => {
    for (const target of ['/box/items', '/box/offers']) {
      const headers = [...here, ...cookie(person), ...socket, ...origin]
      expect(summary(decided({ target, headers })).split(' ')[0]).toBe(expected)
    }
  })

  test('without an upgrade the same page may read', () => {
    const headers = [...here, ...cookie(person), 'Origin', 'http://evil.example']
    expect(summary(decided({ target: '/box/items', headers }))).toMatch('forward')
  })

  const foreign = {
    ...base,
    services: [service('catalog', { foreign: true, routes: base.services[0]!.routes })],
  }
  test.each<[string, string, string[], string]>([
    ['a customer of production', '/harbor/items', bearer(live), 'forward harbor production customer'],
    ['anybody', '/harbor/offers', [], 'forward harbor production anonymous'],
    ['a sandbox’s key', '/box/items', bearer(sandboxKey), 'write_refused'],
    ['a check', '/box/items', bearer(run), 'write_refused'],
    ['a bot with a grant', '/harbor/items', bearer(bot), 'write_refused'],
    ['a service for a check', '/box/items', asService(token()), 'write_refused'],
  ])('to a foreign service, %s: %s', (_, target, who, expected) => {
    expect(summary(decided({ target, headers: [...who, ...socket] }, { snapshot: foreign }))).toBe(expected)
  })
})

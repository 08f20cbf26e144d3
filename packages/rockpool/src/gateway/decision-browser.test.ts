import { describe, expect, test } from 'vitest'
import {
  live,
  person,
  runSession,
  endedSession,
  decided,
  summary,
  bearer,
  cookie,
  basic,
} from '../../test/support/decision.ts'
import { newCredential, newTicket } from '../kernel/index.ts'

describe('a key in Rockpool-Credential', () => {
  const own = (key: { text: string }) => ['rockpool-credential', key.text]
  const foreign = ['Authorization', 'Bearer eyJhbGciOiJub25lIn0.e30.']
  test.each<[string, string[], string]>([
    ['counts as in Authorization', own(live), 'forward harbor production customer'],
    ['leaves Authorization to the service', [...own(live), ...foreign], 'forward harbor production customer'],
    ['beside a key in Authorization', [...own(live), ...bearer(live)], 'credential_unknown'],
    ['beside a key in Basic', [...own(live), ...basic(`${live.text}:`)], 'credential_unknown'],
    [
      'beside a mutilated key in Authorization',
      [...own(live), 'Authorization', live.text],
      'credential_unknown',
    ],
    ['twice', [...own(live), ...own(live)], 'credential_unknown'],
    ['with a scheme before it', ['Rockpool-Credential', `Bearer ${live.text}`], 'credential_unknown'],
    ['that is empty', ['Rockpool-Credential', ''], 'credential_unknown'],
    ['that is a session’s', own(person), 'credential_unknown'],
    ['that is a control credential', own(newCredential('control')), 'credential_unknown'],
    ['that is a ticket', own(newTicket()), 'credential_unknown'],
  ])('%s', (_, headers, expected) => {
    expect(summary(decided({ target: '/harbor/items', headers }))).toBe(expected)
  })

  test('says where it stood', () => {
    expect(decided({ target: '/harbor/items', headers: own(live) })).toMatchObject({ via: 'header' })
    expect(decided({ target: '/harbor/items', headers: bearer(live) })).toMatchObject({
      via: 'authorization',
    })
  })
})

describe('a browser’s session', () => {
  const session = (text: string) => ['Cookie', `rockpool_session=${text}`]
  test.each<[string, string, string[], string]>([
    ['a person’s', '/box/items', cookie(person), 'forward box sandbox customer'],
    ['a run’s', '/box/items', cookie(runSession), 'forward box sandbox check run_1'],
    ['one, told twice', '/box/items', [...cookie(person), ...cookie(person)], 'forward box sandbox customer'],
    ['for another organization', '/harbor/items', cookie(person), 'organization_not_allowed'],
    ['in Authorization', '/box/items', bearer(person), 'credential_unknown'],
    ['ended', '/box/items', cookie(endedSession), 'credential_ended'],
    ['that nobody made', '/box/items', cookie(newCredential('session')), 'credential_unknown'],
    ['with a wrong checksum', '/box/items', session(`${person.text.slice(0, -1)}-`), 'credential_unknown'],
    ['that is a live key', '/harbor/items', session(live.text), 'credential_unknown'],
    ['empty', '/box/items', session(''), 'credential_unknown'],
    ['and a second one', '/box/items', [...cookie(person), ...cookie(runSession)], 'credential_unknown'],
    [
      'under a name that begins so',
      '/box/items',
      ['Cookie', `rockpool_session2=${person.text}`],
      'credential_missing',
    ],
    [
      'beside a key',
      '/harbor/items',
      [...cookie(person), ...bearer(live)],
      'forward harbor production customer',
    ],
    [
      'beside a bad key',
      '/box/items',
      [...cookie(person), 'authorization', 'Bearer rp_live_x'],
      'credential_unknown',
    ],
    [
      'beside the service’s own token',
      '/box/items',
      [...cookie(person), 'authorization', 'Bearer abc'],
      'forward box sandbox customer',
    ],
    ['where anybody may call', '/box/offers', cookie(runSession), 'forward box sandbox check run_1'],
    ['where anybody may call, elsewhere', '/harbor/offers', cookie(runSession), 'organization_not_allowed'],
    ['where anybody may call, no organization', '/news', cookie(person), 'forward box sandbox customer'],
    ['where anybody may call, ended', '/box/offers', cookie(endedSession), 'forward box sandbox anonymous'],
    ['where anybody may call, forged', '/box/offers', session('x'), 'forward box sandbox anonymous'],
    [
      'where anybody may call, two',
      '/box/offers',
      [...cookie(person), ...cookie(runSession)],
      'forward box sandbox anonymous',
    ],
    [
      'of many cookies',
      '/box/items',
      ['Cookie', `${'a=1; '.repeat(2000)}rockpool_session=${person.text}`],
      'forward box sandbox customer',
    ],
  ])('%s', (_, target, headers, expected) => {
    expect(summary(decided({ target, headers }))).toBe(expected)
  })

  const here = ['Host', '127.0.0.1:8470']
  test.each<[string, string[], string]>([
    ['that says nothing', [], 'origin_refused'],
    ['of the same origin', ['Sec-Fetch-Site', 'same-origin'], 'forward'],
    ['of the same origin, told by Origin', ['Origin', 'http://127.0.0.1:8470'], 'forward'],
    ['told by both', ['Origin', 'http://127.0.0.1:8470', 'Sec-Fetch-Site', 'same-origin'], 'forward'],
    ['of another port', ['Sec-Fetch-Site', 'same-site', 'Origin', 'http://127.0.0.1:8471'], 'origin_refused'],
    ['of another port, told by Origin alone', ['Origin', 'http://127.0.0.1:8471'], 'origin_refused'],
    ['of another site', ['Sec-Fetch-Site', 'cross-site'], 'origin_refused'],
    ['of no page', ['Sec-Fetch-Site', 'none'], 'origin_refused'],
    ['of an opaque origin', ['Origin', 'null'], 'origin_refused'],
    ['in a sandboxed frame', ['Origin', 'null', 'Sec-Fetch-Site', 'cross-site'], 'origin_refused'],
    ['that sends no referrer', ['Origin', 'null', 'Sec-Fetch-Site', 'same-origin'], 'forward'],
    [
      'that contradicts itself',
      ['Origin', 'http://evil.example', 'Sec-Fetch-Site', 'same-origin'],
      'origin_refused',
    ],
    [
      'with two origins',
      ['Origin', 'http://127.0.0.1:8470', 'Origin', 'http://evil.example'],
      'origin_refused',
    ],
  ])('what a page %s may change by the cookie', (_, headers, expected) => {
    const request = {
      method: 'POST',
      target: '/box/items',
      headers: [...here, ...cookie(person), ...headers],
    }
    expect(summary(decided(request)).split(' ')[0]).toBe(expected)
    expect(summary(decided({ ...request, method: 'GET' }))).toMatch('forward')
  })

  test('behind https, only a page of https is of the same origin', () => {
    const request = (origin: string) => ({
      method: 'POST',
      target: '/box/items',
      headers: ['Host', 'api.example', ...cookie(person), 'Origin', origin],
    })
    expect(summary(decided(request('https://api.example'), { secure: true }))).toMatch('forward')
    expect(summary(decided(request('http://api.example'), { secure: true }))).toBe('origin_refused')
    expect(summary(decided(request('https://api.example')))).toBe('origin_refused')
  })

  test('a key needs no origin: no browser sends it by itself', () => {
    expect(
      summary(
        decided({
          method: 'POST',
          target: '/harbor/items',
          headers: [...bearer(live), 'Origin', 'http://evil.example'],
        }),
      ),
    ).toMatch('forward')
  })
})

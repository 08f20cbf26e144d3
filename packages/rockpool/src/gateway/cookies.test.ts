import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cookieValues, sessionSetCookie, setsOurCookie, withoutOurCookies } from './cookies.ts'

test.each([
  ['theme=dark', 'theme=dark'],
  ['rockpool_session=x', ''],
  ['theme=dark; rockpool_session=x', 'theme=dark'],
  ['rockpool_control_8471=x; theme=dark; lang=en', 'theme=dark; lang=en'],
  ['ROCKPOOL_Session=x;a=1', 'a=1'],
  ['=rockpool_session=x; a=1', 'a=1'],
  [' rockpool-anything ;a=1', 'a=1'],
  ['a=rockpool_session; b="rockpool_x=1"', 'a=rockpool_session; b="rockpool_x=1"'],
  ['myrockpool_session=x', 'myrockpool_session=x'],
])('of “%s” a service sees “%s”', (header, left) => {
  expect(withoutOurCookies(header)).toBe(left)
})

test('whatever a Cookie header says, none of ours is left in it', () => {
  const pair = fc.tuple(
    fc.constantFrom('rockpool_session', 'Rockpool_x', 'a', '', ' rockpool_y', '='),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 12 }), (pairs) => {
      const left = withoutOurCookies(pairs.map(([name, value]) => `${name}=${value}`).join('; '))
      for (const cookie of left.split(';')) expect(cookie).not.toMatch(/^[\s=]*rockpool[_-]/i)
    }),
  )
})

test('a cookie is found by its whole name, each value once, over several headers', () => {
  const headers = ['a=1; rockpool_session=x ;rockpool_session=y', ' rockpool_session=x; xrockpool_session=z']
  expect(cookieValues(headers, 'rockpool_session')).toEqual(['x', 'y'])
  expect(cookieValues(['rockpool_session', '=rockpool_session=x', ''], 'rockpool_session')).toEqual([])
})

test.each([
  ['rockpool_session=evil; Path=/', true],
  [' Rockpool_Session=evil', true],
  // Browsers send the value alone of a cookie without a name: it would come back as a session.
  ['=rockpool_session=evil', true],
  ['rockpool_session', true],
  ['theme=rockpool_session', false],
  ['theme=dark; Path=/rockpool_session', false],
])('a service that sets “%s” sets a cookie of ours: %s', (header, ours) => {
  expect(setsOurCookie(header)).toBe(ours)
})

test('a session’s cookie is host-only, for no script, for no other site, and ends with the session', () => {
  const cookie = sessionSetCookie('rp_session_x', 61_500, 1_000, false)
  expect(cookie).toBe('rockpool_session=rp_session_x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax')
  expect(sessionSetCookie('x', 0, 1_000, true)).toBe(
    'rockpool_session=x; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
  )
})

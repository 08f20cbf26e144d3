import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHide, hideAll } from './hide.ts'

const token = 'tök/en+with "quotes" & spaces'

test.each([
  ['as it is', token],
  ['in JSON', JSON.stringify({ token })],
  ['in JSON within JSON’s text', JSON.stringify({ token }).slice(2)],
  ['in a query', `?token=${encodeURIComponent(token)}`],
  ['in a form', `token=${encodeURIComponent(token).replaceAll('%20', '+')}`],
  [
    'with small hexadecimal digits',
    encodeURIComponent(token).replaceAll(/%../g, (code) => code.toLowerCase()),
  ],
  ['in Base64', Buffer.from(token).toString('base64')],
  ['in Base64 for URLs', Buffer.from(token).toString('base64url')],
])('a value is hidden %s', (_, text) => {
  const hidden = createHide({ THINGS_TOKEN: token })(`before ${text} after`)
  expect(hidden).toContain('[secret THINGS_TOKEN]')
  expect(hidden).toMatch(/^before .* after$/)
  expect(hidden).not.toMatch(/quotes|cXVvdGVz|en\+with/)
})

test('a value that begins another hides no less of the longer one', () => {
  const hide = createHide({ SHORT: 'abcd', LONG: 'abcdefgh' })
  expect(hide('abcd abcdefgh')).toBe('[secret SHORT] [secret LONG]')
})

test('lines of a key are hidden one by one', () => {
  const key = '-----BEGIN KEY-----\nMIIEvgIBADANBgkqhkiG9w0\nxyz\n-----END KEY-----'
  expect(createHide({ KEY: key })('at MIIEvgIBADANBgkqhkiG9w0: bad')).toBe('at [secret KEY]: bad')
})

test('whatever the value, no text that has it comes out with it', () => {
  const value = fc.string({ minLength: 4, maxLength: 60 }).filter((text) => text.trim() !== '')
  fc.assert(
    fc.property(value, fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(!'[secret NAME]'.includes(secret) && !before.includes(secret) && !after.includes(secret))
      expect(createHide({ NAME: secret })(`${before}§${secret}§${after}`)).not.toContain(`§${secret}§`)
    }),
  )
})

test('it reaches every depth, names and numbers too, and leaves everything else as it was', () => {
  const hide = createHide({ PIN: '482913' })
  expect(hideAll({ a: [482_913, { '482913': 'x482913' }], b: null, c: true, d: 1 }, hide)).toEqual({
    a: ['[secret PIN]', { '[secret PIN]': 'x[secret PIN]' }],
    b: null,
    c: true,
    d: 1,
  })
})

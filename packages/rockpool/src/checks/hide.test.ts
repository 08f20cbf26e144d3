import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHide, hideOutcome } from './hide.ts'

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

test('it reaches every depth, names of members too, and leaves our own words and numbers as they are', () => {
  const entry = {
    type: 'call',
    method: 'GET',
    id: 1,
    parent: null,
    at: 1_234,
    ms: 5,
    place: { file: '/call.ts', line: 1_234 },
    request: { headers: { 'x-call': 'call 1234' }, body: { a: [{ call: null }, true] }, cut: null },
  }
  const failure = { kind: 'error', message: 'a call', steps: ['call'], frame: [{ line: 2, text: 'call()' }] }
  const left = { entries: 0, console: 0, bodies: 0 }
  const outcome = { ending: { type: 'failed', failure }, evidence: { entries: [entry], left } }
  const hide = createHide({ PIN: '1234', WORD: 'call' })
  expect(hideOutcome(outcome as never, hide)).toEqual({
    ending: {
      type: 'failed',
      failure: {
        kind: 'error',
        message: 'a [secret WORD]',
        steps: ['[secret WORD]'],
        frame: [{ line: 2, text: '[secret WORD]()' }],
      },
    },
    evidence: {
      left,
      entries: [
        {
          ...entry,
          request: {
            headers: { 'x-[secret WORD]': '[secret WORD] [secret PIN]' },
            body: { a: [{ '[secret WORD]': null }, true] },
            cut: null,
          },
        },
      ],
    },
  })
})

test('fifty secrets of 64 KB hold up nobody', () => {
  const values = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`S${index}`, `${index}-`.padEnd(64 * 1024, 'xyz 0123456789')]),
  )
  const hide = createHide(values)
  const began = performance.now()
  for (let count = 0; count < 100; count++) hide('x'.repeat(16 * 1024))
  expect(performance.now() - began).toBeLessThan(5_000)
  expect(hide(`a ${values['S7']} b`)).toBe('a [secret S7] b')
})

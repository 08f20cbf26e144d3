import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  credentialKinds,
  isTicket,
  newCredential,
  newTicket,
  parseCredential,
  sha256Hex,
} from './credential-text.ts'

test.each(credentialKinds)(
  'a new %s credential parses as its kind, and its hash is that of its text',
  (kind) => {
    const made = newCredential(kind)
    expect(made.text).toMatch(new RegExp(`^rp_${kind}_[0-9A-Za-z]{33}$`))
    expect(parseCredential(made.text)).toEqual({ kind })
    expect(made.sha256).toBe(sha256Hex(made.text))
    expect(made.hint).not.toContain(made.text.slice(12, 30))
  },
)

test('one changed character fails the checksum', () => {
  const { text } = newCredential('live')
  fc.assert(
    fc.property(
      fc.integer({ min: 8, max: text.length - 1 }),
      fc.constantFrom('0', 'A', 'Z', 'a', 'z', '9'),
      (at, character) => {
        fc.pre(text[at] !== character)
        expect(parseCredential(text.slice(0, at) + character + text.slice(at + 1))).toBeUndefined()
      },
    ),
  )
})

test('a text is what an expression and zlib’s CRC-32 say it is', () => {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  const sumOf = (checked: string) => {
    let text = ''
    for (let rest = crc32(checked); text.length < 6; rest = Math.floor(rest / 62))
      text = alphabet[rest % 62] + text
    return text
  }
  const form = new RegExp(
    `^rp_(${[...credentialKinds, 'ticket'].join('|')})_([0-9A-Za-z]{27})([0-9A-Za-z]{6})$`,
  )
  const kindOf = (text: string) => {
    const [, kind, secret, sum] = form.exec(text) ?? []
    return kind !== undefined && sumOf(`${kind}_${secret}`) === sum ? kind : undefined
  }
  const digit = fc.constantFrom(...alphabet.split(''))
  const kinds = fc.constantFrom(...credentialKinds, 'ticket', 'admin', '')
  // A right checksum does not make a secret of what has other characters.
  const unit = fc.oneof({ weight: 99, arbitrary: digit }, { weight: 1, arbitrary: fc.constantFrom('_', '-') })
  const secret = fc.string({ unit, minLength: 27, maxLength: 27 })
  const change = fc.record({
    at: fc.nat(60),
    drop: fc.nat(1),
    put: fc.oneof(fc.constant(''), digit, fc.constantFrom('_', '-', ' ', '\n', '\u0080', 'é', '€')),
  })
  fc.assert(
    fc.property(kinds, secret, fc.option(change, { nil: undefined }), (kind, body, changed) => {
      const whole = `rp_${kind}_${body}${sumOf(`${kind}_${body}`)}`
      const text =
        changed === undefined
          ? whole
          : whole.slice(0, changed.at) + changed.put + whole.slice(changed.at + changed.drop)
      const expected = kindOf(text)
      expect(parseCredential(text)?.kind).toBe(expected === 'ticket' ? undefined : expected)
      expect(isTicket(text)).toBe(expected === 'ticket')
    }),
    { numRuns: 5000 },
  )
})

test('text that only begins like a credential is none', () => {
  for (const text of [
    '',
    'rp_live_',
    'rp_admin_' + 'a'.repeat(33),
    `${newCredential('run').text}x`,
    ` ${newCredential('run').text}`,
  ]) {
    expect(parseCredential(text)).toBeUndefined()
  }
})

test('a ticket has the form of a credential, and is none', () => {
  const { text, sha256 } = newTicket()
  expect(text).toMatch(/^rp_ticket_[0-9A-Za-z]{33}$/)
  expect(sha256).toBe(sha256Hex(text))
  expect(isTicket(text)).toBe(true)
  expect(parseCredential(text)).toBeUndefined()
  expect(isTicket(newCredential('session').text)).toBe(false)
  const changed = `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`
  for (const other of [changed, `${text} `, ` ${text}`, text.slice(0, -1), ''])
    expect(isTicket(other)).toBe(false)
})

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

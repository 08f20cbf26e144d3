import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkNewOrganization, credentialState, slugFindings } from './rules.ts'

test.each(['ab', 'harbor', 'harbor-goods', '42', 'a'.repeat(63), 'x1-y2-z3'])('“%s” is a slug', (slug) => {
  expect(slugFindings(slug)).toEqual([])
})

test.each([
  ['', 'is too short'],
  ['a', 'is too short'],
  ['a'.repeat(64), 'is too long'],
  ['Harbor', 'has other characters'],
  ['hafen-süd', 'has other characters'],
  ['harbor_goods', 'has other characters'],
  ["x'; drop table organization; --", 'has other characters'],
  ['harbor\n', 'has other characters'],
  ['har bor', 'has other characters'],
  ['../harbor', 'has other characters'],
  ['-harbor', 'begins or ends with a dash'],
  ['harbor-', 'begins or ends with a dash'],
  ['har--bor', 'has two dashes in a row'],
  ['well-known', 'is a reserved word'],
  ['rockpool', 'is a reserved word'],
])('“%s” is no slug: it %s', (slug, message) => {
  expect(slugFindings(slug).some((finding) => finding.message.startsWith(message))).toBe(true)
})

test('all that is wrong with a slug is told at once', () => {
  expect(slugFindings(`-A--${'b'.repeat(70)}`).map(({ message }) => message)).toEqual([
    'is too long: 63 characters at most',
    'has other characters than lower-case letters a–z, digits and dashes',
    'begins or ends with a dash',
    'has two dashes in a row',
  ])
})

test('whatever passes as a slug is safe in a path, a host name and a shell', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-zA-Z0-9.-]{0,70}$/)), (slug) => {
      if (slugFindings(slug).length > 0) return
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(encodeURIComponent(slug)).toBe(slug)
      expect(slug.length).toBeLessThanOrEqual(63)
    }),
    { numRuns: 2000 },
  )
})

test('all that is wrong with a new organization is told at once', () => {
  const create = () =>
    checkNewOrganization({
      slug: 'Admin',
      name: ' \u0000',
      environment: 'staging' as 'sandbox',
      parent: 'Admin',
    })
  expect(create).toThrow(
    expect.objectContaining({
      code: 'invalid_input',
      findings: [
        { path: 'slug', message: 'has other characters than lower-case letters a–z, digits and dashes' },
        { path: 'name', message: 'has control characters' },
        { path: 'environment', message: 'is production or sandbox' },
        { path: 'parent', message: 'only a sandbox has a parent' },
        { path: 'parent', message: 'is another organization' },
      ],
    }),
  )
})

test('a credential has ended at the very moment of its end', () => {
  const endsAt = '2026-01-01T00:00:00.000Z'
  expect(credentialState({ endsAt, revokedAt: null }, Date.parse(endsAt) - 1)).toBe('active')
  expect(credentialState({ endsAt, revokedAt: null }, Date.parse(endsAt))).toBe('ended')
  expect(credentialState({ endsAt: null, revokedAt: endsAt }, 0)).toBe('revoked')
  expect(credentialState({ endsAt: null, revokedAt: null }, Date.now())).toBe('active')
})

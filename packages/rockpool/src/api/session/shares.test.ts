import { expect, test } from 'vitest'
import { newCredential } from '../../kernel/index.ts'
import { joinCredential, splitCredential } from './shares.ts'

test('both shares make the credential again; each time it is split they are others', () => {
  const { text } = newCredential('control')
  const [one, two] = [splitCredential(text), splitCredential(text)]
  expect(joinCredential(one)).toBe(text)
  expect(joinCredential(two)).toBe(text)
  expect(new Set([one.cookie, one.key, two.cookie, two.key]).size).toBe(4)
  expect(joinCredential({ cookie: one.cookie, key: two.key })).not.toBe(text)
})

test('a share alone is random: even the beginning that all credentials have in common is not in it', () => {
  const { text } = newCredential('control')
  for (let at = 0; at < 200; at++) {
    const { cookie, key } = splitCredential(text)
    for (const share of [cookie, key]) {
      const bytes = Buffer.from(share, 'base64url').toString('latin1')
      expect(bytes).toHaveLength(text.length)
      expect(bytes).not.toContain('rp_c')
    }
  }
})

test('what cannot belong together makes nothing', () => {
  const { cookie, key } = splitCredential('rp_control_abc')
  for (const other of ['', key.slice(4), `${key}AAAA`, '%%%'])
    expect(joinCredential({ cookie, key: other })).toBeUndefined()
})

import { expect, test } from 'vitest'
import { snapshotOf } from '../../../test/support/gateway-entries.ts'
import { claimsAt, iss, issuerEntry, testKey, tokenBy } from '../../../test/support/issuer.ts'
import { applyChange, checkEntry, openSnapshot, toSnapshot } from '../snapshot.ts'

const now = Date.UTC(2026, 0, 1)
const k1 = testKey('ES256')
const k2 = testKey('ES256', { which: 'second', kid: 'k2' })
const [byFirst, bySecond] = [tokenBy(k1, claimsAt(now)), tokenBy(k2, claimsAt(now))]

function opened(input: unknown) {
  const result = openSnapshot(input)
  if (!result.ok) throw new Error(JSON.stringify(result.findings))
  return result.directory
}

test('a snapshot of before there were issuers opens, with none', () => {
  const { issuers: _, ...before } = snapshotOf({})
  expect(opened(before).issuers.entries.size).toBe(0)
  expect(opened(before).issuers.judge(byFirst, now)).toEqual({ kind: 'foreign' })
})

test('what is kept on disk opens as the same', () => {
  const snapshot = snapshotOf({ issuers: [issuerEntry([k1.key])] })
  expect(toSnapshot(opened(snapshot), snapshot.at)).toEqual(snapshot)
})

test('a rotated key counts with the very change, and what was remembered by the old ones goes', () => {
  const directory = opened(snapshotOf({ issuers: [issuerEntry([k1.key])] }))
  const kinds = () => [byFirst, bySecond].map((token) => directory.issuers.judge(token, now).kind)
  const change = (more: object) =>
    applyChange(directory, { version: directory.version + 1, set: {}, removed: {}, ...more })
  expect(kinds()).toEqual(['verified', 'refused'])
  expect(change({ set: { issuers: [issuerEntry([k1.key, k2.key])] } }).ok).toBe(true)
  expect(kinds()).toEqual(['verified', 'verified'])
  expect(change({ set: { issuers: [issuerEntry([k2.key])] } }).ok).toBe(true)
  expect(kinds()).toEqual(['refused', 'verified'])
  expect(change({ removed: { issuers: [iss] } }).ok).toBe(true)
  expect(kinds()).toEqual(['foreign', 'foreign'])
})

test('a private member in a key is a finding: it must never have come so far', () => {
  const { d } = k1.privateKey.export({ format: 'jwk' })
  const entry = issuerEntry([Object.assign({ d }, k1.key)])
  expect(openSnapshot(snapshotOf({ issuers: [entry] })).ok).toBe(false)
  const findings = checkEntry('issuers', entry)
  expect(findings).not.toEqual([])
  expect(JSON.stringify(findings)).not.toContain(d!)
})

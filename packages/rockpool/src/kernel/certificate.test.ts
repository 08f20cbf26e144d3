import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeCertificate } from '../../test/support/certificates.ts'
import { temporaryFolder } from '../../test/support/gateway.ts'
import { readCertificate } from './certificate.ts'

const messages = async (files: { cert: string; key: string }, now?: number) => {
  const read = await readCertificate(files, now)
  return 'findings' in read ? read.findings.map(({ path, message }) => `${path}: ${message}`) : []
}

test('a certificate with its key is read, with the day of its end', async () => {
  const files = makeCertificate(temporaryFolder())
  const read = await readCertificate(files)
  expect(read).toMatchObject({ certificate: { cert: files.ca } })
  if ('certificate' in read) expect(Date.parse(read.certificate.endsAt)).toBeGreaterThan(Date.now())
})

test('an expired one, and one that is not valid yet, are found', async () => {
  const files = makeCertificate(temporaryFolder())
  const [expired] = await messages(files, Date.now() + 5 * 86_400_000)
  expect(expired).toMatch(/^cert: it expired on \d{4}-/)
  const [early] = await messages(files, Date.now() - 5 * 86_400_000)
  expect(early).toMatch(/^cert: it is not valid before \d{4}-/)
})

test('all that is wrong with both files is told at once, and nothing of a key', async () => {
  const folder = temporaryFolder()
  const one = makeCertificate(folder, 'one')
  const other = makeCertificate(folder, 'other')
  chmodSync(other.key, 0o604)
  expect(await messages({ cert: one.cert, key: other.key })).toEqual([
    `key: everybody on this machine may use it: chmod o= ${other.key}`,
    'key: it is not the key of this certificate',
  ])
  const nothing = join(folder, 'nothing')
  expect(await messages({ cert: nothing, key: nothing })).toEqual([
    `cert: there is nothing at ${nothing}`,
    `key: there is nothing at ${nothing}`,
  ])
  const text = join(folder, 'text')
  writeFileSync(text, 'no PEM', { mode: 0o600 })
  expect(await messages({ cert: text, key: text })).toEqual([
    'cert: this is no certificate in PEM',
    'key: this is no private key in PEM',
  ])
  expect(await messages({ cert: one.key, key: one.cert })).toHaveLength(3)
})

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.ts'
import { loadSecret } from './secret.ts'

test('sixteen that start at once agree on one secret, which only its owner can read', async () => {
  const folder = await temporaryFolder('secret')
  const secrets = await Promise.all(Array.from({ length: 16 }, () => loadSecret(folder, {})))
  expect(new Set(secrets.map((secret) => secret.derive('role:gateway'))).size).toBe(1)
  expect((await stat(join(folder, 'secret'))).mode & 0o777).toBe(0o600)
  expect(await readdir(folder)).toEqual(['secret'])
})

test('labels give different values, and a short secret is refused', async () => {
  const secret = await loadSecret('/nowhere', { ROCKPOOL_SECRET: Buffer.alloc(32, 7).toString('base64url') })
  expect(secret.derive('role:gateway')).not.toBe(secret.derive('role:relay'))
  await expect(loadSecret('/nowhere', { ROCKPOOL_SECRET: 'short' })).rejects.toThrow('at least 32 bytes')
})

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Installation } from './installation.ts'
import { credentialsFile, keepCredential, ownerCredential, signedIn } from './sign-in.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rockpool-sign-in-'))
  vi.stubEnv('XDG_CONFIG_HOME', home)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(home, { recursive: true })
})

const installation = (name: string) =>
  ({
    name,
    again: `--installation ${name} --data /srv/shop`,
    config: { file: '/shop/rockpool.config.ts' },
  }) as Installation

test('credentials are kept by installation, in a file that its owner alone may read', async () => {
  await keepCredential(installation('local'), 'rp_control_one')
  const file = await keepCredential(installation('production'), 'rp_control_two')
  expect(file).toBe(credentialsFile())
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(join(home, 'rockpool'))).mode & 0o777).toBe(0o700)
  expect(await signedIn(installation('local'), { XDG_CONFIG_HOME: home })).toBe('rp_control_one')
  expect(await signedIn(installation('production'), { XDG_CONFIG_HOME: home })).toBe('rp_control_two')
})

test('a file that others could read is made private when it is written again', async () => {
  const file = await keepCredential(installation('local'), 'rp_control_one')
  await writeFile(file, await readFile(file), { mode: 0o644 })
  await keepCredential(installation('local'), 'rp_control_two')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('who is not signed in is told how; ROCKPOOL_CREDENTIAL goes before the file, and must be able to be one', async () => {
  const environment = { XDG_CONFIG_HOME: home }
  await expect(signedIn(installation('local'), environment)).rejects.toThrow(
    'run “rockpool login --installation local --data /srv/shop”',
  )
  const given = (text: string) =>
    signedIn(installation('local'), { ...environment, ROCKPOOL_CREDENTIAL: text })
  expect(await given('rp_control_ci\n')).toBe('rp_control_ci')
  await expect(given('two\nlines')).rejects.toMatchObject({ code: 'credential_unknown' })
})

test('a file that is not JSON, and a data folder of somebody else, are named', async () => {
  await keepCredential(installation('local'), 'rp_control_one')
  await writeFile(credentialsFile(), 'nonsense')
  await expect(signedIn(installation('local'))).rejects.toThrow(`${credentialsFile()} is not JSON`)
  await expect(ownerCredential(join(home, 'nowhere'))).rejects.toThrow('sign in as the user who runs')
})

import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findChromium, mendCommand } from './find.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rockpool-find-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function program(path: string, mode = 0o755): Promise<string> {
  const file = join(folder, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, '#!/bin/sh\n')
  await chmod(file, mode)
  return file
}

const find = (environment: NodeJS.ProcessEnv) =>
  findChromium({ environment: { HOME: folder, ...environment }, platform: 'linux' })

test('what ROCKPOOL_CHROMIUM names comes first, and is no guess: a wrong one is said', async () => {
  const given = await program('mine')
  const other = await program('bin/chromium')
  expect(await find({ ROCKPOOL_CHROMIUM: given, PATH: dirname(other) })).toEqual({ path: given })
  expect(await find({ ROCKPOOL_CHROMIUM: 'chromium', PATH: dirname(other) })).toMatchObject({
    missing: expect.stringContaining('ROCKPOOL_CHROMIUM') as string,
  })
})

test('then the PATH, whose relative folders and files that cannot be run do not count', async () => {
  await program('a/chromium', 0o644)
  const google = await program('b/google-chrome')
  expect(await find({ PATH: `.:${join(folder, 'a')}:${join(folder, 'b')}` })).toEqual({ path: google })
})

test('then what Playwright downloaded whole, the newest of it', async () => {
  await program('.cache/ms-playwright/chromium-1100/chrome-linux/chrome')
  await program('.cache/ms-playwright/chromium-1100/INSTALLATION_COMPLETE')
  const newest = await program(
    '.cache/ms-playwright/chromium_headless_shell-1200/chrome-linux/headless_shell',
  )
  await program('.cache/ms-playwright/chromium_headless_shell-1200/INSTALLATION_COMPLETE')
  await program('.cache/ms-playwright/chromium-1300/chrome-linux/chrome')
  expect(await find({ PATH: '' })).toEqual({ path: newest })
})

test('with an empty PATH and no cache, the one command that mends it is said', async () => {
  expect(await find({ PATH: '' })).toEqual({
    missing: `there is no Chromium for the page; install it: ${mendCommand('linux')}`,
  })
  expect(mendCommand('darwin')).toBe('npx playwright-core install chromium')
})

import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findChromium } from '../packages/rockpool/src/checks/browser/find.ts'
import { hasChromium, prepareChromium } from './chromium.mjs'

function clone() {
  const root = mkdtempSync(join(tmpdir(), 'rockpool-chromium-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'node_modules'))
  return root
}

/** Prepares with a shell that only remembers; each command ends with the next status. */
function prepare(root: string, statuses: number[], { isRoot = true, PATH = '' } = {}) {
  const commands: string[] = []
  const lines: string[] = []
  prepareChromium(root, {
    environment: { PATH, HOME: root },
    isRoot,
    shell: (command: string) => {
      commands.push(command)
      return statuses.shift() ?? 1
    },
    tell: (line: string) => lines.push(line),
  })
  return { commands, lines }
}

test('it is installed once, without recommended packages, with one line said', () => {
  const { commands, lines } = prepare(clone(), [0, 0])
  expect(commands.at(-1)).toContain('install -y --no-install-recommends chromium')
  expect(lines).toEqual(['installing Chromium, once, for checks with a page (apt-get install chromium)'])
})

test('where it failed, nothing is asked or said again in the same clone', () => {
  const root = clone()
  expect(prepare(root, [0, 1, 1]).commands).toHaveLength(3)
  expect(prepare(root, [0, 0])).toEqual({ commands: [], lines: [] })
})

test('who may not install is asked nothing, and told by the check that needs it', () => {
  const root = clone()
  expect(prepare(root, [], { isRoot: false })).toEqual({ commands: [], lines: [] })
  expect(existsSync(join(root, 'node_modules', '.rockpool-chromium'))).toBe(true)
})

test('nothing happens where there is one, and the set-up sees what the product sees', async () => {
  const root = clone()
  const bin = join(root, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'chromium'), '#!/bin/sh\n')
  chmodSync(join(bin, 'chromium'), 0o755)
  expect(prepare(root, [], { PATH: bin })).toEqual({ commands: [], lines: [] })
  for (const environment of [
    { HOME: root, PATH: bin },
    { HOME: root, PATH: '' },
    { HOME: root, PATH: 'bin' },
    { HOME: root, PATH: bin, ROCKPOOL_CHROMIUM: '/nowhere' },
    { HOME: root, PATH: '', ROCKPOOL_CHROMIUM: join(bin, 'chromium') },
  ])
    expect('path' in (await findChromium({ environment }))).toBe(hasChromium(environment))
})

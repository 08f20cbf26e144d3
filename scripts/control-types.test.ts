import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { controlFiles } from './control-types.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
let made: [place: string, text: string][]
beforeAll(async () => {
  made = Object.entries(await controlFiles())
})

test('what pages and commands know of our API are the operations that the parts declare', async () => {
  expect(made).toHaveLength(2)
  for (const [place, text] of made) {
    expect(text).toContain('/organizations/{organization}')
    const isSame = (await readFile(join(root, place), 'utf8')) === text
    expect(isSame, `${place} is made of operations that have changed: node scripts/control-types.mjs`).toBe(
      true,
    )
  }
})

test('a route has its summary, and the members of its answer that are always there', () => {
  const [, text] = made.find(([place]) => place.endsWith('routes.ts'))!
  expect(text).toContain(`  'GET /sandboxes': {
    id: 'sandboxes.list',
    summary: 'List sandboxes, the newest first',
    has: ['items', 'next'],
  },`)
})

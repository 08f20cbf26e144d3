import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { controlTypes, place } from './control-types.mjs'

const file = join(fileURLToPath(new URL('..', import.meta.url)), place)

test('the pages’ types of our API are those of the operations that the parts declare', async () => {
  const made = await controlTypes()
  expect(made).toContain("'/organizations/{organization}'")
  const isSame = (await readFile(file, 'utf8')) === made
  expect(isSame, `${place} is made of operations that have changed: node scripts/control-types.mjs`).toBe(
    true,
  )
})

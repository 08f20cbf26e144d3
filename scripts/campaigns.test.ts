import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { campaigns } from './campaigns.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const files = globSync('packages/*/{src,test}/**/*.test.ts', { cwd: root })
const filters = Object.values(campaigns).flat()

test('every proof that has a full count is run at it by a campaign', () => {
  const counting = files.filter((file) =>
    readFileSync(`${root}/${file}`, 'utf8').includes('support/counts.ts'),
  )
  expect(counting.length).toBeGreaterThan(10)
  expect(counting.filter((file) => !filters.some((filter) => file.includes(filter)))).toEqual([])
})

test('every campaign finds all that it names', () => {
  expect(filters.filter((filter) => !files.some((file) => file.includes(filter)))).toEqual([])
})

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { gatewayFlags } from './gateway-flags.ts'

const bounded = [
  expect.stringMatching(/^--min-semi-space-size=\d+$/),
  expect.stringMatching(/^--max-semi-space-size=\d+$/),
  expect.stringMatching(/^--heap-growing-percent=\d+$/),
]

test.each([
  [1, 4],
  [3, 4],
])('%d workers on %d cores leave V8 its threads: there are cores for them', (workers, cores) => {
  expect(gatewayFlags({ workers, cores })).toEqual(bounded)
})

test.each([
  [1, 1],
  [4, 4],
  [5, 4],
  ['auto', 4],
] as const)('%s workers on %d cores give V8 one thread beside the one that serves', (workers, cores) => {
  expect(gatewayFlags({ workers, cores })).toEqual([...bounded, '--v8-pool-size=1'])
})

/** A cluster whose worker makes much that is young, and tells how many bytes it holds for that. */
const program = `
  import cluster from 'node:cluster'
  import { getHeapSpaceStatistics } from 'node:v8'
  if (cluster.isPrimary) cluster.fork()
  else {
    let held = []
    for (let made = 0; made < 3_000_000; made++) {
      held.push({ made })
      if (held.length > 200_000) held = []
    }
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
    console.log(young.space_size)
    process.exit()
  }`

test('a Node with these flags bounds its young generation, in workers too', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rockpool-flags-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'cluster.mjs')
  writeFileSync(file, program)
  const flags = gatewayFlags({ workers: 'auto' })
  const bytes = Number(execFileSync(process.execPath, [...flags, file], { encoding: 'utf8' }))
  expect(bytes).toBeGreaterThan(0)
  // Two halves.
  expect(bytes).toBeLessThanOrEqual(2 * 8 * 1024 * 1024)
})

// `npm run bench -- <area> … [--runs N] [--json]`: measures on this machine and prints a table, or one JSON object per line.
// Of the area gateway alone: `--only <proxies> --load <kinds> --profile <folder>`.
import { parseArgs } from 'node:util'
import { cleanUp } from './rockpool.mjs'
import { median } from './statistics.mjs'

/**
 * One figure of one area. `ours` holds a value per run.
 * @typedef {{ figure: string, unit: string, ours: number[], peer?: string, theirs?: number[] }} Measurement
 * @typedef {{ describe: string, measure: (options: Options) => Promise<Measurement[]> }} Area
 * @typedef {{ runs?: number, only?: string, load?: string, profile?: string, progress: (text: string) => void }} Options
 */

/** @type {Record<string, () => Promise<Area>>} */
const areas = {
  start: () => import('./areas/start.mjs'),
  sandboxes: () => import('./areas/sandboxes.mjs'),
  checks: () => import('./areas/checks.mjs'),
  dashboard: () => import('./areas/dashboard.mjs'),
  gateway: () => import('./areas/gateway.mjs'),
  contracts: () => import('./areas/contracts.mjs'),
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string' },
    only: { type: 'string' },
    load: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean' },
  },
})
const unknown = positionals.filter((name) => name !== 'all' && !areas[name])
if (values.help || positionals.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) console.error(`there is no area "${unknown[0]}"`)
  console.error('npm run bench -- <area> … [--runs N] [--json]')
  console.error('of gateway: [--only <proxy>,…] [--load <kind>,…] [--profile <folder>]\nareas: all')
  for (const [name, load] of Object.entries(areas))
    console.error(`  ${name.padEnd(10)} ${(await load()).describe}`)
  process.exit(values.help ? 0 : 2)
}
const { only, load, profile } = values
const options = {
  ...(values.runs !== undefined && { runs: Number(values.runs) }),
  ...(only !== undefined && { only }),
  ...(load !== undefined && { load }),
  ...(profile !== undefined && { profile }),
}
const progress = (/** @type {string} */ text) => console.error(`  ${text}`)

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.once(signal, () => {
    process.exitCode = 130
    void cleanUp().then(() => process.exit())
  })
}

const chosen = positionals.includes('all') ? Object.keys(areas) : positionals
const lines = []
try {
  for (const area of chosen) {
    console.error(`measuring ${area}`)
    const { measure } = await areas[area]()
    for (const { figure, unit, ours, peer = null, theirs } of await measure({ ...options, progress })) {
      const value = round(median(ours))
      const ratio = theirs ? round(value / median(theirs)) : null
      const line = { area, figure, value, unit, peer, ratio, runs: ours.length }
      const spread = { least: round(Math.min(...ours)), most: round(Math.max(...ours)) }
      lines.push({ ...line, ...spread, ...(theirs && { theirs: round(median(theirs)) }) })
      if (values.json) console.log(JSON.stringify(line))
    }
  }
} catch (error) {
  // What is stopped by the user fails too; that is no news.
  if (process.exitCode === undefined) console.error(error instanceof Error ? error.message : error)
  process.exitCode ??= 1
} finally {
  // What was measured before something failed is worth having.
  if (!values.json && lines.length > 0) console.table(lines)
  await cleanUp()
}
// Keep-alive connections are no reason to stay.
process.exit()

/** Three significant digits. @param {number} value */
function round(value) {
  return Number(value.toPrecision(3))
}

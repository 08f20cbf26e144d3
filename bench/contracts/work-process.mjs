// One piece of work on contracts in a process of its own, as a command would do it. Arguments: what, files. Prints one line of JSON.
import { readFileSync } from 'node:fs'

/** @typedef {typeof import('../../packages/rockpool/src/contracts/index.ts')} Contracts */

const began = performance.now()
const { readContract, differencesOf } = /** @type {Contracts} */ (
  await import(new URL('../../packages/rockpool/dist/contracts/index.js', import.meta.url).href)
)
const loadedS = (performance.now() - began) / 1000

/** @param {string} file */
function read(file) {
  const reading = readContract(readFileSync(file, 'utf8'), { file })
  if (!reading.ok) throw new Error(`${file}: ${reading.findings[0]?.message}`)
  return reading.contract
}

/** @type {Record<string, (files: string[]) => { seconds: number, found: number }>} */
const works = {
  import(files) {
    const start = performance.now()
    const { operations } = read(files[0] ?? '')
    return { seconds: (performance.now() - start) / 1000, found: operations.length }
  },
  diff(files) {
    const [before, after] = files.map(read)
    if (!before || !after) throw new Error('two files')
    const start = performance.now()
    const differences = differencesOf(before, after)
    return { seconds: (performance.now() - start) / 1000, found: differences.length }
  },
}

const [, , what = '', ...files] = process.argv
const work = works[what]
if (!work) throw new Error(`there is no work ${what}`)
const result = work(files)
// The most that was in memory at once, in kilobytes of 1024 bytes (getrusage(2)).
const peakMb = (process.resourceUsage().maxRSS * 1024) / 1e6
console.log(JSON.stringify({ ...result, loadedS, peakMb }))

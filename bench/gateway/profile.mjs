// Where a gateway's own time goes, from a CPU profile.
import { readFileSync } from 'node:fs'

/**
 * The functions that took most, themselves; a line each, with their share of the time that was not idle.
 * @param {string} file a .cpuprofile @param {number} [count]
 */
export function topFunctions(file, count = 25) {
  /** @type {{ nodes: { id: number, callFrame: { functionName: string, url: string, lineNumber: number } }[], samples: number[], timeDeltas: number[] }} */
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8'))
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const place =
        url === '' ? '' : ` ${url.replace(/^file:.*\/(packages|node_modules)\//, '')}:${lineNumber + 1}`
      return [id, `${functionName || '(anonymous)'}${place}`]
    }),
  )
  /** @type {Map<string, number>} */
  const times = new Map()
  let total = 0
  samples.forEach((id, index) => {
    const name = names.get(id) ?? ''
    if (name === '(idle)' || name.includes(' node:inspector')) return // the profiler’s own
    const time = timeDeltas[index] ?? 0
    total += time
    times.set(name, (times.get(name) ?? 0) + time)
  })
  return [...times]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, count)
    .map(([name, time]) => `${((100 * time) / total).toFixed(1).padStart(5)} %  ${name}`)
}

import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { engines } from '../../packages/rockpool/src/gateway/index.ts'
import { startControl } from '../gateway/control.mjs'
import { checkDuties } from '../gateway/duties.mjs'
import { startLoad } from '../gateway/load.mjs'
import { cpuLoads, cpuTurn, idleConnections, idleMemory, latencyTurn, settleMs } from '../gateway/loads.mjs'
import { buildOurs, demandPrograms, installPackages } from '../gateway/prepare.mjs'
import { besideStopped, mostOpenFiles, pickCores } from '../gateway/processes.mjs'
import { topFunctions } from '../gateway/profile.mjs'
import { createSnapshot } from '../gateway/snapshot.mjs'
import { mainEngine, makeCertificate, startOurs, startTarget, targetNames } from '../gateway/targets.mjs'
import { dataFolder } from '../rockpool.mjs'
import { median } from '../statistics.mjs'

export const describe =
  'CPU and latency of a call through the gateway with all duties on, beside bare proxies; memory of idle connections'

/*
 *   core A: the load client, the upstream          core B: one proxy at a time
 *           ▲ closed or open loop, every byte seen         ▲ CPU by /proc/<pid>/stat, before and after a turn
 *           └───────────── all proxies run all the time, measured in turns: A B C A B C … ─────────────┘
 */

const cpuLoadNames = /** @type {(keyof typeof cpuLoads)[]} */ (Object.keys(cpuLoads))
const loadNames = [...cpuLoadNames, 'p99', 'idle']

/**
 * @typedef {import('../gateway/targets.mjs').Target} Target
 * @typedef {import('../run.mjs').Measurement} Measurement
 * @typedef {Map<Target, number[]>} Values a value per turn
 * @typedef {Awaited<ReturnType<typeof prepare>> & { runs: number, kinds: string[], progress: (text: string) => void, profile: string | undefined }} Bench
 */

/**
 * @param {{ runs?: number, progress: (text: string) => void, only?: string, load?: string, profile?: string }} options
 * `only`, `load`: names, with commas between them; `profile`: a folder for CPU profiles of our engines
 * @returns {Promise<Measurement[]>}
 */
export async function measure({ runs = 5, progress, only, load, profile }) {
  const names = choose('--only', only, targetNames)
  const kinds = choose('--load', load, loadNames)
  demandPrograms(names)
  installPackages(progress)
  // A profile names lines of the sources.
  const fromSources = profile !== undefined
  if (!fromSources && oursOf(names).length > 0) buildOurs(progress)
  const bench = { ...(await prepare(fromSources)), runs, kinds, progress, profile }
  const { world } = bench

  /** @type {Target[]} */
  const plain = []
  for (const name of names) plain.push(await startTarget(name, world))
  for (const target of plain) if (target.ours) await checkDuties(target, bench.anyRequest)
  const encrypted = [...plain.filter(({ ours }) => !ours), ...(await startEncrypted(bench, names))]
  const all = new Set([...plain, ...encrypted])
  progress(`core ${world.core}: ${[...all].map(({ name, pid }) => `${name} (${pid})`).join(', ')}`)

  const costs = await measureCosts(bench, { plain, encrypted })
  const latencies = await measureLatencies(bench, plain, costs.get('1k'))
  for (const target of all) await target.stop()
  const memory = await measureMemory(bench, names)
  const oursToo = plain.some(({ ours }) => ours)
  return [
    ...[...costs].flatMap(([name, values]) => toMeasurements(cpuLoads[name].figure, 'µs', values, oursToo)),
    ...toMeasurements('p99_ms_half_load', 'ms', latencies, oursToo),
    ...memory,
  ]
}

/** The load process, and what targets need to start. @param {boolean} fromSources */
async function prepare(fromSources) {
  const cores = pickCores()
  const load = await startLoad(cores.others)
  const { snapshot, requests } = createSnapshot(load.upstream)
  const folder = dataFolder()
  const world = {
    core: cores.proxies,
    folder,
    upstream: load.upstream,
    controlUrl: await startControl(snapshot),
    tls: makeCertificate(folder),
    fromSources,
  }
  return { load, requests, world, anyRequest: requests(1, 'echo')[0] ?? '' }
}

/** Ours once more, with TLS. @param {Bench} bench @param {string[]} names @returns {Promise<Target[]>} */
async function startEncrypted({ kinds, world, anyRequest, progress }, names) {
  const targets = []
  for (const name of kinds.includes('tls') ? oursOf(names) : []) {
    try {
      const target = await startOurs(name, world, { encrypted: true })
      await checkDuties(target, anyRequest)
      targets.push(target)
    } catch (error) {
      // What a gateway says whose engine has no TLS.
      if (!(error instanceof Error && error.message.includes('cannot serve a certificate'))) throw error
      progress(`${name} speaks no TLS: left out of that figure`)
    }
  }
  return targets
}

/**
 * CPU per request, by the name of the load.
 * @param {Bench} bench @param {{ plain: Target[], encrypted: Target[] }} targets
 */
async function measureCosts({ load, requests, runs, kinds, progress, profile }, { plain, encrypted }) {
  /** @type {Map<keyof typeof cpuLoads, Values>} */
  const costs = new Map()
  for (const name of cpuLoadNames.filter((name) => kinds.includes(name))) {
    const turn = (/** @type {Target} */ target, /** @type {boolean} */ counts) =>
      cpuTurn(target, load, requests, counts ? cpuLoads[name] : { ...cpuLoads[name], ms: settleMs })
    const targets = cpuLoads[name].encrypted ? encrypted : plain
    const values = await inTurns(targets, runs, profiled(turn, profile, name, progress))
    progress(`µs of CPU per request, ${name}: ${told(values)}`)
    costs.set(name, values)
  }
  return costs
}

/**
 * The 99th percentile at half load. @param {Bench} bench @param {Target[]} targets
 * @param {Values | undefined} cost microseconds per request, if they are known
 * @returns {Promise<Values>}
 */
async function measureLatencies({ load, requests, runs, kinds, progress }, targets, cost) {
  if (!kinds.includes('p99')) return new Map()
  cost ??= await inTurns(targets, 1, (target) => cpuTurn(target, load, requests, cpuLoads['1k']))
  const rates = halfLoads(cost)
  progress(`requests per second: ${[...rates].map(([{ name }, rate]) => `${name} ${rate}`).join(', ')}`)
  const values = await inTurns(targets, runs, async (target, counts) => {
    const rate = rates.get(target) ?? 0
    // What a proxy does by itself after its turn, such as to collect what it needs no more, would take the core from the next.
    const others = targets.filter((other) => other !== target).map(({ pid }) => pid)
    const { p99, lateP99, unanswered } = await besideStopped(others, () =>
      latencyTurn(target, load, requests, rate),
    )
    if (counts && unanswered > 0) progress(`${target.name} left ${unanswered} requests without an answer`)
    if (counts && lateP99 > p99 / 2)
      progress(`not quiet: the load client was ${lateP99.toFixed(2)} ms late itself (${target.name})`)
    return p99
  })
  progress(`ms, p99: ${told(values)}`)
  return values
}

/**
 * Memory with idle connections, of a fresh process each: what it needed for other loads is none of this.
 * @param {Bench} bench @param {string[]} names @returns {Promise<Measurement[]>}
 */
async function measureMemory({ load, requests, world, kinds, progress }, names) {
  if (!kinds.includes('idle')) return []
  if (mostOpenFiles() < idleConnections + 500) {
    progress(`ulimit -Hn is ${mostOpenFiles()}: ${idleConnections} idle connections are left out`)
    return []
  }
  const measured = []
  for (const name of oursOf(names)) {
    const target = await startOurs(name, world)
    const { before, idle } = await idleMemory(target, load, requests)
    await target.stop()
    progress(`${name}: ${Math.round(before)} MB before the connections, ${Math.round(idle)} MB with them`)
    measured.push({ figure: figureOf('rss_mb_10k_idle', target), unit: 'MB', ours: [idle] })
  }
  return measured
}

/** @param {string[]} names of targets */
function oursOf(names) {
  return names.filter((name) => name in engines)
}

/**
 * A round of all targets that is not counted, and then `runs` rounds.
 * @param {Target[]} targets @param {number} runs @param {(target: Target, counts: boolean) => Promise<number>} turn
 * @returns {Promise<Values>}
 */
async function inTurns(targets, runs, turn) {
  /** @type {Values} */
  const values = new Map(targets.map((target) => [target, []]))
  for (let run = 0; run <= runs; run++) {
    for (const target of targets) {
      const value = await turn(target, run > 0).catch((error) => {
        throw new Error(`${target.name}: ${error.message}`)
      })
      if (run > 0) values.get(target)?.push(value)
    }
  }
  return values
}

/**
 * Half of what a proxy's core could do, but never more than half of what ours can: so nginx and ours meet at the same rate,
 * and nobody is asked for what it cannot do.
 * @param {Values} cost microseconds per request @returns {Map<Target, number>} requests per second
 */
function halfLoads(cost) {
  const half = new Map([...cost].map(([target, values]) => [target, Math.round(1e6 / median(values) / 2)]))
  const ours = [...half].filter(([target]) => target.ours).map(([, rate]) => rate)
  const most = ours.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...ours)
  return new Map([...half].map(([target, rate]) => [target, Math.min(rate, most)]))
}

/**
 * One line for each of our engines and each peer; for each peer by itself where none of ours was to be measured.
 * @param {string} figure @param {string} unit @param {Values} values @param {boolean} oursToo
 * @returns {Measurement[]}
 */
function toMeasurements(figure, unit, values, oursToo) {
  const peers = [...values].filter(([target]) => !target.ours)
  return [...values].flatMap(([target, ours]) => {
    const line = { figure: figureOf(figure, target), unit, ours }
    if (!target.ours) return oursToo ? [] : [line]
    return peers.length === 0 ? [line] : peers.map(([{ name }, theirs]) => ({ ...line, peer: name, theirs }))
  })
}

/** The engine that users get has the plain name. @param {string} figure @param {Target} target */
function figureOf(figure, { name }) {
  return name === mainEngine ? figure : `${figure} (${name})`
}

/**
 * Takes a CPU profile of our engines in the turns that count; the last one stays.
 * @param {(target: Target, counts: boolean) => Promise<number>} turn @param {string | undefined} folder @param {string} name
 * @param {(text: string) => void} progress
 */
function profiled(turn, folder, name, progress) {
  /** @param {Target} target @param {boolean} counts */
  return async (target, counts) => {
    if (folder === undefined || !counts || !target.profile) return turn(target, counts)
    const file = resolve(folder, `gateway-${target.name}-${name}.cpuprofile`)
    mkdirSync(folder, { recursive: true })
    const end = await target.profile(file)
    const value = await turn(target, counts)
    await end()
    progress(`${file}\n${topFunctions(file).join('\n')}`)
    return value
  }
}

/** @param {Values} values */
function told(values) {
  return [...values].map(([{ name }, turns]) => `${name} ${median(turns).toPrecision(3)}`).join(', ')
}

/** @param {string} option @param {string | undefined} text @param {string[]} all @returns {string[]} */
function choose(option, text, all) {
  const chosen = text?.split(',') ?? all
  const unknown = chosen.find((name) => !all.includes(name))
  if (unknown !== undefined)
    throw new Error(`${option}: there is no "${unknown}"; there are ${all.join(', ')}`)
  return all.filter((name) => chosen.includes(name))
}

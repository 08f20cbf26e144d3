import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { firstAnswer, requestsPerCpuSecond, startMock } from '../contracts/mocks.mjs'
import { buildOurs, installPackages } from '../gateway/prepare.mjs'

export const describe =
  'reading contracts of megabytes, telling how two versions differ, and mocks: how soon, how many, how valid'

const script = fileURLToPath(new URL('../contracts/work-process.mjs', import.meta.url))
const documents = join(
  process.env['ROCKPOOL_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url)),
  'data/contracts',
)
const file = (/** @type {string} */ name) => join(documents, name)
const stripe = ['stripe-2017-09-05.json', 'stripe-2022-04-12.json'].map(file)
const measured = [
  'petstore.yaml',
  'adyen-checkout70.json',
  ...stripe.map((path) => path.slice(documents.length + 1)),
]
const loadMs = 4_000

/** What both mocks answer well. */
const asks = [
  { method: 'GET', path: '/pet/1' },
  { method: 'GET', path: '/pet/findByStatus?status=sold' },
  { method: 'GET', path: '/store/inventory' },
  { method: 'POST', path: '/pet', body: JSON.stringify({ name: 'Rex', photoUrls: ['a'], status: 'sold' }) },
]

/** A new pet each time, and its number in the answer: nothing can be kept for the next one. */
const pets = fileURLToPath(new URL('../contracts/pets.yaml', import.meta.url))
const newPets = Array.from({ length: 5_000 }, (_, index) => ({ method: 'GET', path: `/pets/pet-${index}` }))

/** @param {{ runs?: number, progress: (text: string) => void }} options */
export async function measure({ runs = 9, progress }) {
  const missing = measured.map(file).filter((path) => !existsSync(path))
  if (missing.length > 0) {
    progress(`not on this machine, so nothing is measured: ${missing.join(', ')}`)
    return []
  }
  installPackages(progress)
  buildOurs(progress)
  const imports = times(runs, () => run('import', stripe.slice(1)))
  const differences = times(runs, () => run('diff', stripe))
  const judgements = times(runs, () => run('judge', []))
  if (judgements.some(({ found }) => found > 0)) throw new Error('a good order was refused')
  progress(`${imports[0]?.found} operations, ${differences[0]?.found} differences`)
  const answers = []
  for (let count = 0; count < runs; count++) answers.push(await startAndAsk())
  const { ours, theirs } = await load(file('petstore.yaml'), asks, runs, progress)
  const fresh = await load(pets, newPets, runs, progress)
  return [
    { figure: 'stripe_import_s', unit: 's', ours: imports.map(({ seconds }) => seconds) },
    { figure: 'stripe_diff_s', unit: 's', ours: differences.map(({ seconds }) => seconds) },
    { figure: 'judge_us_per_post_1k', unit: 'µs', ours: judgements.map(({ seconds }) => seconds * 1e6) },
    { figure: 'stripe_mock_first_answer_s', unit: 's', ours: answers },
    { figure: 'mock_requests_per_cpu_second_petstore', unit: '1/s', ours, peer: 'prism', theirs },
    { figure: 'mock_requests_per_cpu_second_new_ids', unit: '1/s', ...fresh, peer: 'prism' },
    ...(await validity(progress)),
    { figure: 'peak_mb', unit: 'MB', ours: [...imports, ...differences].map(({ peakMb }) => peakMb) },
  ]
}

/**
 * Each in a fresh process: what is compiled while it runs is compiled anew for every command.
 * @param {string} what @param {string[]} files @returns {{ seconds: number, found: number, peakMb: number }}
 */
function run(what, files) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, what, ...files], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${what} of ${files.join(', ')} failed:\n${stderr}`)
  return JSON.parse(stdout)
}

/** Seconds from the start of the process to the first good answer. */
async function startAndAsk() {
  const began = performance.now()
  const mock = await startMock('rockpool', stripe[1] ?? '')
  await firstAnswer(mock, { method: 'GET', path: '/v1/balance' })
  await mock.stop()
  return (performance.now() - began) / 1000
}

/**
 * Both run all the time, and are asked in turns. @param {string} document @param {import('../contracts/mocks.mjs').Ask[]} asks @param {number} runs
 * @param {(text: string) => void} progress
 */
async function load(document, asks, runs, progress) {
  const mocks = await Promise.all([startMock('rockpool', document), startMock('prism', document)])
  for (const mock of mocks) for (const what of asks.slice(0, 4)) await firstAnswer(mock, what)
  /** @type {number[][]} */
  const counts = [[], []]
  for (let count = 0; count <= runs; count++)
    for (const [index, mock] of mocks.entries()) {
      const value = await requestsPerCpuSecond(mock, asks, loadMs)
      // The first round is not counted: what is compiled while it runs is compiled there.
      if (count > 0) counts[index]?.push(value)
    }
  for (const mock of mocks) await mock.stop()
  progress(`requests per second of CPU: ${counts.map((values) => Math.round(values.at(-1) ?? 0)).join(', ')}`)
  return { ours: counts[0] ?? [], theirs: counts[1] ?? [] }
}

/** @param {(text: string) => void} progress */
async function validity(progress) {
  const { validShares } = await import('../contracts/validity.mjs')
  return measured.map((name) => {
    const { ours, sampler, bodies } = validShares(file(name))
    progress(
      `${name}: of ${bodies} bodies ours ${(ours * 100).toFixed(1)} %, openapi-sampler ${(sampler * 100).toFixed(1)} %`,
    )
    return {
      figure: `valid_bodies_ratio (${name})`,
      unit: '',
      ours: [ours],
      peer: 'openapi-sampler',
      theirs: [sampler],
    }
  })
}

/** @template T @param {number} count @param {() => T} once @returns {T[]} */
function times(count, once) {
  return Array.from({ length: count }, once)
}

// `npm test`: set-up, gates, unit tests, end-to-end tests; all of them run, whatever fails. The last line holds the totals.
// With arguments (`npm test -- gateway/decide`) only the tests whose file name contains one of them.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gates } from './gates.mjs'
import { prepareTools } from './tools.mjs'

const filters = process.argv.slice(2)
let passed = 0
/** @type {string[]} */
const failures = []
/** @type {string[]} */
const skipped = []
if (!process.stdout.isTTY) process.env.NO_COLOR = '1'

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    for (const child of running) child.kill('SIGTERM')
    process.exitCode = signal === 'SIGINT' ? 130 : 143
    setTimeout(() => process.exit(), 10_000).unref()
  })
}
const stopped = () => process.exitCode !== undefined

/**
 * @param {string} command @param {string[]} args @param {{ quiet?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
function run(command, args, { quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' })
    let output = ''
    child.stdout?.on('data', (chunk) => (output += chunk))
    child.stderr?.on('data', (chunk) => (output += chunk))
    running.add(child)
    child.on('error', reject)
    child.on('close', (code) => {
      running.delete(child)
      resolve({ code: code ?? 1, output })
    })
  })
}

/** @param {import('./gates.mjs').Gate} gate */
async function runGate({ name, command, args }) {
  const started = Date.now()
  const { code, output } = await run(command, args, { quiet: true })
  const took = `${((Date.now() - started) / 1000).toFixed(1)} s`
  if (code === 0) {
    passed += 1
    console.log(`ok      ${name} (${took})`)
  } else {
    failures.push(`${name}: ${command} ${args.join(' ').slice(0, 80)}`)
    console.log(`FAILED  ${name} (${took})\n${output.trim()}\n`)
  }
}

/** @param {string} title @param {string[]} args of vitest */
async function runTests(title, args) {
  const folder = mkdtempSync(join(tmpdir(), 'rockpool-test-'))
  const file = join(folder, 'totals.json')
  process.env.ROCKPOOL_TOTALS = file
  console.log(`\n${title}`)
  const { code } = await run('vitest', [
    'run',
    '--reporter=default',
    '--reporter=./scripts/totals-reporter.mjs',
    ...args,
  ])
  /** @type {import('./totals-reporter.mjs').Totals} */
  const totals = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { passed: 0, failures: [], skipped: [] }
  rmSync(folder, { recursive: true, force: true })
  if (code !== 0 && totals.failures.length === 0 && !stopped()) {
    totals.failures.push(`vitest ended with exit code ${code} (${title})`)
  }
  passed += totals.passed
  failures.push(...totals.failures)
  skipped.push(...totals.skipped)
}

prepareTools()
if (filters.length === 0) {
  for (const gate of gates()) if (!stopped()) await runGate(gate)
}
if (filters.length > 0) await runTests('chosen tests', ['--no-file-parallelism', ...filters])
else {
  if (!stopped()) await runTests('unit tests', ['--project=unit'])
  if (!stopped()) await runTests('end-to-end tests', ['--project=e2e', '--no-file-parallelism'])
}

const list = (/** @type {string} */ title, /** @type {string[]} */ lines) => {
  if (lines.length > 0) console.log(`\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}`)
}
// Whoever counts on CI wants every test run: what lacks its program fails there.
if (process.env.CI && process.env.CI !== 'false') failures.push(...skipped.splice(0))
list('Skipped:', skipped)
list('Failed:', failures)
console.log(
  `\n${passed} passed, ${failures.length} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`,
)
process.exitCode ??= failures.length > 0 ? 1 : 0

// `npm test`: set-up, gates, unit tests, end-to-end tests; all of them run, whatever fails. The last line holds the totals.
// With arguments (`npm test -- gateway/decide`) only the tests whose file name contains one of them.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gates } from './gates.mjs'
import { prepareTools } from './tools.mjs'

const filters = process.argv.slice(2)
const total = { passed: 0, failed: 0, skipped: 0 }
/** @type {string[]} */
const failures = []

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
    total.passed += 1
    console.log(`ok      ${name} (${took})`)
  } else {
    total.failed += 1
    failures.push(`${name}: ${command} ${args.join(' ').slice(0, 80)}`)
    console.log(`FAILED  ${name} (${took})\n${output.trim()}\n`)
  }
}

/** @param {string} project of vitest.config.ts */
async function runTests(project) {
  const folder = mkdtempSync(join(tmpdir(), 'rockpool-test-'))
  const report = join(folder, 'report.json')
  console.log(`\n${project} tests`)
  const { code } = await run('vitest', [
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...(filters.length > 0 ? ['--passWithNoTests', ...filters] : []),
  ])
  /** @type {any} what vitest's json reporter writes, which is Jest's format */
  let counted
  try {
    counted = JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    counted = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] }
  }
  rmSync(folder, { recursive: true, force: true })
  total.passed += counted.numPassedTests
  total.failed += counted.numFailedTests
  total.skipped += counted.numPendingTests + counted.numTodoTests
  for (const file of counted.testResults) {
    const failed = file.assertionResults.filter((/** @type {any} */ test) => test.status === 'failed')
    for (const test of failed) failures.push(`${test.fullName} (${relative(file.name)})`)
    if (file.status === 'failed' && failed.length === 0) {
      total.failed += 1 // a file that does not even load holds no failed test
      failures.push(`${relative(file.name)} could not be run`)
    }
  }
  if (code !== 0 && !stopped() && counted.success !== false) {
    total.failed += 1 // an unhandled error, a broken set-up, a crash: nothing that belongs to one test
    failures.push(`vitest ended with exit code ${code} (${project})`)
  }
}

/** @param {string} file */
const relative = (file) => file.replace(`${process.cwd()}/`, '')

prepareTools()
if (filters.length === 0) {
  for (const gate of gates()) if (!stopped()) await runGate(gate)
}
for (const project of ['unit', 'e2e']) if (!stopped()) await runTests(project)

if (failures.length > 0) console.log(`\nWhat failed:\n${failures.map((line) => `  ${line}`).join('\n')}\n`)
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
)
process.exitCode ??= total.failed > 0 ? 1 : 0

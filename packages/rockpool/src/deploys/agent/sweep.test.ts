import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { silentLog } from '../../kernel/index.ts'
import { findProgram } from './command.ts'
import { createMarks } from './marks.ts'
import { isAlive, parseStat, readProcess } from './process-table.ts'
import { alive, temporaryFolder, testSupervisor, until } from '../../../test/support/agent.ts'

/** A process of its own that supervises a service which has children, then does what it is told. */
const predecessor = (folder: string, word: string) => `
  import { createSupervisor } from ${JSON.stringify(fileURLToPath(new URL('./supervisor.ts', import.meta.url)))}
  import { silentLog } from ${JSON.stringify(fileURLToPath(new URL('../../kernel/index.ts', import.meta.url)))}
  const supervisor = createSupervisor({ folder: ${JSON.stringify(folder)}, log: silentLog })
  const source = \`
    const { spawn } = require('node:child_process')
    const idle = ['-e', 'setInterval(() => {}, 1e6)']
    spawn(process.execPath, idle)
    spawn(process.execPath, idle, { detached: true, stdio: 'ignore' }).unref()
    setTimeout(() => console.log('family complete'), 50)
    setInterval(() => {}, 1e6)\`
  const spec = { name: 'shop', command: ['node', '-e', source], folder: '/tmp', env: { TEST_WORD: '${word}' }, ready: { line: 'family complete' } }
  await supervisor.start(spec)
  console.log('ready')`

function startPredecessor(folder: string, word: string) {
  const script = join(folder, 'predecessor.ts')
  writeFileSync(script, predecessor(folder, word))
  const child = spawn(process.execPath, ['--conditions=@rockpool/source', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, ready: new Promise((resolve) => child.stdout.once('data', resolve)) }
}

test('what a killed supervisor leaves is ended by the next one', async () => {
  const folder = temporaryFolder()
  const word = `sweep-${Math.random()}`
  const { child, ready } = startPredecessor(folder, word)
  await ready
  expect(alive(word)).toHaveLength(3)
  child.kill('SIGKILL')
  await until('the supervisor is gone', () => child.signalCode === 'SIGKILL')
  expect(alive(word).length).toBeGreaterThan(0) // the control: without a sweep they live on

  const supervisor = testSupervisor({ folder })
  expect(await supervisor.sweep()).toEqual(['shop'])
  expect(alive(word)).toEqual([])
  expect(await supervisor.sweep()).toEqual([])
})

test.runIf(findProgram('setpriv', '/', '/usr/bin:/bin'))(
  'the direct child dies with its supervisor at once',
  async () => {
    const folder = temporaryFolder()
    const word = `bound-${Math.random()}`
    const { child, ready } = startPredecessor(folder, word)
    await ready
    const { pid } = JSON.parse(readFileSync(join(folder, 'processes/shop.json'), 'utf8')) as { pid: number }
    expect(alive(word)).toContain(pid)
    child.kill('SIGKILL')
    await until('it died', () => !alive(word).includes(pid), 2_000)
    await testSupervisor({ folder }).sweep()
  },
)

test('a process that has a remembered pid by chance is left alone', async () => {
  const folder = temporaryFolder()
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { detached: true })
  onTestFinished(() => void bystander.kill('SIGKILL'))
  const marks = createMarks(folder, silentLog)
  const before = readProcess(bystander.pid!)!
  marks.write('shop', { mark: 'nobody carries this', pid: bystander.pid!, startTime: `${before.startTime}0` })
  expect(await marks.sweep()).toEqual([])
  expect(isAlive(bystander.pid!, before.startTime)).toBe(true)

  marks.write('shop', { mark: 'nobody carries this', pid: bystander.pid!, startTime: before.startTime })
  expect(await marks.sweep()).toEqual(['shop'])
  await until('it was ended', () => bystander.signalCode === 'SIGKILL')
})

test('a file that was half written does not stop the sweep', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'shop.json'), '{"mark":')
  expect(await createMarks(folder, silentLog).sweep()).toEqual([])
})

test('a process name with blanks and parentheses does not shift the fields', () => {
  const fields = ['S', '1', '77', ...Array.from({ length: 16 }, (_, index) => String(index)), '4711', '0']
  expect(parseStat(42, `42 (a) b (c) ${fields.join(' ')}`)).toMatchObject({
    pid: 42,
    group: 77,
    startTime: expect.stringMatching(/:4711$/),
  })
  expect(parseStat(42, `42 (gone) Z ${fields.slice(1).join(' ')}`)).toBeUndefined()
})

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { lockFolder } from './lock.ts'
import { temporaryFolder } from '../../../test/support/agent.ts'

const module = JSON.stringify(fileURLToPath(new URL('./lock.ts', import.meta.url)))
const node = (source: string) => ['--conditions=@rockpool/source', '--input-type=module', '-e', source]

test('a second one on the same folder is told who has it', () => {
  const folder = temporaryFolder()
  const lock = lockFolder(folder)
  expect(() => lockFolder(folder)).toThrow(`another Rockpool (process ${process.pid}`)
  expect(() => lockFolder(folder)).toThrow('--data')
  lock.release()
  lockFolder(folder).release()
  expect(existsSync(join(folder, 'lock'))).toBe(false)
})

test('the lock of one that was killed is taken over', () => {
  const folder = temporaryFolder()
  spawnSync(
    process.execPath,
    node(
      `(await import(${module})).lockFolder(${JSON.stringify(folder)}); process.kill(process.pid, 'SIGKILL')`,
    ),
  )
  expect(existsSync(join(folder, 'lock'))).toBe(true)
  lockFolder(folder).release()
})

test('a lock whose pid now belongs to another process is taken over', () => {
  const folder = temporaryFolder()
  writeFileSync(
    join(folder, 'lock'),
    JSON.stringify({ pid: process.pid, startTime: 'long ago', since: 'then' }),
  )
  lockFolder(folder).release()
})

test('an empty lock, as a crash of the machine leaves it, is taken over', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'lock'), '')
  lockFolder(folder).release()
})

test('of many that find a stale lock at the same moment exactly one gets it', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 1, startTime: 'long ago', since: 'then' }))
  const contender = `
    const { lockFolder } = await import(${module})
    process.stdin.once('data', () => {
      try { lockFolder(${JSON.stringify(folder)}); console.log('won') } catch (error) { console.log(error.code) }
    })
    console.log('waiting')`
  const said = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const child = spawn(process.execPath, node(contender), { stdio: ['pipe', 'pipe', 'inherit'] })
      onTestFinished(() => void child.kill('SIGKILL'))
      child.stdout.setEncoding('utf8')
      await new Promise((resolve) => child.stdout.once('data', resolve))
      return child
    }),
  ).then((children) => {
    const answers = children.map(
      (child) => new Promise<string>((resolve) => child.stdout.once('data', resolve)),
    )
    for (const child of children) child.stdin.write('go\n') // stdin stays open: the winner must not end while the others try
    return Promise.all(answers)
  })
  expect(said.map((word) => word.trim()).sort()).toEqual([...Array(5).fill('already_running'), 'won'])
})

test('a folder that cannot be written is named, with what to do', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'file'), '')
  expect(() => lockFolder(join(folder, 'file', 'data'))).toThrow(/cannot be written \(ENOTDIR\).*--data/)
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('')
})

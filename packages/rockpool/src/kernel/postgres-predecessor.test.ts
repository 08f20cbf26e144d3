import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { silentLog } from './log.ts'
import { endPredecessor } from './postgres-predecessor.ts'

test.runIf(process.platform === 'linux')(
  'whoever else works in the data folder is neither waited for nor ended, whatever the pid file says',
  async () => {
    const data = await mkdtemp(join(tmpdir(), 'predecessor-'))
    const shell = spawn('sleep', ['60'], { cwd: data, stdio: 'ignore' })
    onTestFinished(async () => {
      shell.kill('SIGKILL')
      await rm(data, { recursive: true, force: true })
    })
    await once(shell, 'spawn')
    await writeFile(join(data, 'postmaster.pid'), `${shell.pid}\n${data}\n`)
    await endPredecessor(data, silentLog)
    expect([shell.exitCode, shell.signalCode]).toEqual([null, null])
  },
)

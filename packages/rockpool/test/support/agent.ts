import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { silentLog } from '../../src/kernel/index.ts'
import { startedWith, listProcesses } from '../../src/deploys/agent/process-table.ts'
import { createSupervisor, type SupervisorOptions } from '../../src/deploys/agent/supervisor.ts'
import type { ProcessSpec, Supervisor } from '../../src/deploys/agent/types.ts'

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rockpool-agent-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A supervisor that is closed after the test. */
export function testSupervisor(options: Partial<SupervisorOptions> = {}): Supervisor & { folder: string } {
  const folder = options.folder ?? temporaryFolder()
  const supervisor = createSupervisor({ log: silentLog, graceMs: 2_000, ...options, folder })
  onTestFinished(() => supervisor.close())
  return { ...supervisor, folder }
}

/** A process that runs JavaScript; `TEST_WORD` lets a test find all of its family by its own means. */
export function script(
  name: string,
  source: string,
  more: Partial<ProcessSpec> = {},
): ProcessSpec & { word: string } {
  const word = `${name}-${Math.random().toString(36).slice(2)}`
  return { name, word, command: ['node', '-e', source], folder: tmpdir(), env: { TEST_WORD: word }, ...more }
}

/** A service that answers every request with its pid. */
export const answering = `
  require('node:http').createServer((_, response) => response.end(String(process.pid)))
    .listen(Number(process.env.PORT), process.env.HOST)`

/** The pids of those that were started with this word; asks the system, not the supervisor. */
export function alive(word: string): number[] {
  return listProcesses()
    .filter(({ pid }) => startedWith(pid, 'TEST_WORD', word))
    .map(({ pid }) => pid)
}

export async function until(
  what: string,
  check: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`)
    await pause(20)
  }
}

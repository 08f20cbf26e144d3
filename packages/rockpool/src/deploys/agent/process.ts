import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { formatDuration, freePort, type Log } from '../../kernel/index.ts'
import { countFailure, restartPause } from './backoff.ts'
import { environmentOf, resolveCommand } from './command.ts'
import { endFamily, type Family } from './family.ts'
import type { Marks } from './marks.ts'
import type { Output } from './output.ts'
import { isHeldByAnotherFamily } from './port-holder.ts'
import { readProcess } from './process-table.ts'
import { waitUntilReady } from './readiness.ts'
import type { ProcessSpec, ProcessStatus } from './types.ts'

/*
 *   start ─► find programs ─► port ─► mark ─► spawn ─► ready? ─► running ─► it ends
 *     ▲           │ missing                              │ too late            │ unasked
 *     │           ▼                                      ▼                     ▼
 *     └──── unavailable (look again in 10 s)   end the family ─► failed, pause 0.2 … 10 s ─► start
 *                                                     └── its port was taken meanwhile ─► start, at another one
 *
 *   abort, at any point: end the family ─► stopped
 */

export interface ProcessContext {
  log: Log
  marks: Marks
  output: Output
  graceMs: number
  bind(command: readonly string[]): string[]
  claimPort(preferred: number | undefined): Promise<number>
  set(change: Partial<ProcessStatus>): void
}

/** How one start ended. */
interface Ending {
  unavailable: boolean
  /** It never was ready, because somebody else took its port since it was chosen. */
  portTaken?: boolean
  reason: string
  readyForMs: number
}

/** Times in a row that a process whose port was taken gets another one without a pause. */
const mostMoves = 5

/** Keeps one process running until the signal is aborted; resolves when nothing of it is left. Never rejects. */
export async function keepRunning(
  spec: ProcessSpec,
  context: ProcessContext,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0
  let before: string | null = null
  for (let restarts = 0, moves = 0; !signal.aborted; restarts++) {
    const ending: Ending = await runOnce(spec, context, { restarts, before }, signal).catch(
      (error: Error) => ({ unavailable: false, reason: error.message, readyForMs: 0 }),
    )
    if (signal.aborted) break
    if (ending.portTaken && moves < mostMoves) {
      context.output.note(ending.reason)
      moves++
      restarts--
      continue
    }
    moves = 0
    before = ending.reason
    failures = countFailure(failures, ending.readyForMs)
    const wait = ending.unavailable ? 10_000 : restartPause(failures)
    const then = ending.unavailable ? '' : `; it is started again in ${formatDuration(wait)}`
    context.output.note(ending.reason)
    context.log.warn({ process: spec.name, failures }, ending.reason)
    context.set({
      state: ending.unavailable ? 'unavailable' : 'failed',
      reason: ending.reason + then,
      pid: null,
    })
    await pause(wait, undefined, { signal }).catch(() => {})
  }
  context.set({ state: 'stopped', reason: 'it was stopped', pid: null })
}

async function runOnce(
  spec: ProcessSpec,
  context: ProcessContext,
  { restarts, before }: { restarts: number; before: string | null },
  signal: AbortSignal,
): Promise<Ending> {
  const command = resolveCommand(spec)
  if ('missing' in command) return { unavailable: true, reason: command.missing, readyForMs: 0 }
  if (!existsSync(spec.folder)) throw new Error(`its folder ${spec.folder} is not there`)

  const port =
    spec.port === undefined ? null : await context.claimPort(spec.port === 'any' ? undefined : spec.port)
  const url = port === null ? null : `http://127.0.0.1:${port}`
  const waiting = before === null ? 'it is not ready yet' : `it is being started again: ${before}`
  context.set({ state: 'starting', reason: waiting, pid: null, port, url, restarts })

  const family: Family = { mark: randomBytes(16).toString('hex'), pid: null, startTime: null }
  context.marks.write(spec.name, family)
  context.output.begin()
  const child = spawnChild(context.bind(command.found), spec, environmentOf(spec, port, url, family.mark))
  const ended = endOf(child)
  if (child.pid !== undefined) {
    family.pid = child.pid
    family.startTime = readProcess(child.pid)?.startTime ?? null
    context.marks.write(spec.name, family)
    context.output.note(`started as process ${child.pid}${port === null ? '' : `, port ${port}`}`)
    context.set({ pid: child.pid })
  }
  if (child.stdout) context.output.take(child.stdout, 'stdout')
  if (child.stderr) context.output.take(child.stderr, 'stderr')

  const over = new AbortController()
  void ended.then(() => over.abort())
  const either = AbortSignal.any([signal, over.signal])
  const withinMs = spec.readyWithinMs ?? 30_000
  const unready = spec.ready
    ? await waitUntilReady(spec.ready, { port, output: context.output, withinMs, signal: either }).catch(
        () => null,
      )
    : null

  // Whoever answered there may be somebody else.
  const mistaken = port !== null && !either.aborted && isHeldByAnotherFamily(port, family)
  let readyForMs = 0
  if (unready === null && !either.aborted && !mistaken) {
    const since = performance.now()
    context.set({ state: 'running', reason: null })
    await new Promise((resolve) => either.addEventListener('abort', resolve, { once: true }))
    readyForMs = performance.now() - since
  }
  const left = await endFamily(family, { graceMs: over.signal.aborted ? 0 : context.graceMs, ownGroup: true })
  if (left.length > 0) context.log.error({ process: spec.name, left }, 'processes cannot be ended')
  const how = await Promise.race([ended, pause(1_000, 'it could not be ended')])
  await flushed(child)
  context.marks.remove(spec.name)

  if (port !== null && readyForMs === 0 && (mistaken || (await freePort(port)).preferredTaken)) {
    const reason = `another process took port ${port} before it did`
    return { unavailable: false, portTaken: true, reason, readyForMs }
  }
  const reason = unready === null ? how : `it was not ready within ${formatDuration(withinMs)}: ${unready}`
  const words = context.output.lastWords()
  return { unavailable: false, reason: words === '' ? reason : `${reason}: ${words}`, readyForMs }
}

function spawnChild(
  [program = '', ...args]: string[],
  spec: ProcessSpec,
  env: Record<string, string>,
): ChildProcess {
  // Detached: a group of its own, so that a terminal's Ctrl-C does not reach it, and signals reach all of it.
  return spawn(program, args, { cwd: spec.folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`it could not be started: ${error.message}`))
    child.once('exit', (code, by) =>
      resolve(by === null ? `it ended with code ${code}` : `it was killed by ${by}`),
    )
  })
}

/** Waits for the last output, but not for ever: a descriptor may have gone to a process of another family. */
async function flushed(child: ChildProcess): Promise<void> {
  const open = [child.stdout, child.stderr].filter((stream) => stream && !stream.closed)
  const closed = Promise.all(open.map((stream) => new Promise((resolve) => stream?.once('close', resolve))))
  const timeout = new AbortController()
  await Promise.race([closed, pause(500, undefined, { signal: timeout.signal }).catch(() => {})])
  timeout.abort()
  child.stdout?.destroy()
  child.stderr?.destroy()
}

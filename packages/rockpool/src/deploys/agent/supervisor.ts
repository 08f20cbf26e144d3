import { join } from 'node:path'
import { freePort, type Log } from '../../kernel/index.ts'
import { findBinder } from './command.ts'
import { createMarks } from './marks.ts'
import { createOutput, type Output } from './output.ts'
import { keepRunning } from './process.ts'
import type { ProcessSpec, ProcessStatus, Supervisor } from './types.ts'

export interface SupervisorOptions {
  /** The data folder; `logs/<name>.ndjson` and `processes/<name>.json` are kept below it. */
  folder: string
  log: Log
  /** Between SIGTERM and SIGKILL; 5 s unless said. */
  graceMs?: number
  /** Bound of each log file; two of them are kept for each process. 16 MiB unless said. */
  maxLogBytes?: number
}

/** A process that was started at least once, by name. */
interface Kept {
  spec: ProcessSpec
  status: ProcessStatus
  output: Output
  /** Aborted to stop it. */
  stopping: AbortController
  /** Resolves when nothing of it is left. */
  done: Promise<void>
}

/** The supervisor of one data folder on one machine; hold the folder's lock while it is used. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { folder, log, graceMs = 5_000 } = options
  const marks = createMarks(join(folder, 'processes'), log)
  const bind = findBinder()
  const kept = new Map<string, Kept>()
  const listeners = new Set<(status: ProcessStatus) => void>()
  /** Serializes what is asked of one name, so that start, stop and restart never overlap. */
  const turns = new Map<string, Promise<unknown>>()
  const claimed = new Map<string, number>()

  const inTurn = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const turn = (turns.get(name) ?? Promise.resolve()).then(work, work)
    turns.set(name, turn)
    return turn
  }

  /** Its last port where possible, so that its URL stays; never one that another of our processes was given. */
  const claimPort = async (name: string, preferred: number | undefined): Promise<number> => {
    const others = () => new Set([...claimed].filter(([other]) => other !== name).map(([, port]) => port))
    const wanted = claimed.get(name) ?? preferred
    for (let ask = wanted !== undefined && !others().has(wanted) ? wanted : undefined; ; ask = undefined) {
      const { port } = await freePort(ask)
      if (others().has(port)) continue
      if (preferred !== undefined && port !== preferred)
        log.warn({ process: name, port, preferred }, 'the preferred port is taken: another one is used')
      claimed.set(name, port)
      return port
    }
  }

  const launch = (spec: ProcessSpec): Kept => {
    const before = kept.get(spec.name)
    const process: Kept = {
      spec,
      status: {
        name: spec.name,
        state: 'starting',
        reason: 'it is not ready yet',
        pid: null,
        port: null,
        url: null,
        since: new Date(),
        restarts: 0,
        generation: spec.generation ?? 0,
      },
      output:
        before?.output ?? createOutput(join(folder, 'logs', `${spec.name}.ndjson`), options.maxLogBytes),
      stopping: new AbortController(),
      done: Promise.resolve(),
    }
    const set = (change: Partial<ProcessStatus>) => {
      const moved = change.state !== undefined && change.state !== process.status.state
      process.status = { ...process.status, ...change, ...(moved ? { since: new Date() } : {}) }
      for (const listener of listeners) listener(process.status)
    }
    kept.set(spec.name, process)
    process.done = keepRunning(
      spec,
      {
        log,
        marks,
        output: process.output,
        graceMs,
        bind,
        claimPort: (port) => claimPort(spec.name, port),
        set,
      },
      process.stopping.signal,
    )
    return process
  }

  const end = async (name: string): Promise<void> => {
    const process = kept.get(name)
    process?.stopping.abort()
    await process?.done
  }

  const settled = (name: string): Promise<ProcessStatus> =>
    new Promise((resolve) => {
      const check = () => {
        const { status } = kept.get(name) as Kept
        if (status.state === 'starting') return
        listeners.delete(check)
        resolve(status)
      }
      listeners.add(check)
      check()
    })

  const replace = (name: string, spec: ProcessSpec | undefined) =>
    inTurn(name, async () => {
      await end(name)
      const next = spec ?? kept.get(name)?.spec
      if (!next) throw new Error(`no process ${name} was ever started`)
      launch(next)
    }).then(() => settled(name))

  return {
    sweep: () => marks.sweep(),
    start: (spec) => replace(spec.name, spec),
    restart: (name, spec) => replace(name, spec),
    stop: (name) => inTurn(name, () => end(name)),
    status: (name) => kept.get(name)?.status,
    list: () => [...kept.values()].map(({ status }) => status),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      await Promise.all([...kept.keys()].map((name) => inTurn(name, () => end(name))))
    },
  }
}

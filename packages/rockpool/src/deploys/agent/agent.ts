import type { Listener, Log } from '../../kernel/index.ts'
import { messageOf } from '../../kernel/index.ts'
import type { Deploys } from '../deploys.ts'
import type { DesiredState } from '../types.ts'
import { createObserver } from './observer.ts'
import type { ProcessStatus, Supervisor } from './types.ts'
import type { AgentProcess } from './wiring.ts'

/** Makes the processes of this machine be what deploys says they should be. */
export interface Agent {
  /** Starts what is wanted; resolves with the states when each is running or has failed once. */
  start(): Promise<ProcessStatus[]>
  /** Stops its processes, tells deploys, and leaves the desired states as they are. */
  stop(): Promise<void>
}

/** What was last asked of a process and is done, or being done. */
export interface Acted {
  desired: DesiredState
  generation: number
}

export type Action = 'start' | 'stop' | 'restart' | 'nothing'

/** What has to be done for what is asked now, given what was done last. Pure. */
export function decide(asked: Acted, acted: Acted | undefined): Action {
  if (asked.desired === 'stopped') return acted?.desired === 'running' ? 'stop' : 'nothing'
  if (acted?.desired !== 'running') return 'start'
  return asked.generation > acted.generation ? 'restart' : 'nothing'
}

const pollMs = 2_000

const byHand = (name: string) => `it was stopped by hand; “rockpool service start ${name}” starts it`

/** What somebody stopped stays stopped, from start to start: whoever starts is told, or he looks for a fault. */
function keptStopped(name: string): ProcessStatus {
  return { ...nothing, name, state: 'stopped', reason: byHand(name), since: new Date() }
}

/** Whether it answers is for the checks to say. */
function runsElsewhere({ name, url }: { name: string; url: string }): ProcessStatus {
  return { ...nothing, name, url, state: 'running', reason: null, since: new Date(), generation: 1 }
}
const nothing = { pid: null, port: null, url: null, restarts: 0, generation: 0 }

export function createAgent(options: {
  deploys: Deploys
  supervisor: Supervisor
  processes: readonly AgentProcess[]
  /** Services that run elsewhere: told to deploys as running, and left alone. */
  remotes?: readonly { name: string; url: string }[]
  log: Log
}): Agent {
  const { deploys, supervisor, processes, remotes = [], log } = options
  const byName = new Map(processes.map((process) => [process.spec.name, process]))
  const acted = new Map<string, Acted>()
  const observer = createObserver({ deploys, log })
  let listener: Listener | undefined
  let poll: NodeJS.Timeout | undefined
  let stopped = false

  const observe = (name: string) => {
    const status = supervisor.status(name)
    const asked = acted.get(name)
    const state = status?.state ?? 'stopped'
    observer.observe(name, {
      state,
      reason:
        state === 'stopped' && asked?.desired === 'stopped'
          ? byHand(name)
          : status
            ? status.reason
            : 'it was stopped',
      url: status?.url ?? null,
      pid: status?.pid ?? null,
      since: (status?.since ?? new Date()).toISOString(),
      observedGeneration:
        state === 'stopped' && asked?.desired === 'stopped' ? asked.generation : (status?.generation ?? 0),
    })
  }

  const act = async (process: AgentProcess, asked: Acted): Promise<void> => {
    const { name } = process.spec
    const before = acted.get(name)
    const action = decide(asked, before)
    acted.set(name, asked)
    if (action === 'nothing' && before !== undefined) return
    log.info({ process: name, action, generation: asked.generation }, 'the desired state changed')
    if (action === 'stop') await supervisor.stop(name)
    if (action === 'start' || action === 'restart')
      await supervisor.start({ ...process.spec, generation: asked.generation })
    observe(name)
  }

  /** Reads what is asked and begins to do it. With Postgres away, what was last asked for goes on. */
  const reconcile = async (): Promise<Promise<void>[]> => {
    const services = await deploys.list().catch((error: unknown) => {
      log.warn({ error: messageOf(error) }, 'the desired states cannot be read: going on with the last ones')
      return []
    })
    return services.flatMap(({ name, desired, generation }) => {
      const process = byName.get(name)
      return process && !stopped ? [act(process, { desired, generation })] : []
    })
  }

  /** One reading after the other, so that no old answer overtakes a newer one; what is begun is not waited for. */
  let reading: Promise<unknown> = Promise.resolve()
  const reconcileInTurn = (): Promise<Promise<void>[]> => {
    const turn = reading.then(reconcile)
    reading = turn
    return turn
  }

  /** Whoever was given a URL that is no longer true gets the new one, by a restart. */
  const correctUrls = ({ name, state, url }: ProcessStatus) => {
    if (state !== 'running' || url === null) return
    for (const { spec, given } of processes) {
      const old = given.get(name)
      if (old === undefined || old === url || acted.get(spec.name)?.desired !== 'running') continue
      given.set(name, url)
      log.warn({ process: spec.name, of: name, url }, 'a URL that it was given has changed: restarting it')
      void supervisor.restart(spec.name)
    }
  }

  const unsubscribe = supervisor.onChange((status) => {
    if (!byName.has(status.name)) return
    observe(status.name)
    if (!stopped) correctUrls(status)
  })

  return {
    async start() {
      await deploys.declare([
        ...processes.map(({ kind, spec }) => ({ kind, name: spec.name })),
        ...remotes.map(({ name }) => ({ kind: 'remote' as const, name })),
      ])
      const elsewhere = remotes.map((remote) => runsElsewhere(remote))
      for (const { name, since, ...seen } of elsewhere)
        observer.observe(name, { ...seen, since: since.toISOString(), observedGeneration: 1 })
      listener = await deploys.onChange((name) => {
        if (name === '' || byName.has(name)) void reconcileInTurn()
      })
      await Promise.all(await reconcileInTurn())
      poll = setInterval(() => void reconcileInTurn(), pollMs)
      const here = processes.flatMap(
        ({ spec: { name } }) => supervisor.status(name) ?? (acted.has(name) ? keptStopped(name) : []),
      )
      return [...here, ...elsewhere]
    },
    async stop() {
      stopped = true
      clearInterval(poll)
      await listener?.close()
      await Promise.all([...byName.keys()].map((name) => supervisor.stop(name)))
      unsubscribe()
      await observer.close()
    },
  }
}

import cluster from 'node:cluster'
import type { Worker } from 'node:cluster'
import type { Clock, Log } from '../../kernel/index.ts'
import { freeNumber } from './folders.ts'
import { countDeath, pauseAfter } from './pause.ts'
import { createRateKeeper } from './rate-keeper.ts'
import type { ToParent, ToWorker } from './types.ts'

/** The processes that serve together on one address. */
export interface Workers {
  /** Replaces them one by one: each goes when its successor listens. Asked again meanwhile, it does so once more. */
  replace(): void
  /** Tells all to stop, and resolves when they are gone. */
  close(): Promise<void>
}

export interface WorkersOptions {
  /** How many. */
  workers: number
  /** What a worker's environment has besides that of this process. `folder`: its number, which no other one has. */
  environment: (worker: { place: number; folder: number }) => Record<string, string>
  /** Milliseconds until a worker that was told to go is killed. */
  graceMs: number
  /** One could not begin, before any has served: nothing will get better by itself. */
  onBroken: (reason: string) => void
  clock: Clock
  log: Log
}

interface Member {
  worker: Worker
  place: number
  folder: number
  since: number
  /** Since when it could have listened, and could not serve. */
  unreadySince: number | undefined
  state: 'starting' | 'ready' | 'listening' | 'leaving'
  /** Messages that it has not taken yet. */
  waiting: number
  /** True: it listens. False: it is gone. */
  listens: Promise<boolean>
  gone: Promise<void>
}

/** Where nobody listens, one does that could not serve for so long: it says why. */
const silentMs = 2_000
/** Within it a successor must be able to serve. */
const readyMs = 30_000
const mostWaiting = 100
const mostEntries = 1_000

/*
 *   start ──► ready ──► what the others have used up ──► listen ──► listening ──► retire, stop
 *     ▲                                                                 │ died
 *     └────────────── pause: none, 100 ms, … 5 s ◄─────────────────────┘
 *
 * All take connections from one queue of the kernel's (SCHED_NONE), which is there as long as one worker lives: what
 * waits in it when a worker dies is taken by another. By SCHED_RR this process would take them, and one that is on its
 * way to a worker that dies would be lost.
 */
export function startWorkers(options: WorkersOptions): Workers {
  const { workers, clock, log } = options
  const rates = createRateKeeper()
  const members = new Set<Member>()
  const deaths = new Map<number, number>()
  let hasServed = false
  let isStopping = false
  let replacing: Promise<void> | undefined
  let isAskedAgain = false

  const here = (place: number) =>
    [...members].find((member) => member.place === place && member.state !== 'leaving')

  cluster.schedulingPolicy = cluster.SCHED_NONE
  for (let place = 1; place <= workers; place += 1) start(place)
  const watch = setInterval(breakSilence, 250)

  function start(place: number): Member {
    const folder = freeNumber([...members].map((member) => member.folder))
    const worker = cluster.fork(options.environment({ place, folder }))
    const listens = Promise.withResolvers<boolean>()
    const gone = Promise.withResolvers<void>()
    const member: Member = {
      worker,
      place,
      folder,
      since: clock.now(),
      unreadySince: undefined,
      state: 'starting',
      waiting: 0,
      listens: listens.promise,
      gone: gone.promise,
    }
    members.add(member)
    worker.on('message', (message: ToParent) => {
      if (message.type === 'unready') member.unreadySince = clock.now()
      else if (message.type === 'ready') letListen(member)
      else if (message.type === 'took') share(member, message)
      else if (message.type === 'listening') {
        if (member.state !== 'leaving') member.state = 'listening'
        hasServed = true
        listens.resolve(true)
      }
    })
    worker.on('error', (error) => log.error({ place, error: error.message }, 'a worker cannot be reached'))
    worker.once('exit', (code, signal) => {
      members.delete(member)
      listens.resolve(false)
      gone.resolve()
      if (member.state !== 'leaving' && !isStopping) died(member, signal ?? `code ${code}`, code)
    })
    return member
  }

  function died({ place, since, worker }: Member, how: string, code: number | null): void {
    if (!hasServed && code !== null && code !== 0)
      return options.onBroken(`worker ${place} ended with ${how} before it could serve`)
    const count = countDeath(deaths.get(place) ?? 0, clock.now() - since)
    const ms = pauseAfter(count)
    deaths.set(place, count)
    log.warn({ place, pid: worker.process.pid, how, ms }, 'a worker died, and gets a successor')
    setTimeout(() => refill(place), ms)
  }

  function refill(place: number): void {
    if (!isStopping && here(place) === undefined) start(place)
  }

  function letListen(member: Member): void {
    if (member.state !== 'starting') return
    member.state = 'ready'
    const entries = rates.all(clock.now())
    for (let from = 0; from < entries.length; from += mostEntries)
      send(member, { type: 'left', entries: entries.slice(from, from + mostEntries), answers: false })
    send(member, { type: 'listen' })
  }

  function breakSilence(): void {
    if ([...members].some(({ state }) => state === 'listening')) return
    const longAgo = clock.now() - silentMs
    const first = [...members].find(
      ({ state, unreadySince = Infinity }) => state === 'starting' && unreadySince <= longAgo,
    )
    if (first) letListen(first)
  }

  function share(member: Member, { entries }: Extract<ToParent, { type: 'took' }>): void {
    const { answer, others } = rates.took(entries, clock.now())
    send(member, { type: 'left', entries: answer, answers: true })
    if (others.length === 0) return
    for (const other of members)
      if (other !== member && other.state !== 'starting' && other.waiting < mostWaiting)
        send(other, { type: 'left', entries: others, answers: false })
  }

  function send(member: Member, message: ToWorker): void {
    if (!member.worker.isConnected()) return
    member.waiting += 1
    // One that dies meanwhile is told of by its end.
    member.worker.process.send(message, () => void (member.waiting -= 1))
  }

  /** Resolves when it is gone, by itself or not. */
  async function letGo(member: Member, how: 'retire' | 'stop'): Promise<void> {
    member.state = 'leaving'
    send(member, { type: how })
    const inTime = new AbortController()
    const late = clock.sleep(options.graceMs, inTime.signal).then(
      () => member.worker.process.kill('SIGKILL'),
      () => {},
    )
    await Promise.race([member.gone, late])
    inTime.abort()
    await member.gone
  }

  async function replaceAll(): Promise<void> {
    for (let place = 1; place <= workers && !isStopping; place += 1) {
      const old = here(place)
      const successor = start(place)
      const late = new AbortController()
      const listens = await Promise.race([
        successor.listens,
        clock.sleep(readyMs, late.signal).then(
          () => false,
          () => false,
        ),
      ])
      late.abort()
      if (isStopping) return
      if (!listens) {
        log.error({ place }, 'a worker’s successor cannot serve: those that are there go on')
        successor.state = 'leaving'
        successor.worker.process.kill('SIGKILL')
        return refill(place)
      }
      if (old) await letGo(old, 'retire')
    }
    log.info({ workers }, 'all workers are replaced')
  }

  function replace(): void {
    if (isStopping) return
    if (replacing) return void (isAskedAgain = true)
    replacing = replaceAll().finally(() => {
      replacing = undefined
      const more = isAskedAgain
      isAskedAgain = false
      if (more) replace()
    })
  }

  return {
    replace,
    async close() {
      isStopping = true
      clearInterval(watch)
      await Promise.all([...members].map((member) => letGo(member, 'stop')))
    },
  }
}

import { stat } from 'node:fs/promises'
import { formatDuration, messageOf, Problem } from '../../kernel/index.ts'
import type { Clock, Finding, Jobs, Log, Work } from '../../kernel/index.ts'
import type { RunControl } from '../control.ts'
import { discover, findFiles } from '../discovery.ts'
import { definitionOf } from '../execute/execute.ts'
import { runCheck } from '../execute/run-check.ts'
import type { ScenarioKind } from '../kinds.ts'
import { createPool } from '../process/pool.ts'
import { requestLifeMs, runQueue } from '../queue.ts'
import type { RunJob } from '../queue.ts'
import type { Catalogue, Check, Kind } from '../types.ts'
import { isOvertaken, lastSlot, nextSlot } from './schedule.ts'

/** Runs scenarios at their times, as long as it lives. Several may run: each time of a check is run by one of them. */
export interface Runner {
  /** Finds the checks, tells control, and begins. Gives what is wrong with check files; the others run all the same. */
  start(): Promise<Finding[]>
  /** Takes nothing new; finishes what is under way, or gives it back after `graceMs`. */
  stop(): Promise<void>
}

/** Where the scenarios of one kind come from. */
export interface RunnerSource {
  kind: ScenarioKind
  /** Globs, in `folder`. */
  files: readonly string[]
  /** Whether it may run at all; if not, control is told of it all the same. Default: all may. */
  mayRun?: (name: string) => boolean
}

export interface RunnerOptions {
  jobs: Jobs
  control: RunControl
  sources: readonly RunnerSource[]
  folder: string
  /** Read anew for each run: a contract may change. */
  catalogue: () => Promise<Catalogue>
  clock: Clock
  log: Log
  /** Whether checks are put on the queue by their schedule; if not, this runner only works on what others put there. */
  schedule: boolean
  /** Checks at once; default 4. */
  concurrency?: number
  /** How long `stop` waits for what is under way; default 8 s. */
  graceMs?: number
  /** How often check files are looked at for changes; default 5 s. */
  rediscoverMs?: number
}

const longest = 1_000

/*
 *   schedule ── due ──► job (one for each check and time) ──► any runner ──► run ──► verdict
 *      └── Postgres is out of reach: due stays due, until a job could be put
 */
export function createRunner(options: RunnerOptions): Runner {
  const {
    jobs,
    control,
    clock,
    log,
    schedule,
    concurrency = 4,
    graceMs = 8_000,
    rediscoverMs = 5_000,
  } = options
  const pool = createPool({ maxIdle: concurrency * 2 })
  const due = new Map<string, number>()
  const stopping = new AbortController()
  const givingBack = new AbortController()
  /** By kind and name. */
  let checks = new Map<string, Known>()
  const seen = new Map<Kind, string>()
  const registered = new Set<Kind>()
  let loops: Promise<unknown> = Promise.resolve()
  let working: Work | undefined

  /** Finds the scenarios of a kind anew where a file has come, gone or changed. */
  async function rediscover(source: RunnerSource): Promise<Finding[]> {
    const { kind } = source.kind
    const { files, findings } = await findFiles(source.files, options.folder, source.kind.files)
    const sight = await sightOf(files)
    if (sight !== seen.get(kind)) {
      const found = await discover(files, pool, source.kind)
      seen.set(kind, sight)
      registered.delete(kind)
      const others = [...checks].filter(([, { check }]) => check.kind !== kind)
      const these = found.checks.map((check) => [keyOf(check), { check, source }] as const)
      checks = new Map([...others, ...these])
      for (const finding of found.findings) log.error({ finding }, `a ${kind} file cannot be used`)
      findings.push(...found.findings)
      for (const { name } of found.checks)
        if (source.mayRun?.(name) === false)
          log.warn({ kind, name }, `${name} may not run here: it has no grant`)
    }
    if (!registered.has(kind)) {
      // Control may be away: then it is told the next time.
      const known = [...checks.values()].filter(({ check }) => check.kind === kind)
      await control
        .register(
          kind,
          known.map(({ check }) => definitionOf(check)),
          true,
        )
        .then(
          () => registered.add(kind),
          (error: unknown) =>
            log.warn({ error: messageOf(error) }, `control could not be told which ${kind}s there are`),
        )
    }
    return findings
  }

  const rediscoverAll = async () => {
    const findings: Finding[] = []
    for (const source of options.sources) findings.push(...(await rediscover(source)))
    return findings
  }

  async function keepDiscovered(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(rediscoverMs, stopping.signal)
      await rediscoverAll().catch((error: unknown) =>
        log.warn({ error: messageOf(error) }, 'checks could not be looked for'),
      )
    }
  }

  /** Puts what is due on the queue; what could not be put stays due. Gives the time when something is due next. */
  async function putDue(): Promise<number> {
    const now = clock.now()
    for (const name of due.keys()) if (!checks.has(name)) due.delete(name)
    for (const [key, { check, source }] of checks) {
      if (source.mayRun?.(check.name) === false) continue
      const slot = due.get(key) ?? lastSlot(check, now) ?? nextSlot(check, now)
      if (slot === null) continue
      due.set(key, slot)
      if (slot > now) continue
      // After an outage the latest time counts; the ones before it were missed.
      const latest = isOvertaken(check, slot, now) ? (lastSlot(check, now) ?? slot) : slot
      const job: RunJob = { kind: check.kind, check: check.name, slot: new Date(latest).toISOString() }
      await jobs.put(runQueue, job, { singletonKey: `${key}@${job.slot}` })
      due.set(key, nextSlot(check, Math.max(now, latest)) ?? Infinity)
    }
    return Math.min(...due.values())
  }

  async function keepSchedule(): Promise<void> {
    while (!stopping.signal.aborted) {
      const next = await putDue().catch((error: unknown) => {
        log.warn({ error: messageOf(error) }, 'what is due cannot be put on the queue; it is tried again')
        return clock.now() + longest
      })
      await clock.sleep(Math.min(longest, Math.max(1, next - clock.now())), stopping.signal)
    }
  }

  async function work(job: RunJob): Promise<void> {
    const { kind = 'check', check: name, slot: text, trigger = 'schedule', parent } = job
    if (stopping.signal.aborted) throw new Error('the runner stops: the job is given back')
    const known = checks.get(keyOf({ kind, name }))
    const slot = new Date(text)
    if (!known) return log.warn({ check: name }, `there is no such ${kind} here any more`)
    const { check, source } = known
    if (trigger === 'command' && clock.now() - slot.getTime() > requestLifeMs) {
      return log.warn({ check: name, slot: text }, 'a run was asked for too long ago')
    }
    if (trigger === 'schedule' && isOvertaken(check, slot.getTime(), clock.now())) {
      return log.warn(
        { check: name, slot: text },
        'a run was missed: its time is past, and the next has come',
      )
    }
    try {
      const catalogue = await options.catalogue()
      const signal = givingBack.signal
      const result = await runCheck(parent === undefined ? check : { ...check, parent }, {
        kind: source.kind,
        control,
        pool,
        catalogue,
        clock,
        trigger,
        slot,
        signal,
      })
      const { verdict, ms, run, trouble } = result
      if (signal.aborted) throw new Error('the runner stops: the run is given back')
      const last = result.attempts.at(-1)
      const message = last?.failure?.message ?? last?.obstacle?.message
      log[verdict === 'pass' ? 'info' : 'warn'](
        { check: name, verdict, ms, run: run?.id, trouble, message },
        `${name}: ${verdict} in ${formatDuration(ms)}`,
      )
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'conflict') throw error
      log.info({ check: name, slot: text }, `the ${kind} is run already`)
    }
  }

  return {
    async start() {
      const findings = await rediscoverAll()
      const longestRun = Math.max(
        60_000,
        ...[...checks.values()].map(({ check: { timeout, retries } }) => timeout * (retries.count + 1)),
      )
      await jobs.queue(runQueue, { expireInSeconds: Math.ceil(longestRun / 1_000) + 60, retryLimit: 2 })
      working = await jobs.work<RunJob>(runQueue, { concurrency }, work)
      loops = Promise.allSettled([keepDiscovered(), ...(schedule ? [keepSchedule()] : [])])
      log.info({ scenarios: checks.size, schedule }, `the runner has ${checks.size} scenarios`)
      return findings
    },
    async stop() {
      stopping.abort(new Error('the runner stops'))
      await loops
      const finished = working?.stop()
      const grace = clock.sleep(graceMs, givingBack.signal).catch(() => {})
      await Promise.race([finished, grace])
      givingBack.abort(new Error('the runner stops'))
      await finished
      pool.close()
    },
  }
}

interface Known {
  check: Check
  source: RunnerSource
}

const keyOf = ({ kind, name }: Pick<Check, 'kind' | 'name'>) => `${kind} ${name}`

/** Differs once a file has come, gone or changed. */
async function sightOf(files: readonly string[]): Promise<string> {
  const stats = files.map((file) =>
    stat(file).then(
      ({ mtimeMs, size }) => `${file}:${mtimeMs}:${size}`,
      () => file,
    ),
  )
  return (await Promise.all(stats)).join('\n')
}

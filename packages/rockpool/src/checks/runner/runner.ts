import { stat } from 'node:fs/promises'
import { formatDuration, messageOf, Problem } from '../../kernel/index.ts'
import type { Clock, Finding, Jobs, Log, Work } from '../../kernel/index.ts'
import type { RunControl } from '../control.ts'
import { discover, findFiles } from '../discovery.ts'
import { definitionOf } from '../execute/execute.ts'
import { runCheck } from '../execute/run-check.ts'
import { createPool } from '../process/pool.ts'
import type { Catalogue, Check } from '../types.ts'
import { isOvertaken, lastSlot, nextSlot } from './schedule.ts'

/** Runs checks at their times, as long as it lives. Several may run: each time of a check is run by one of them. */
export interface Runner {
  /** Finds the checks, tells control, and begins. Gives what is wrong with check files; the others run all the same. */
  start(): Promise<Finding[]>
  /** Takes nothing new; finishes what is under way, or gives it back after `graceMs`. */
  stop(): Promise<void>
}

export interface RunnerOptions {
  jobs: Jobs
  control: RunControl
  /** Globs, in `folder`. */
  files: readonly string[]
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

interface Job {
  check: string
  /** ISO 8601. */
  slot: string
}

const queue = 'checks.run'
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
  let checks = new Map<string, Check>()
  let seen = ''
  let isRegistered = false
  let loops: Promise<unknown> = Promise.resolve()
  let working: Work | undefined

  /** Finds the checks anew where a file has come, gone or changed. */
  async function rediscover(): Promise<Finding[]> {
    const { files, findings } = await findFiles(options.files, options.folder)
    const stats = await Promise.all(
      files.map((file) =>
        stat(file).then(
          ({ mtimeMs, size }) => `${file}:${mtimeMs}:${size}`,
          () => file,
        ),
      ),
    )
    const sight = stats.join('\n')
    if (sight !== seen) {
      const found = await discover(files, pool)
      seen = sight
      isRegistered = false
      checks = new Map(found.checks.map((check) => [check.name, check]))
      for (const finding of found.findings) log.error({ finding }, 'a check file cannot be used')
      findings.push(...found.findings)
    }
    if (!isRegistered) {
      // Control may be away: then it is told the next time.
      isRegistered = await control.register([...checks.values()].map(definitionOf), true).then(
        () => true,
        (error: unknown) => {
          log.warn({ error: messageOf(error) }, 'control could not be told which checks there are')
          return false
        },
      )
    }
    return findings
  }

  async function keepDiscovered(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(rediscoverMs, stopping.signal)
      await rediscover().catch((error: unknown) =>
        log.warn({ error: messageOf(error) }, 'checks could not be looked for'),
      )
    }
  }

  /** Puts what is due on the queue; what could not be put stays due. Gives the time when something is due next. */
  async function putDue(): Promise<number> {
    const now = clock.now()
    for (const name of due.keys()) if (!checks.has(name)) due.delete(name)
    for (const check of checks.values()) {
      const slot = due.get(check.name) ?? lastSlot(check, now) ?? nextSlot(check, now)
      if (slot === null) continue
      due.set(check.name, slot)
      if (slot > now) continue
      // After an outage the latest time counts; the ones before it were missed.
      const latest = isOvertaken(check, slot, now) ? (lastSlot(check, now) ?? slot) : slot
      const job: Job = { check: check.name, slot: new Date(latest).toISOString() }
      await jobs.put(queue, job, { singletonKey: `${job.check}@${job.slot}` })
      due.set(check.name, nextSlot(check, Math.max(now, latest)) ?? Infinity)
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

  async function work({ check: name, slot: text }: Job): Promise<void> {
    if (stopping.signal.aborted) throw new Error('the runner stops: the job is given back')
    const check = checks.get(name)
    const slot = new Date(text)
    if (!check) return log.warn({ check: name }, 'there is no such check here any more')
    if (isOvertaken(check, slot.getTime(), clock.now())) {
      return log.warn(
        { check: name, slot: text },
        'a run was missed: its time is past, and the next has come',
      )
    }
    try {
      const catalogue = await options.catalogue()
      const signal = givingBack.signal
      const result = await runCheck(check, {
        control,
        pool,
        catalogue,
        clock,
        trigger: 'schedule',
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
      log.info({ check: name, slot: text }, 'the check is run already')
    }
  }

  return {
    async start() {
      const findings = await rediscover()
      const longestRun = Math.max(
        60_000,
        ...[...checks.values()].map(({ timeout, retries }) => timeout * (retries.count + 1)),
      )
      await jobs.queue(queue, { expireInSeconds: Math.ceil(longestRun / 1_000) + 60, retryLimit: 2 })
      working = await jobs.work<Job>(queue, { concurrency }, work)
      loops = Promise.allSettled([keepDiscovered(), ...(schedule ? [keepSchedule()] : [])])
      log.info({ checks: checks.size, schedule }, `the runner has ${checks.size} checks`)
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

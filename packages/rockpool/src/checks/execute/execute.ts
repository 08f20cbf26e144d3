import type { Clock, Finding } from '../../kernel/index.ts'
import type { RunControl } from '../control.ts'
import { discover, findFiles } from '../discovery.ts'
import { checkKind } from '../kinds.ts'
import type { ScenarioKind } from '../kinds.ts'
import { createPool } from '../process/pool.ts'
import type { Pool } from '../process/pool.ts'
import type { Reporter, Summary } from '../reporters/reporter.ts'
import type { Catalogue, Check, Trigger } from '../types.ts'
import { exitCode } from '../verdict.ts'
import { runCheck } from './run-check.ts'
import type { CheckResult } from './types.ts'

export interface ExecuteOptions {
  /** What the files define; default: checks. */
  kind?: ScenarioKind
  control: RunControl
  /** Globs or paths, in `folder`. */
  files: readonly string[]
  folder: string
  /** Operations of the services; see `readCatalogue`. */
  catalogue: Catalogue
  clock: Clock
  /** Only checks whose name matches: a text in it in any letter case, or `/regular expression/`. */
  grep?: string | undefined
  /** Only those with these very names; empty: all. */
  names?: readonly string[]
  /** Only checks with all these tags. */
  tags?: readonly string[] | undefined
  reporters: readonly Reporter[]
  trigger?: Trigger
  /** Checks at once; default 4. */
  concurrency?: number
  /** Wait so long for the receipt of each run, in milliseconds; default 0. */
  waitMs?: number
  /** The production organization whose sandboxes are made, whatever a check itself or the configuration says. */
  parent?: string | undefined
  /** Ends what is under way; what had not ended says nothing. */
  signal?: AbortSignal
  pool?: Pool
}

/** Finds checks, runs each once, and tells the reporters. What `rockpool check` does. */
export async function executeChecks(options: ExecuteOptions): Promise<Summary> {
  const { kind = checkKind, control, clock, reporters, concurrency = 4, signal } = options
  const tell = (word: (reporter: Reporter) => void) => reporters.forEach(word)
  const pool = options.pool ?? createPool()
  const began = clock.now()
  try {
    const found = await findFiles(options.files, options.folder, kind.files)
    const discovered = await discover(found.files, pool, kind)
    const findings: Finding[] = [...found.findings, ...discovered.findings]
    const checks = discovered.checks
      .filter((check) => isWanted(check, options))
      .map((check) => ({ ...check, parent: options.parent ?? check.parent }))
    if (discovered.checks.length > 0 && checks.length === 0) {
      findings.push({
        path: kind.files,
        message: `none of ${discovered.checks.length} ${kind.kind}s matches what was asked for`,
      })
    }
    tell((reporter) => reporter.discovered?.({ kind: kind.kind, checks, findings, folder: options.folder }))
    await control.register(kind.kind, discovered.checks.map(definitionOf), false).catch(() => {})

    const results: CheckResult[] = []
    const queue = spread(checks)
    const work = async () => {
      for (;;) {
        const check = signal?.aborted ? undefined : queue.shift()
        if (!check) return
        tell((reporter) => reporter.started?.(check))
        const { trigger = 'command', waitMs = 0 } = options
        const result = await runCheck(check, {
          kind,
          control,
          pool,
          catalogue: options.catalogue,
          clock,
          trigger,
          waitMs,
          signal,
        })
        results.push(result)
        tell((reporter) => reporter.finished?.(result))
      }
    }
    await Promise.all(Array.from({ length: Math.max(1, concurrency) }, work))

    const summary = summarize({
      kind: kind.kind,
      results,
      findings,
      ms: clock.now() - began,
      stopped: signal?.aborted === true,
    })
    tell((reporter) => reporter.ended?.(summary))
    return summary
  } finally {
    if (!options.pool) pool.close()
  }
}

function summarize({
  findings,
  ...seen
}: Pick<Summary, 'kind' | 'results' | 'ms' | 'stopped'> & { findings: readonly Finding[] }): Summary {
  const { results, stopped } = seen
  const count = (verdict: CheckResult['verdict']) =>
    results.filter((result) => result.verdict === verdict).length
  const tally = {
    pass: count('pass'),
    fail: count('fail'),
    uncheckable: count('uncheckable'),
    findings: findings.length,
  }
  return { ...seen, ...tally, findingsFound: findings, exitCode: stopped ? 2 : exitCode(tally) }
}

/** First the first check of each file, then the second ones: a file's process is warm for one check at a time. Pure. */
function spread(checks: readonly Check[]): Check[] {
  const rank = (check: Check) => checks.filter(({ file }) => file === check.file).indexOf(check)
  return checks.toSorted((a, b) => rank(a) - rank(b))
}

function isWanted(
  check: Check,
  { grep, names = [], tags = [] }: Pick<ExecuteOptions, 'grep' | 'names' | 'tags'>,
): boolean {
  if (names.length > 0 && !names.includes(check.name)) return false
  return tags.every((tag) => check.tags.includes(tag)) && (grep === undefined || matcherOf(grep)(check.name))
}

/** A text in any letter case, or `/pattern/flags`; a pattern that is none is taken as text. */
function matcherOf(grep: string): (name: string) => boolean {
  const pattern = /^\/(.+)\/([a-z]*)$/.exec(grep)
  if (pattern) {
    try {
      const expression = new RegExp(pattern[1]!, pattern[2])
      return (name) => expression.test(name)
    } catch {
      // Not a regular expression.
    }
  }
  return (name) => name.toLowerCase().includes(grep.toLowerCase())
}

/** What control keeps of a check. */
export function definitionOf({ name, file, line, every, cron, timeout, tags }: Check) {
  return { name, file, line, every, cron, timeout, tags }
}

import { Cron } from 'croner'
import { glob, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { messageOf, parseDuration } from '../kernel/index.ts'
import type { Finding } from '../kernel/index.ts'
import type { RawCheck, RawFinding } from './child/protocol.ts'
import type { Pool } from './process/pool.ts'
import type { Check } from './types.ts'

export interface Discovered {
  checks: Check[]
  /** What is wrong, with file and line; the checks beside it are found all the same. */
  findings: Finding[]
}

/** Files that the patterns match in `folder`, sorted; a pattern that matches none is a finding. */
export async function findFiles(
  patterns: readonly string[],
  folder: string,
): Promise<{ files: string[]; findings: Finding[] }> {
  const files = new Set<string>()
  const findings: Finding[] = []
  for (const [index, pattern] of patterns.entries()) {
    let found = 0
    const plain = resolve(folder, pattern)
    const isFile = await stat(plain).then(
      (one) => one.isFile(),
      () => false,
    )
    const matches = isFile
      ? [pattern]
      : glob(pattern, { cwd: folder, exclude: (name) => name === 'node_modules' })
    for await (const match of matches) {
      files.add(resolve(folder, match))
      found++
    }
    if (found === 0)
      findings.push({ path: `checks.${index}`, message: `no file matches ${pattern} in ${folder}` })
  }
  return { files: [...files].toSorted(), findings }
}

/** Loads each file in a process of its own, so that a bad one harms nothing, and validates what it defines. */
export async function discover(files: readonly string[], pool: Pool): Promise<Discovered> {
  const checks: Check[] = []
  const findings: Finding[] = []
  const loaded = await loadAll(files, pool)
  for (const [index, file] of files.entries()) {
    const process = loaded[index]!
    if ('message' in process) {
      const line = process.line === null ? {} : { line: process.line }
      findings.push({ path: file, file, message: process.message, ...line })
      continue
    }
    if (process.checks.length === 0)
      findings.push({ path: file, file, message: 'it defines no check: call check(name, …) in it' })
    for (const raw of process.checks) {
      const read = readCheck(raw, file)
      findings.push(...read.findings)
      if (!read.check) continue
      const { name } = read.check
      const twin = checks.find((other) => other.name === name)
      if (twin)
        findings.push({
          path: name,
          file,
          line: raw.line,
          message: `the name is taken by the check at ${twin.file}:${twin.line}`,
        })
      else checks.push(read.check)
    }
  }
  return { checks, findings }
}

/** Each file's definitions, in the files' order; a few are loaded at once. */
async function loadAll(
  files: readonly string[],
  pool: Pool,
): Promise<({ checks: readonly RawCheck[] } | RawFinding)[]> {
  const loaded: ({ checks: readonly RawCheck[] } | RawFinding)[] = []
  const queue = [...files.entries()]
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, file] = next
      const process = await pool.take(file)
      loaded[index] = process
      if (!('message' in process)) pool.giveBack(process)
    }
  }
  await Promise.all(Array.from({ length: 4 }, work))
  return loaded
}

const known = ['every', 'cron', 'timeout', 'retries', 'tags', 'sandbox']

/** Validates a definition; all findings at once. Pure. */
export function readCheck(raw: RawCheck, file: string): { check?: Check; findings: Finding[] } {
  const findings: Finding[] = []
  const name = typeof raw.name === 'string' ? raw.name : ''
  const found = (path: string, message: string) => {
    findings.push({
      path: path ? `${name || 'check'}: ${path}` : name || 'check',
      message,
      file,
      line: raw.line,
    })
  }
  if (name.trim() === '' || name.length > 200) found('', 'a check needs a name of 1 to 200 characters')
  if (/\p{Cc}/u.test(name)) found('', 'the name has control characters')
  if (!raw.hasBody) found('', 'a check needs a function: check(name, options, async ({ api }) => { … })')
  if (typeof raw.options !== 'object' || raw.options === null || Array.isArray(raw.options)) {
    found('', 'the options are not an object')
    return { findings }
  }
  const options = raw.options as Record<string, unknown>
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) found(key, `there is no such option; there are ${known.join(', ')}`)
  }
  const duration = (path: string, value: unknown, least: number, most: number): number | null => {
    if (value === undefined) return null
    try {
      const ms = parseDuration(typeof value === 'string' ? value : 'no text')
      if (ms >= least && ms <= most) return ms
      found(path, `it must lie between ${least / 1_000} s and ${most / 1_000} s`)
    } catch (error) {
      found(path, messageOf(error))
    }
    return null
  }

  const every = duration('every', options.every, 1_000, 31 * 86_400_000)
  const timeout = duration('timeout', options.timeout, 100, 3_600_000) ?? 60_000
  if (options.every !== undefined && options.cron !== undefined) found('cron', 'give every or cron, not both')
  const cron = readCron(options.cron, (message) => found('cron', message))
  const retries = readRetries(options.retries, (message) => found('retries', message))
  const tags = Array.isArray(options.tags) ? options.tags : []
  const isTag = (tag: unknown) => typeof tag === 'string' && tag !== '' && tag.length <= 100
  if (!Array.isArray(options.tags ?? []) || tags.length > 50 || !tags.every(isTag)) {
    found('tags', 'write a list of at most 50 strings of 1 to 100 characters')
  }
  const sandbox = (options.sandbox ?? {}) as { parent?: unknown; ttl?: unknown }
  if (typeof sandbox !== 'object') found('sandbox', 'write { parent, ttl }')
  if (sandbox.parent !== undefined && typeof sandbox.parent !== 'string')
    found('sandbox.parent', 'write the slug of an organization')
  const ttl = duration('sandbox.ttl', sandbox.ttl, 10_000, 7 * 86_400_000)
  if (ttl !== null && ttl < timeout)
    found('sandbox.ttl', 'the sandbox would end before the check may: it must be longer than the timeout')
  if (findings.length > 0) return { findings }

  const check: Check = {
    name,
    file,
    line: raw.line,
    every,
    cron,
    timeout,
    retries,
    tags: tags as string[],
    parent: (sandbox.parent as string | undefined) ?? null,
    ttl: (sandbox.ttl as string | undefined) ?? null,
  }
  return { check, findings }
}

function readCron(value: unknown, found: (message: string) => void): string | null {
  if (value === undefined) return null
  try {
    const cron = new Cron(value as string, { paused: true, timezone: 'UTC' })
    if (cron.nextRun()) return value as string
    found('it never comes true')
  } catch (error) {
    found(`it is not a cron expression: ${messageOf(error)}`)
  }
  return null
}

function readRetries(value: unknown, found: (message: string) => void): Check['retries'] {
  if (value === undefined) return { count: 0, on: 'any' }
  const { count, on } = (typeof value === 'number' ? { count: value, on: 'any' } : (value ?? {})) as Record<
    string,
    unknown
  >
  const isCount = typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= 10
  if (!isCount) found('write a number from 0 to 10, or { count, on }')
  if (on !== 'any' && on !== 'network') found('on is network or any')
  return { count: isCount ? count : 0, on: on === 'network' ? 'network' : 'any' }
}

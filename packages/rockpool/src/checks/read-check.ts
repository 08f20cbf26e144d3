import { Cron } from 'croner'
import { messageOf } from '../kernel/index.ts'
import type { Finding } from '../kernel/index.ts'
import type { RawScenario } from './child/protocol.ts'
import { openReading } from './reading.ts'
import type { Check } from './types.ts'

const shape = {
  kind: 'check' as const,
  known: ['every', 'cron', 'timeout', 'retries', 'tags', 'sandbox', 'faults'],
  longestName: 200,
  example: 'check(name, options, async ({ api }) => { … })',
}

/** Validates a definition; all findings at once. Pure. */
export function readCheck(raw: RawScenario, file: string): { check?: Check; findings: Finding[] } {
  const { name, options, findings, found, duration } = openReading(raw, file, shape)
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
  if (options.faults !== undefined && typeof options.faults !== 'boolean')
    found('faults', 'write true or false')
  if (findings.length > 0) return { findings }

  const check: Check = {
    kind: 'check',
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
    ...(options.faults === true ? { faults: true } : {}),
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

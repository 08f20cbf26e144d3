import { messageOf, parseDuration } from '../kernel/index.ts'
import type { Finding } from '../kernel/index.ts'
import type { RawScenario } from './child/protocol.ts'
import type { Kind } from './types.ts'

/** A definition being read: what every kind asks of it, and the way to say what else is wrong. */
export interface Reading {
  name: string
  options: Record<string, unknown>
  findings: Finding[]
  /** `path`: the option; empty: the definition itself. */
  found(path: string, message: string): void
  /** In milliseconds; null where it is absent or, with a finding, wrong. */
  duration(path: string, value: unknown, least: number, most: number): number | null
}

/** Begins to validate a definition: its name, its function, and that it has no other options than `known`. Pure. */
export function openReading(
  raw: RawScenario,
  file: string,
  {
    kind,
    known,
    longestName,
    example,
  }: { kind: Kind; known: string[]; longestName: number; example: string },
): Reading {
  const findings: Finding[] = []
  const name = typeof raw.name === 'string' ? raw.name : ''
  const found = (path: string, message: string) => {
    findings.push({ path: path ? `${name || kind}: ${path}` : name || kind, message, file, line: raw.line })
  }
  if (name.trim() === '' || name.length > longestName)
    found('', `a ${kind} needs a name of 1 to ${longestName} characters`)
  if (/\p{Cc}/u.test(name)) found('', 'the name has control characters')
  if (!raw.hasBody) found('', `a ${kind} needs a function: ${example}`)
  const isObject = typeof raw.options === 'object' && raw.options !== null && !Array.isArray(raw.options)
  if (!isObject) found('', 'the options are not an object')
  const options = isObject ? (raw.options as Record<string, unknown>) : {}
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) found(key, `there is no such option; there are ${known.join(', ')}`)
  }
  return {
    name,
    options,
    findings,
    found,
    duration(path, value, least, most) {
      if (value === undefined) return null
      try {
        const ms = parseDuration(typeof value === 'string' ? value : 'no text')
        if (ms >= least && ms <= most) return ms
        found(path, `it must lie between ${least / 1_000} s and ${most / 1_000} s`)
      } catch (error) {
        found(path, messageOf(error))
      }
      return null
    },
  }
}

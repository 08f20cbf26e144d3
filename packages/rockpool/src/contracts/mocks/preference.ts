import { headerValues } from '../requests/index.ts'
import { mostDelayMs, readFaultFields } from './delivery/faults.ts'
import type { FaultEffect } from './delivery/faults.ts'
import type { MockAnswer } from './types.ts'

/** What a client may ask for besides (RFC 7240): `Prefer: code=404, example=not-found`. */
export interface Preference {
  status: string | null
  example: string | null
  /** Each a branch, or a place and its branch: `Cat`, `/pet:Cat`. */
  branches: readonly string[]
  items: number | null
  delayMs: number | null
  fault: FaultEffect | null
  /** False: the service calls nobody back. */
  hasCallbacks: boolean
  /** What of it nobody can understand. */
  findings: readonly string[]
}

/** Of a list that is made; longer ones are streams. */
export const mostItems = 100_000
/** Characters of it that are read. */
const longest = 8_000

const nothing: Preference = {
  status: null,
  example: null,
  branches: [],
  items: null,
  delayMs: null,
  fault: null,
  hasCallbacks: true,
  findings: [],
}

/**
 * Reads `Prefer`, in any of its fields. The first of a name counts, but for `branch`; what else is preferred is not ours. Pure.
 *
 * @param headers names and values in turns
 */
export function readPreference(headers: readonly string[]): Preference {
  const fields = headerValues(headers, 'prefer')
  if (fields.length === 0) return nothing
  const given = new Map<string, string[]>()
  for (const [name, value] of fields.flatMap(pairsIn)) given.set(name, [...(given.get(name) ?? []), value])
  const findings: string[] = []
  const first = (name: string) => given.get(name)?.[0] ?? null
  return {
    status: first('code'),
    example: first('example'),
    branches: (given.get('branch') ?? []).flatMap((value) => value.split(/,\s*(?=\/)/)),
    items: numberOf('items', first('items'), mostItems, findings),
    delayMs: numberOf('delay', first('delay'), mostDelayMs, findings),
    fault: faultOf(given, findings),
    hasCallbacks: !wantsNoCallback(first('callback'), findings),
    findings,
  }
}

/** Names in small letters; separators within quotes are none. */
function pairsIn(field: string): [string, string][] {
  const parts = field.slice(0, longest).match(/(?:[^,;"]|"(?:[^"\\]|\\.)*")+/g) ?? []
  return parts.flatMap((part): [string, string][] => {
    const equals = part.indexOf('=')
    if (equals < 0) return []
    const value = part.slice(equals + 1).trim()
    const plain = /^"[^]*"$/.test(value) ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
    return plain === '' ? [] : [[part.slice(0, equals).trim().toLowerCase(), plain]]
  })
}

function numberOf(name: string, value: string | null, most: number, findings: string[]): number | null {
  if (value === null) return null
  if (/^\d{1,9}$/.test(value) && Number(value) <= most) return Number(value)
  findings.push(`${name}=${value.slice(0, 20)}: it is a whole number from 0 to ${most}`)
  return null
}

function wantsNoCallback(value: string | null, findings: string[]): boolean {
  if (value !== null && value !== 'none')
    findings.push(`callback=${value.slice(0, 20)}: it is none, or not said`)
  return value === 'none'
}

function faultOf(given: ReadonlyMap<string, readonly string[]>, findings: string[]): FaultEffect | null {
  const kind = given.get('fault')?.[0]
  if (kind === undefined) return null
  const fields: Record<string, unknown> = { kind }
  for (const name of ['ms', 'jitterMs', 'status', 'afterBytes', 'bytesPerSecond']) {
    const value = given.get(name.toLowerCase())?.[0]
    if (value !== undefined) fields[name] = /^\d{1,9}$/.test(value) ? Number(value) : value
  }
  const read = readFaultFields(fields)
  if (read.ok) return read.effect
  for (const { path, message } of read.findings)
    findings.push(`fault=${kind.slice(0, 20)}: ${path} ${message}`)
  return null
}

/** An answer that says what of the preferences it keeps to (RFC 7240 3). */
export function appliedTo(answer: MockAnswer, preference: Preference): MockAnswer {
  if (preference === nothing || answer.headers.includes('Rockpool-Problem')) return answer
  const { status, example, branches, items, delayMs, fault, hasCallbacks } = preference
  const kept = [
    ...(status === null ? [] : [`code=${status}`]),
    ...(example === null ? [] : [`example=${quoted(example)}`]),
    ...branches.map((branch) => `branch=${quoted(branch)}`),
    ...(items === null ? [] : [`items=${items}`]),
    ...(delayMs === null ? [] : [`delay=${delayMs}`]),
    ...(fault === null ? [] : [`fault=${fault.kind}`]),
    ...(hasCallbacks ? [] : ['callback=none']),
  ]
  if (kept.length === 0) return answer
  return { ...answer, headers: [...answer.headers, 'Preference-Applied', kept.join(', ')] }
}

/** RFC 9110 5.6.4; what no header can carry is left out. */
function quoted(text: string): string {
  if (/^[\w!#$%&'*+.^`|~-]+$/.test(text)) return text
  return `"${text.replace(/[^\t\x20-\x7e]/g, '').replace(/["\\]/g, '\\$&')}"`
}

/*
 * Secrets are hidden in everything that a run tells: in the child before anything is cut to size, and again by its parent
 * before anything is kept. Pure; loaded by every child, so it imports nothing but types.
 */
import type { Ending, Evidence } from './types.ts'

export type Hide = (text: string) => string

/**
 * Replaces each value, however it is written (as it is, in JSON, in a URL or a form, in Base64; long lines of one with
 * several too), by `[secret NAME]`.
 */
export function createHide(values: Readonly<Record<string, string>>): Hide {
  const forms = new Map<string, string>()
  for (const [name, value] of Object.entries(values)) {
    for (const form of formsOf(value)) if (!forms.has(form)) forms.set(form, `[secret ${name}]`)
  }
  if (forms.size === 0) return (text) => text
  // The longest first: one form may begin another.
  const ordered = [...forms].toSorted(([a], [b]) => b.length - a.length)
  return (text) =>
    ordered.reduce(
      (left, [form, name]) => (left.includes(form) ? left.replaceAll(form, () => name) : left),
      text,
    )
}

function formsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).filter((line) => line.length >= 16)
  return [value, ...lines].flatMap((text) => {
    const bytes = new TextEncoder().encode(text)
    const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')).replace(/=+$/, '')
    const url = encodeURIComponent(text.toWellFormed())
    return [
      text,
      JSON.stringify(text).slice(1, -1),
      url,
      url.replaceAll('%20', '+'),
      url.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
      base64,
      base64.replaceAll('+', '-').replaceAll('/', '_'),
    ]
  })
}

/** A copy with every text in it hidden, at every depth, names of members too. */
function hideAll(value: unknown, hide: Hide): unknown {
  if (typeof value === 'string') return hide(value)
  if (Array.isArray(value)) return value.map((item) => hideAll(item, hide))
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [hide(name), hideAll(inner, hide)]))
}

// Words of ours, which a short secret may look like: an entry whose type is hidden would be none.
const ours = new Set([
  'type',
  'kind',
  'stream',
  'method',
  'service',
  'operation',
  'problem',
  'place',
  'artifact',
])

const hideMembers = <T extends object>(value: T, hide: Hide): T =>
  Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, ours.has(name) ? inner : hideAll(inner, hide)]),
  ) as T

/** What an attempt came to, without its secrets. */
export function hideOutcome<T extends { ending: Ending; evidence: Evidence }>(outcome: T, hide: Hide): T {
  const { ending, evidence } = outcome
  return {
    ...outcome,
    ending:
      ending.type === 'failed'
        ? { ...ending, failure: hideMembers(ending.failure, hide) }
        : ending.type === 'obstructed'
          ? { ...ending, obstacle: hideMembers(ending.obstacle, hide) }
          : ending,
    evidence: { ...evidence, entries: evidence.entries.map((entry) => hideMembers(entry, hide)) },
  }
}

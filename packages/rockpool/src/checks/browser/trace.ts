import { isSensitiveName, redacted, redactBodyText, redactText } from '../redact.ts'
import { readZip, writeZip } from './zip.ts'

/*
 * A trace as Playwright records it (a ZIP): `*.trace` and `*.network` are events, one JSON object on each line; `resources/`
 * holds what they refer to. What nobody should read is replaced before it leaves the check's process: first what sensitive
 * fields of pages held is gathered, then that, and what is sensitive by name or pattern, is replaced everywhere.
 */

/** Bytes that a trace may have, unpacked and packed. */
export const traceLimits = { unpacked: 256 * 1_024 * 1_024, packed: 32 * 1_024 * 1_024 } as const

/** The same trace without sensitive data. @throws Error where it is too large, or no trace at all. Pure. */
export function redactTrace(archive: Buffer): Buffer {
  const entries = readZip(archive, traceLimits.unpacked)
  const isEvents = (name: string) => /\.(trace|network)$/.test(name)
  const typed = new Set<string>()
  for (const { name, content } of entries) {
    if (isEvents(name)) for (const event of eventsOf(content)) gather(event, typed)
  }
  const clean = createCleaner(typed)
  const written = writeZip(
    entries.map(({ name, content }) => {
      if (isEvents(name)) {
        const lines = eventsOf(content).map((event) => JSON.stringify(clean.value(event)))
        return { name, content: Buffer.from(lines.map((line) => `${line}\n`).join('')) }
      }
      if (isMedia(name)) return { name, content }
      // UTF-16, or JSON with bytes in it: what cannot be read cannot be redacted, and is left out.
      if (content.includes(0)) return { name, content: Buffer.alloc(0) }
      return { name, content: Buffer.from(clean.body(content.toString())) }
    }),
  )
  if (written.length > traceLimits.packed) throw new Error('the trace is larger than 32 MB')
  return written
}

function eventsOf(content: Buffer): unknown[] {
  return content
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown)
}

/** Whether a resource is a picture, a font, or the like: it is passed on as it is. */
function isMedia(name: string): boolean {
  return /\.(png|jpe?g|gif|webp|avif|ico|woff2?|ttf|otf|wasm|mp4|webm)$/i.test(name)
}

type Attributes = Record<string, unknown>

/** `["INPUT", { name: "card", __playwright_value_: "…" }]`: a field of a page, as a snapshot holds it. */
function fieldOf(value: unknown): Attributes | undefined {
  if (!Array.isArray(value) || typeof value[0] !== 'string' || !/^(input|textarea)$/i.test(value[0]))
    return undefined
  const attributes: unknown = value[1]
  return typeof attributes === 'object' && attributes !== null ? (attributes as Attributes) : undefined
}

function isSensitiveField({ type, name, id, autocomplete }: Attributes): boolean {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return (
    text(type).toLowerCase() === 'password' ||
    [name, id].some((value) => isSensitiveName(text(value))) ||
    /^cc-(number|csc|exp)|password|one-time-code/i.test(text(autocomplete))
  )
}

const held = ['__playwright_value_', 'value'] as const

/** What sensitive fields hold, at every depth. */
function gather(value: unknown, typed: Set<string>): void {
  if (typeof value !== 'object' || value === null) return
  const field = fieldOf(value)
  if (field && isSensitiveField(field)) {
    for (const name of held) if (typeof field[name] === 'string' && field[name] !== '') typed.add(field[name])
  }
  for (const inner of Object.values(value)) gather(inner, typed)
}

interface Cleaner {
  value(value: unknown): unknown
  body(text: string): string
}

function createCleaner(typed: ReadonlySet<string>): Cleaner {
  // A short value, such as `123`, stands in many places by chance: it is replaced only where it stands alone.
  const long = [...typed].filter((value) => value.length >= 6).toSorted((a, b) => b.length - a.length)
  const forms = long.flatMap((value) => [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
  ])
  const without = (value: string) => forms.reduce((text, form) => text.replaceAll(form, redacted), value)
  const text = (value: string) => (typed.has(value) ? redacted : redactText(without(value)))

  const value = (given: unknown): unknown => {
    if (typeof given === 'string') return text(given)
    if (typeof given !== 'object' || given === null) return given
    if (Array.isArray(given)) {
      const field = fieldOf(given)
      const items = given.map((item) => value(item))
      if (field && isSensitiveField(field)) items[1] = blank(items[1] as Attributes)
      return items
    }
    const object = Object.fromEntries(Object.entries(given).map(([name, inner]) => [name, value(inner)]))
    // Headers, cookies and parameters of HAR are `{ name, value }`.
    const { name } = given as Attributes
    const isHidden = typeof name === 'string' && (isSensitiveName(name) || /^rockpool/i.test(name))
    return isHidden && typeof object.value === 'string' ? { ...object, value: redacted } : object
  }
  return { value, body: (given) => redactBodyText(without(given)) }
}

function blank(attributes: Attributes): Attributes {
  const entries = Object.entries(attributes)
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      (held as readonly string[]).includes(name) && value !== '' ? redacted : value,
    ]),
  )
}

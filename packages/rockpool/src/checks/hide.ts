/*
 * Secrets are hidden in everything that a run tells: in the child before anything is cut to size, and again by its parent
 * before anything is kept. Pure; loaded by every child, so it imports nothing.
 */

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
  const found = [...forms.keys()].toSorted((a, b) => b.length - a.length).map(escape)
  const expression = new RegExp(found.join('|'), 'g')
  return (text) => text.replaceAll(expression, (form) => forms.get(form)!)
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

const escape = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** A copy with every text in it hidden, at every depth, names of members too. */
export function hideAll<T>(value: T, hide: Hide): T {
  return walk(value, hide) as T
}

function walk(value: unknown, hide: Hide): unknown {
  if (typeof value === 'string') return hide(value)
  if (typeof value === 'number') return hide(String(value)) === String(value) ? value : hide(String(value))
  if (Array.isArray(value)) return value.map((item) => walk(item, hide))
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [hide(name), walk(inner, hide)]))
}

const maxDepth = 16

export type JsonReading =
  | { ok: true; value: Readonly<Record<string, unknown>> }
  | { ok: false; detail: string }

/**
 * Reads an object of JSON as RFC 7519 4 allows it: strict UTF-8, no name twice (a reader behind us might take the other
 * one), at most 16 levels deep.
 */
export function readJsonObject(bytes: Uint8Array): JsonReading {
  let text: string
  let value: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (depthOf(text) > maxDepth) return { ok: false, detail: `deeper than ${maxDepth} levels` }
    value = JSON.parse(text)
  } catch {
    return { ok: false, detail: 'not JSON' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, detail: 'not an object of JSON' }
  const names = namesOf(text)
  if (new Set(names).size < names.length) return { ok: false, detail: 'a name stands in it twice' }
  return { ok: true, value: value as Record<string, unknown> }
}

/** A member of its own: a name such as `constructor` is nothing that was said. */
export function memberOf(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined
}

function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  walk(text, (character) => {
    if (character === '{' || character === '[') deepest = Math.max(deepest, (depth += 1))
    else if (character === '}' || character === ']') depth -= 1
  })
  return deepest
}

/** The names of the outermost object of a valid text, as often as they stand there. */
function namesOf(text: string): string[] {
  const names: string[] = []
  let depth = 0
  let last = ''
  walk(text, (character, string) => {
    if (character === '"') last = string
    else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
    else if (character === ':' && depth === 1) names.push(JSON.parse(last) as string)
  })
  return names
}

/** Visits every character outside of strings, and each string as one. */
function walk(text: string, visit: (character: string, string: string) => void): void {
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== '"') {
      visit(text[at]!, '')
      continue
    }
    const start = at
    for (at += 1; at < text.length && text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1
    visit('"', text.slice(start, at + 1))
  }
}

/** A system's own key, or a tenant's at a system (W3C trace-context 3.3.1.3.1). It may begin with a digit, as of level 2. */
const key = /^[a-z0-9](?:[a-z0-9_\-*/]{0,255}|[a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})$/
/** Printable ASCII without “,” and “=”, not blank at its end (3.3.1.3.2). */
const value = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/
const mostMembers = 32

/**
 * Whether the fields of a `tracestate`, combined in their order, may go on: at least one member, at most 32, each of them in
 * the grammar, and no key twice (W3C trace-context 3.3.1). Empty members are allowed, and do not count. One that may not is
 * discarded whole. Pure.
 */
export function isTracestate(fields: readonly string[]): boolean {
  const keys = new Set<string>()
  for (const field of fields)
    for (const part of field.split(',')) {
      const member = withoutBlanks(part)
      if (member === '') continue
      const equals = member.indexOf('=')
      const name = member.slice(0, Math.max(equals, 0))
      if (!key.test(name) || !value.test(member.slice(equals + 1)) || keys.has(name)) return false
      if (keys.add(name).size > mostMembers) return false
    }
  return keys.size > 0
}

/** Without spaces and tabs at both ends. `trim` would take more, and one pattern for it takes the square of the length. */
function withoutBlanks(text: string): string {
  let [from, to] = [0, text.length]
  while (from < to && isBlank(text.charCodeAt(from))) from += 1
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1
  return text.slice(from, to)
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09

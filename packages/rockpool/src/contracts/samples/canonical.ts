import type { Json } from '../types.ts'

/** Equal for values that are equal as JSON Schema means it: the order of members says nothing. */
export function canonical(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name]!)}`)
  return `{${members.join(',')}}`
}

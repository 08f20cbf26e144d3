import { createHash } from 'node:crypto'
import type { Json } from '../types.ts'
import { canonical } from '../json-equal.ts'

/** Characters of JSON that a detail may have. */
const longest = 300

/** A value for a detail: whole where it is short; of a long one its beginning, and a hash that tells it from others. */
export function brief(value: Json): Json {
  const text = canonical(value)
  if (text.length <= longest) return value
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12)
  return `${text.slice(0, longest)}… (${hash})`
}

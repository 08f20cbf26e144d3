import type { Response } from '../types.ts'
import { plainText } from './media.ts'
import type { Values } from './values.ts'

/** About the message itself, and not for a service to make up. */
const framing = new Set([
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'connection',
  'date',
])

/** Those that a response declares, as names and values in turns. */
export function headersOf(values: Values, { headers }: Response, key: string): string[] {
  return headers.flatMap(({ name, schema, examples, mediaType }) => {
    if (framing.has(name.toLowerCase()) || !/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return []
    const value = values.make(schema, { key: `${key} header ${name}`, examples })
    if (value === undefined || value === null) return []
    const text =
      mediaType !== null
        ? JSON.stringify(value)
        : Array.isArray(value)
          ? value.map(plainText).join(',')
          : plainText(value)
    // RFC 9110 5.5: what cannot stand in a header is left out.
    return /^[\t\x20-\x7e]*$/.test(text) ? [name, text] : []
  })
}

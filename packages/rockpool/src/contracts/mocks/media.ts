import { isObject } from '../json-object.ts'
import { follow } from '../references.ts'
import type { Contract, Json, MediaType } from '../types.ts'
import { isJson } from './negotiate.ts'
import { streamFormOf } from './stream.ts'

/** Values can be written so, or somebody wrote one down. */
export function isWritable(contract: Contract, { name, schema, examples }: MediaType): boolean {
  if (isJson(name) || streamFormOf(name) !== null) return true
  if (/^text\/|^application\/x-www-form-urlencoded/i.test(name)) return true
  const at = follow(contract, schema)
  const isText = typeof at === 'object' && at.type === 'string'
  return isText || examples.some(({ value }) => typeof value === 'string')
}

/** A range, such as a `default` may have, is no type that could be sent. */
export function contentType(name: string): string {
  if (name === '*/*' || name === 'application/*') return 'application/json'
  return name.endsWith('/*') ? name.replace('*', 'plain') : name
}

/** As the media type writes it. Undefined: it is none that values are written in. */
export function textOf(value: Json, name: string): string | undefined {
  if (isJson(name)) return JSON.stringify(value)
  if (typeof value === 'string') return value
  if (/^text\//i.test(name) && typeof value !== 'object') return String(value)
  if (/^application\/x-www-form-urlencoded/i.test(name) && isObject(value))
    return new URLSearchParams(
      Object.entries(value).map(([key, one]): [string, string] => [key, plainText(one)]),
    ).toString()
  return undefined
}

/** A text as it is, anything else as JSON. */
export const plainText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

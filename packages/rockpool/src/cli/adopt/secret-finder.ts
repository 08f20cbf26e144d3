import { isSensitiveName, redactText } from '../../checks/index.ts'
import type { ShownCall } from './call.ts'
import { isObject } from './json.ts'

/*
 * What of a call nobody may read later: it goes into the store, and its name stands in the file. Found by where it stands
 * (Authorization, cookies, parameters and fields with such names) and by how it looks.
 */

/** Secrets by value, each with the name it was given. One value has one name, in however many places. */
export interface FoundSecrets {
  byValue: ReadonlyMap<string, string>
  /** Where something stands that nobody should read and that is too short, or no text, to be kept as a secret. */
  unkept: readonly string[]
  /** Whether a text has one in it. */
  isIn(text: string): boolean
  /** The text in pieces: as it is, or the name of a secret. */
  pieces(text: string): (string | { secret: string })[]
}

const secretHeader =
  /^(authorization|proxy-authorization|cookie|x-auth.*|.*(api|access|auth|private|subscription)[-_]?key.*|.*(token|secret|signature|password|credential|session).*)$/

/** `prefix`: what the names begin with, such as THINGS. Pure. */
export function findSecrets(calls: readonly ShownCall[], prefix: string): FoundSecrets {
  const byValue = new Map<string, string>()
  const unkept = new Set<string>()
  const add: Add = (value, suffix) => {
    if (value === '' || (typeof value === 'string' && byValue.has(value))) return
    if (typeof value !== 'string' || value.length < 4 || value.trim() === '') return void unkept.add(suffix)
    const base = `${prefix}_${suffix}`.slice(0, 90)
    const taken = new Set(byValue.values())
    let name = base
    for (let number = 2; taken.has(name); number++) name = `${base}_${number}`
    byValue.set(value, name)
  }
  for (const { url, headers, body } of calls) {
    for (const [name, value] of headers) fromHeader(name, value, add)
    for (const [name, value] of url.searchParams)
      if (isSecretName(name) || looksSecret(value)) add(value, wordOf(name))
    for (const segment of url.pathname.split('/'))
      if (looksSecret(decode(segment))) add(decode(segment), 'PATH')
    if (body !== null) fromBody(body, add)
  }
  const values = [...byValue.keys()].toSorted((a, b) => b.length - a.length)
  return {
    byValue,
    unkept: [...unkept],
    isIn: (text) => values.some((value) => text.includes(value)),
    pieces(text) {
      let pieces: (string | { secret: string })[] = [text]
      for (const value of values) {
        const secret = { secret: byValue.get(value)! }
        pieces = pieces.flatMap((piece) =>
          typeof piece === 'string'
            ? piece.split(value).flatMap((part, index) => (index === 0 ? [part] : [secret, part]))
            : [piece],
        )
      }
      return pieces.filter((piece) => piece !== '')
    },
  }
}

/** A number is handed over where its name says that nobody should read it. */
type Add = (value: string | number, suffix: string) => void

function fromHeader(name: string, value: string, add: Add): void {
  if (name === 'authorization') {
    const [, scheme, rest] = /^(\S+)\s+(.+)$/.exec(value) ?? []
    if (scheme === undefined) add(value, 'TOKEN')
    else add(rest!, /^basic$/i.test(scheme) ? 'BASIC' : 'TOKEN')
  } else if (name === 'cookie') add(value, 'COOKIE')
  else if (secretHeader.test(name) || isSensitiveName(name) || looksSecret(value))
    add(value, wordOf(name.replace(/^x-/, '')))
}

function fromBody(body: string, add: Add): void {
  const value = jsonOf(body)
  if (value !== undefined) return fromJson(value, '', add, 0)
  if (/^[^=&\s]+=[^\s]*$/.test(body)) {
    for (const [name, field] of new URLSearchParams(body))
      if (isSecretName(name) || looksSecret(field)) add(field, wordOf(name))
  } else if (redactText(body) !== body || looksSecret(body)) add(body, 'BODY')
}

function fromJson(value: unknown, name: string, add: Add, depth: number): void {
  if (depth > 32) return
  // A house has a number too: it is a secret where it is long, or a card's.
  const isNamed = name !== '' && isSecretName(name) && !(name === 'number' && String(value).length < 8)
  if (typeof value === 'string') {
    if (isNamed || looksSecret(value) || redactText(value) !== value) add(value, wordOf(name || 'VALUE'))
  } else if (typeof value === 'number') {
    if (isNamed || redactText(String(value)) !== String(value)) add(value, wordOf(name || 'VALUE'))
  } else if (Array.isArray(value)) for (const item of value) fromJson(item, name, add, depth + 1)
  else if (isObject(value))
    for (const [key, inner] of Object.entries(value)) fromJson(inner, key, add, depth + 1)
}

/** JSON of an object or a list; undefined for any other text. */
export function jsonOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const isSecretName = (name: string) =>
  isSensitiveName(name) || /(api|access|auth|private)[-_]?key|^key$|^sig$/i.test(name)

const publicLike =
  /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT.*|https?:\/\/.*)$/i

/** Long, of several kinds of characters, and without order: Shannon's entropy above 3.5 bits for a character. Pure. */
export function looksSecret(text: string): boolean {
  if (text.length < 20 || text.length > 8_192 || /\s/.test(text) || publicLike.test(text)) return false
  if (/^rp_[a-z]+_\w{10,}$|^eyJ[\w-]{5,}\./.test(text)) return true
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(text)).length
  if (kinds < 2 || !/\d/.test(text)) return false
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  const entropy = [...counts.values()].reduce((sum, count) => {
    const share = count / text.length
    return sum - share * Math.log2(share)
  }, 0)
  return entropy > 3.5
}

/** `x-api-key` → `API_KEY`, `clientSecret` → `CLIENT_SECRET`. */
export function wordOf(name: string): string {
  const word = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replace(/^[^A-Z]+|_+$/g, '')
  return word.slice(0, 60) || 'VALUE'
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

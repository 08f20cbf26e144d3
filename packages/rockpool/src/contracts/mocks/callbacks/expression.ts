import { isObject, member } from '../../json-object.ts'
import type { Value } from '../../requests/index.ts'
import { unescapeToken } from '../../source/origins.ts'
import type { Json } from '../../types.ts'
import type { Exchange, Target } from './types.ts'

/** Characters of an expression, of a value, and of what comes of them. */
export const longest = 8_000

/**
 * Resolves the path of a callback: a runtime expression, or a text with expressions in braces (OpenAPI 3.1, 4.8.20.3).
 * Behind a `?` values are percent-encoded, so that none of them adds a parameter of its own; before it they stand as they
 * are. Whatever the values are, each is looked up once, and never read as an expression. Pure.
 */
export function resolveTarget(text: string, exchange: Exchange): Target {
  if (text.length > longest) return tooLong
  if (text.startsWith('$')) return asUrl(evaluate(text, exchange))
  let url = ''
  let at = 0
  for (const match of text.matchAll(/\{([^{}]*)\}/g)) {
    url += text.slice(at, match.index)
    at = match.index + match[0].length
    const found = evaluate(match[1]!, exchange)
    if (isReason(found)) return found
    url += url.includes('?') ? encodeURIComponent(found.toWellFormed()) : found
    if (url.length > longest) return tooLong
  }
  return asUrl(url + text.slice(at))
}

interface Reason {
  reason: string
}

const tooLong: Reason = { reason: `where to takes more than ${longest} characters` }
const isReason = (found: string | Reason): found is Reason => typeof found !== 'string'

function asUrl(found: string | Reason): Target {
  if (isReason(found)) return found
  return found.length > longest ? tooLong : { url: found }
}

function evaluate(expression: string, exchange: Exchange): string | Reason {
  const shown = expression.slice(0, 200)
  const found = find(expression, exchange)
  if (found === 'unknown') return { reason: `“${shown}” is no runtime expression` }
  const text = textOf(found)
  if (text === undefined) return { reason: `${shown} leads to nothing` }
  return text.length > longest ? { reason: `${shown} has more than ${longest} characters` } : text
}

type Found = { value: Value | undefined } | 'unknown'

function find(expression: string, exchange: Exchange): Found {
  if (expression === '$url') return { value: exchange.url }
  if (expression === '$method') return { value: exchange.method }
  if (expression === '$statusCode') return { value: exchange.status }
  const [, half, place, rest = ''] =
    /^\$(request|response)\.(header|query|path|body)(.*)$/s.exec(expression) ?? []
  if (half === undefined) return 'unknown'
  const message = exchange[half as 'request' | 'response']
  if (place === 'body') {
    if (rest === '') return { value: message.body() }
    return /^#(?:\/|$)/.test(rest) ? { value: valueAt(message.body(), rest.slice(1)) } : 'unknown'
  }
  const name = rest.slice(1)
  if (!rest.startsWith('.') || name === '') return 'unknown'
  return { value: message[place as 'header' | 'query' | 'path'](name) }
}

/** RFC 6901 4. */
function valueAt(body: Value | undefined, pointer: string): Value | undefined {
  let at = body
  for (const token of pointer.split('/').slice(1).map(unescapeToken)) {
    if (Array.isArray(at)) at = /^(?:0|[1-9]\d*)$/.test(token) ? at[Number(token)] : undefined
    else if (isObject(at) && !Buffer.isBuffer(at)) at = member(at, token)
    else return undefined
  }
  return at
}

/** Of what can stand in an address: files, lists and objects cannot. */
function textOf(found: Exclude<Found, 'unknown'>): string | undefined {
  const value = found.value as Json | Buffer | undefined
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

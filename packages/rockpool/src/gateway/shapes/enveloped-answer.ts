import { requestIdHeader } from '@rockpool/sdk/wire'
import type { Answer } from '../engines/engine.ts'
import type { Envelope } from './asked.ts'
import { decoded } from './decoded.ts'
import { isJson, toText } from './enveloped-request.ts'

/** An answer before it is put into its envelope. */
export interface Inner {
  status: number
  /** Names and values in turns. */
  headers: readonly string[]
  body: Uint8Array
}

/**
 * What a browser has to read itself: it does not see into an envelope. A cookie that no script may read is not put where
 * scripts read.
 */
const outer = /^(set-cookie|vary|access-control-.*)$/i
/** About the bytes of the body as they came, and not as they stand in the envelope. */
const framing = /^(content-length|content-encoding|transfer-encoding|connection|keep-alive|trailer)$/i

/**
 * The answer in its envelope: always 200, `{"status":…, "headers":{…}, "body":…}`, as JSON or as a script that calls a
 * function with it. JSON stands in it as it came, anything else as text. Undefined: its coding is not known. Pure.
 */
export function envelop(inner: Inner, { callback }: Envelope): Answer | undefined {
  const valuesOf = (name: string) => valuesIn(inner.headers, name)
  const bytes = decoded(inner.body, valuesOf('content-encoding'))
  if (bytes === undefined) return undefined
  const told = JSON.stringify(headersOf(inner.headers))
  const body = bodyOf(bytes, valuesOf('content-type')[0] ?? '')
  const json = `{"status":${inner.status},"headers":${told},"body":${body}}`
  // The comment keeps the first bytes from being taken for a file of another kind.
  const text = callback === null ? json : `/**/${callback}(${asScript(json)})`
  const type = callback === null ? 'application/json' : 'application/javascript; charset=utf-8'
  const headers = ['Content-Type', type, 'Content-Length', String(Buffer.byteLength(text))]
  for (const request of valuesOf(requestIdHeader).slice(0, 1)) headers.push(requestIdHeader, request)
  headers.push('X-Content-Type-Options', 'nosniff', 'Cache-Control', 'no-store')
  for (let index = 0; index < inner.headers.length; index += 2)
    if (outer.test(inner.headers[index]!)) headers.push(inner.headers[index]!, inner.headers[index + 1]!)
  return { status: 200, headers, body: text }
}

/** Names in lower case, in the order in which they came first. */
function headersOf(headers: readonly string[]): Record<string, string[]> {
  const told = new Map<string, string[]>()
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!.toLowerCase()
    if (outer.test(name) || framing.test(name)) continue
    told.set(name, [...(told.get(name) ?? []), headers[index + 1]!])
  }
  return Object.fromEntries(told)
}

/** JSON text of a body. */
function bodyOf(bytes: Uint8Array, type: string): string {
  if (bytes.length === 0) return 'null'
  const text = toText(bytes)
  if (text !== undefined && isJson(type) && parses(text)) return text.trim()
  return JSON.stringify(text ?? Buffer.from(bytes).toString('latin1'))
}

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** JSON as a script reads it: before ES2019 these two ended a line within a string; `</` could end an element. */
function asScript(json: string): string {
  return json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029').replaceAll('</', '<\\/')
}

function valuesIn(headers: readonly string[], name: string): string[] {
  const values: string[] = []
  for (let index = 0; index < headers.length; index += 2)
    if (headers[index]!.toLowerCase() === name.toLowerCase()) values.push(headers[index + 1]!)
  return values
}

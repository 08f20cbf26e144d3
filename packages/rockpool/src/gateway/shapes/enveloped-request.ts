import { isReservedHeader } from '@rockpool/sdk/wire'
import type { Finding } from '../../kernel/index.ts'
import { methods } from './asked.ts'
import { membersOf } from './members.ts'

/** A request that stood in the body of another one. */
export interface EnvelopedRequest {
  method: string
  /** Names and values in turns; only such as a client may set here. */
  headers: string[]
  /** Undefined: it has none. */
  body: Buffer | undefined
  /** How many marks of ours were among the headers. They are left out. */
  reserved: number
}

export type EnvelopedReading = { ok: true; request: EnvelopedRequest } | { ok: false; findings: Finding[] }

const maxHeaders = 100
const maxHeaderBytes = 16 * 1024

/*
 * What an envelope cannot set: the credential is the outer request's, as are all that a browser says about the page
 * that sends it (or a page could claim to be another one), and what frames and routes the message.
 */
const outer =
  /^(authorization|proxy-.*|cookie2?|origin|referer|sec-.*|access-control-.*|host|forwarded|x-forwarded-.*|x-real-ip|via|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|content-length|content-encoding|http2-settings)$/

/** Reads the body of `envelope=request`: `{"method": …, "headers": {…}, "body": …}`. All faults come at once. Pure. */
export function readEnvelopedRequest(bytes: Buffer): EnvelopedReading {
  const text = toText(bytes)
  const envelope = text === undefined ? undefined : parse(text)
  if (text === undefined || !isObject(envelope))
    return {
      ok: false,
      findings: [{ path: 'body', message: 'must be a JSON object with method, headers and body' }],
    }
  const findings: Finding[] = []
  const wrong = (path: string, message: string) => findings.push({ path: `body.${path}`, message })
  const members = membersOf(text)
  for (const [index, { name }] of members.entries()) {
    if (members.findIndex((other) => other.name === name) < index) wrong(name.slice(0, 50), 'is there twice')
    if (!['method', 'headers', 'body'].includes(name))
      wrong(name.slice(0, 50), 'is not known: an envelope has method, headers and body')
    if (findings.length >= 20) break
  }

  const named = envelope['method']
  if (named === undefined) wrong('method', 'is missing')
  else if (typeof named !== 'string') wrong('method', 'must be a text')
  else if (!methods.includes(named.toUpperCase()))
    wrong('method', `is none: write one of ${methods.join(', ')}`)
  const method = typeof named === 'string' ? named.toUpperCase() : ''

  const { headers, reserved, type } = readHeaders(envelope['headers'], wrong)
  const value = envelope['body']
  const hasBody = value !== undefined && value !== null
  if (hasBody && (method === 'GET' || method === 'HEAD')) wrong('body', `${method} has none`)
  if (findings.length > 0) return { ok: false, findings }
  if (!hasBody) return { ok: true, request: { method, headers, body: undefined, reserved } }
  // A text of a type of its own is the body itself; all else is JSON.
  if (typeof value === 'string' && type !== undefined && !isJson(type))
    return { ok: true, request: { method, headers, body: Buffer.from(value), reserved } }
  const body = Buffer.from(members.find(({ name }) => name === 'body')!.text)
  if (type === undefined) headers.push('Content-Type', 'application/json')
  return { ok: true, request: { method, headers, body, reserved } }
}

export const isJson = (type: string): boolean => /^\s*application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type)

function readHeaders(
  input: unknown,
  wrong: (path: string, message: string) => void,
): { headers: string[]; reserved: number; type: string | undefined } {
  const read = { headers: [] as string[], reserved: 0, type: undefined as string | undefined }
  if (input === undefined) return read
  if (!isObject(input)) {
    wrong('headers', 'must be an object of texts, or of lists of texts')
    return read
  }
  let bytes = 0
  const entries = Object.entries(input)
  if (entries.length > maxHeaders) wrong('headers', `are too many: ${maxHeaders} at most`)
  for (const [name, given] of entries.slice(0, maxHeaders)) {
    const values: unknown[] = Array.isArray(given) ? given : [given]
    const path = `headers.${name.slice(0, 50)}`
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) wrong(path, 'is not the name of a header')
    else if (values.some((value) => typeof value !== 'string'))
      wrong(path, 'must be a text, or a list of texts')
    else if (values.some((value) => !/^[\t\x20-\x7e\x80-\xff]*$/.test(value as string)))
      wrong(path, 'has characters that a header cannot have')
    else if (isReservedHeader(name)) read.reserved += values.length
    else if (!outer.test(name.toLowerCase())) {
      for (const value of values as string[]) {
        bytes += name.length + value.length
        read.headers.push(name, value.trim())
        if (/^content-type$/i.test(name)) read.type = value
      }
    }
  }
  if (bytes > maxHeaderBytes) wrong('headers', 'are too large: 16 KB at most')
  return read
}

/** Undefined: it is no UTF-8. */
export function toText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

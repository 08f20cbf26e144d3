import { readContentType } from './media-types.ts'
import type { ContentType } from './media-types.ts'

/** A part of `multipart/form-data` (RFC 7578). */
export interface Part {
  name: string
  /** Null: it is no file. */
  filename: string | null
  /** Null: it says none. */
  type: ContentType | null
  content: Buffer
}

export type PartsReading = { parts: Part[]; fault: string | null }

export const mostParts = 1_000
const mostHeaderBytes = 16 * 1024
const lineEnd = '\r\n'

/**
 * Splits a body into its parts (RFC 2046 5.1.1).
 *
 *   preamble CRLF --boundary CRLF headers CRLF CRLF content CRLF --boundary … CRLF --boundary-- epilogue
 */
export function splitParts(body: Buffer, boundary: string): PartsReading {
  const parts: Part[] = []
  const fail = (fault: string): PartsReading => ({ parts: [], fault })
  if (boundary.length < 1 || boundary.length > 70)
    return fail('Content-Type must name a boundary of 1 to 70 characters')
  const delimiter = `--${boundary}`
  let at = delimiterEnd(body, delimiter, 0, true)
  if (at === null) return fail('the boundary that Content-Type names does not stand in the body')
  for (;;) {
    if (isAt(body, at.end, '--')) return { parts, fault: null }
    if (parts.length >= mostParts) return fail(`has more than ${mostParts} parts`)
    const start = skipPadding(body, at.end)
    if (!isAt(body, start, lineEnd)) return fail('a boundary must end its line')
    // A part without headers begins with the empty line.
    const end = body.indexOf(lineEnd + lineEnd, start)
    const next = delimiterEnd(body, delimiter, start, false)
    if (next === null) return fail('is cut off: the last boundary is missing')
    if (end < 0 || end > next.start) return fail('a part must have headers, and an empty line after them')
    if (end - start > mostHeaderBytes) return fail('the headers of a part are too long')
    const part = partOf(
      body.toString('utf8', start, end),
      body.subarray(end + 4, Math.max(end + 4, next.start)),
    )
    if (typeof part === 'string') return fail(part)
    parts.push(part)
    at = next
  }
}

interface Delimiter {
  /** Where the content before it ends. */
  start: number
  end: number
}

/** The next line that begins with the delimiter, and goes on as one does. */
function delimiterEnd(body: Buffer, delimiter: string, from: number, isFirst: boolean): Delimiter | null {
  if (isFirst && isAt(body, 0, delimiter)) return { start: 0, end: Buffer.byteLength(delimiter) }
  const line = Buffer.from(lineEnd + delimiter)
  for (let start = body.indexOf(line, from); start >= 0; start = body.indexOf(line, start + 1)) {
    const end = start + line.length
    if (isAt(body, end, '--') || isAt(body, skipPadding(body, end), lineEnd)) return { start, end }
  }
  return null
}

function skipPadding(body: Buffer, from: number): number {
  let at = from
  while (body[at] === 32 || body[at] === 9) at += 1
  return at
}

function isAt(body: Buffer, at: number, text: string): boolean {
  return body.toString('latin1', at, at + text.length) === text
}

/** A text: what is wrong with it. */
function partOf(head: string, content: Buffer): Part | string {
  const headers = new Map<string, string>()
  for (const line of head.split(lineEnd)) {
    if (line === '') continue
    const colon = line.indexOf(':')
    if (colon <= 0) return 'the header of a part must have a name and a value'
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  const disposition = headers.get('content-disposition')
  if (disposition === undefined || !/^form-data\s*(?:;|$)/i.test(disposition))
    return 'a part must say Content-Disposition: form-data'
  if (/^(?:base64|quoted-printable)$/i.test(headers.get('content-transfer-encoding') ?? ''))
    return 'parts must not be encoded: Content-Transfer-Encoding is not used in forms (RFC 7578 4.7)'
  const name = dispositionParameter(disposition, 'name')
  if (name === null) return 'a part must have a name, in Content-Disposition'
  return {
    name,
    filename: dispositionParameter(disposition, 'filename'),
    type: readContentType(headers.get('content-type') ?? '') ?? null,
    content,
  }
}

const parameters = /;\s*([a-z*]+)=(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))/gi

/** Quotes in names are written as `%22` by browsers (WHATWG HTML, multipart/form-data), as `\"` by others. */
function dispositionParameter(disposition: string, name: string): string | null {
  for (const [, key = '', quoted, plain = ''] of disposition.matchAll(parameters)) {
    if (key.toLowerCase() !== name) continue
    const text = quoted?.replaceAll(/\\(["\\])/g, '$1') ?? plain
    return text.replaceAll(/%22/g, '"').replaceAll(/%0D/gi, '\r').replaceAll(/%0A/gi, '\n')
  }
  return null
}

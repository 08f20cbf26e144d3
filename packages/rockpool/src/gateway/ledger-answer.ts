import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { ownText } from './own-text.ts'

const maxBytes = 64 * 1024
const maxText = 2048

/** Reads from an answer what it created: `Location`, or the `id` of a JSON object, while its bytes pass by. */
export interface AnswerReader {
  readonly location: string | null
  /** Null: the body cannot tell, so nobody needs to look at it. */
  readonly take: ((chunk: Uint8Array) => void) | null
  /** `id` of the body, a text or a number; null when there is none within the first 64 KB. */
  resource(): string | null
}

/** `headers`: names and values in turns. */
export function createAnswerReader(headers: readonly string[]): AnswerReader {
  const value = (name: string) => {
    for (let index = 0; index < headers.length; index += 2)
      if (headers[index]!.toLowerCase() === name) return headers[index + 1]!
    return undefined
  }
  const found = value('location')
  const location = found === undefined ? null : ownText(found.slice(0, maxText))
  const isJson = /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(value('content-type') ?? '')
  const encoding = value('content-encoding')?.trim().toLowerCase() ?? 'identity'
  const chunks: Uint8Array[] = []
  let bytes = 0
  if (!isJson) return { location, take: null, resource: () => null }
  return {
    location,
    take(chunk) {
      bytes += chunk.length
      if (bytes <= maxBytes) chunks.push(chunk)
      else chunks.length = 0
    },
    resource: () => (bytes > maxBytes ? null : idOf(Buffer.concat(chunks), encoding)),
  }
}

function idOf(body: Buffer, encoding: string): string | null {
  try {
    const parsed = JSON.parse(decode(body, encoding).toString('utf8')) as { id?: unknown } | null
    const id = parsed?.id
    // Postgres holds neither U+0000 nor half of a surrogate pair: one such id would hold up every entry behind it.
    if (typeof id === 'string') return id.slice(0, maxText).replaceAll('\0', '').toWellFormed()
    return typeof id === 'number' ? String(id) : null
  } catch {
    return null
  }
}

function decode(body: Buffer, encoding: string): Buffer {
  const options = { maxOutputLength: maxBytes }
  if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(body, options)
  if (encoding === 'deflate') return inflateSync(body, options)
  if (encoding === 'br') return brotliDecompressSync(body, options)
  return body
}

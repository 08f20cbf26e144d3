import type { Finding } from './errors.ts'
import type { OperationNote } from './types.ts'

export const formType = 'application/x-www-form-urlencoded'

/**
 * What is wrong with the parameters of a path: one is missing, or would not stay one segment of it (`..` leads elsewhere). Pure.
 */
export function pathFindings(path: string, values: Readonly<Record<string, unknown>>): Finding[] {
  return [...path.matchAll(/\{([^{}]+)\}/g)].flatMap(([, name = '']) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    const at = `params.path.${name}`
    if (value === undefined || value === null || value === '') return [{ path: at, message: 'is missing' }]
    // Segments of a path are made of a single parameter as a rule; where they are not, dots do no harm.
    const isAlone = `/${path}/`.includes(`/{${name}}/`)
    if (isAlone && (value === '.' || value === '..'))
      return [{ path: at, message: `cannot be “${value}”, which leads to another path` }]
    return []
  })
}

/** Lists repeat their name, unless the contract says what stands between their values; objects are written with brackets. Pure. */
export function querySerializer(lists: OperationNote['lists'] = {}): (query: object) => string {
  return (query) =>
    Object.entries(query)
      .flatMap(([name, value]: [string, unknown]) => {
        const between = Object.hasOwn(lists, name) ? lists[name] : undefined
        if (between === '[]') return written(pairsOf(name, value, 'numbered'))
        if (between !== undefined && Array.isArray(value) && value.length > 0)
          return [`${encode(name)}=${value.map((one) => encode(textOf(one))).join(between)}`]
        return written(pairsOf(name, value, 'repeated'))
      })
      .join('&')
}

const written = (pairs: [string, string][]) => pairs.map(([key, text]) => `${encode(key)}=${encode(text)}`)

/** A list of plain values repeats its name; or its values are numbered, `name[0]`. */
export type Lists = 'repeated' | 'numbered'

/** The body as fetch takes it, and its media type; null: fetch knows it, or there is none. */
export interface SerializedBody {
  body: unknown
  type: string | null
}

/**
 * A body by its media type: objects become JSON, a form, or parts of one. What fetch sends as it is (bytes, blobs, forms,
 * streams) is left so. Pure.
 */
export function serializeBody(body: unknown, media: string, lists: Lists = 'repeated'): SerializedBody {
  if (body instanceof FormData) return { body, type: null }
  if (body instanceof URLSearchParams) return { body: body.toString(), type: formType }
  if (isBinary(body)) {
    const own = body instanceof Blob ? body.type : ''
    const fallback = isJson(media) ? 'application/octet-stream' : media
    return { body, type: own === '' ? fallback : own }
  }
  if (isJson(media)) return { body: JSON.stringify(body), type: media }
  if (typeof body === 'string') return { body, type: media }
  if (media.startsWith(formType)) return { body: formOf(body, lists), type: formType }
  if (media.startsWith('multipart/')) return { body: partsOf(body), type: null }
  return { body: JSON.stringify(body), type: media }
}

/** A stream can be sent once. */
export const isStream = (body: unknown): boolean =>
  body instanceof ReadableStream ||
  (typeof body === 'object' && body !== null && Symbol.asyncIterator in body && !isBuffered(body))

const isJson = (media: string): boolean => /^[^;]*[/+]json\b/i.test(media) || media === '*/*'
const isBuffered = (body: unknown): boolean =>
  body instanceof Blob || body instanceof ArrayBuffer || ArrayBuffer.isView(body) || body instanceof FormData
const isBinary = (body: unknown): boolean =>
  (isBuffered(body) && !(body instanceof FormData)) || isStream(body)

function formOf(body: unknown, lists: Lists): string {
  const pairs = Object.entries(body ?? {}).flatMap(([name, value]) => pairsOf(name, value, lists))
  return new URLSearchParams(pairs).toString()
}

function partsOf(body: unknown): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(body ?? {}))
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one === undefined || one === null) continue
      if (one instanceof Blob) form.append(name, one)
      else if (one instanceof ArrayBuffer || ArrayBuffer.isView(one))
        form.append(name, new Blob([one as BlobPart]))
      else if (typeof one === 'object' && !(one instanceof Date))
        form.append(name, new Blob([JSON.stringify(one)], { type: 'application/json' }))
      else form.append(name, textOf(one))
    }
  return form
}

function pairsOf(name: string, value: unknown, lists: Lists): [string, string][] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value))
    return value.flatMap((one: unknown, index) => {
      const isPlain = typeof one !== 'object' || one instanceof Date
      return pairsOf(lists === 'repeated' && isPlain ? name : `${name}[${index}]`, one, lists)
    })
  if (typeof value === 'object' && !(value instanceof Date))
    return Object.entries(value).flatMap(([key, inner]) => pairsOf(`${name}[${key}]`, inner, lists))
  return [[name, textOf(value)]]
}

const textOf = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value))
const encode = (text: string): string => encodeURIComponent(text)

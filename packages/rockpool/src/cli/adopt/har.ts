import { isObject } from './json.ts'
import type { ShownCall } from './call.ts'
import { withoutNoise } from './call.ts'

/* A browser's recording (HAR 1.2) as calls: those that asked an API, each once, in their order. */

export const maxCalls = 20
const noisyType =
  /^(image|font|stylesheet|script|media|texttrack|manifest|websocket|ping|other|document|preflight)$/
const noisyContent = /^(image|font|audio|video)\/|css|javascript|wasm|html/i
const noisyPath = /\.(png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|otf|eot|css|m?js|map|mp4|webm|wasm)$/i

export type HarReading =
  | {
      ok: true
      calls: ShownCall[]
      /** How many entries were left out as noise, as the same again, and as too many. */ left: {
        noise: number
        same: number
        more: number
      }
    }
  | { ok: false; detail: string }

/** Pure. */
export function parseHar(text: string): HarReading {
  let root: unknown
  try {
    root = JSON.parse(text)
  } catch {
    return { ok: false, detail: 'it is not JSON' }
  }
  const log = isObject(root) ? root['log'] : undefined
  const entries = isObject(log) ? log['entries'] : undefined
  if (!Array.isArray(entries)) return { ok: false, detail: 'it has no log.entries: it is no HAR file' }
  const left = { noise: 0, same: 0, more: 0 }
  const seen = new Set<string>()
  const calls: ShownCall[] = []
  for (const entry of entries) {
    const call = callOf(entry)
    const key = call && `${call.method} ${call.url.href} ${call.body ?? ''}`
    if (!call) left.noise++
    else if (seen.has(key!)) left.same++
    else if (calls.length >= maxCalls) left.more++
    else calls.push(call)
    if (key) seen.add(key)
  }
  return { ok: true, calls, left }
}

/** Undefined: it asks no API, or cannot be told. */
function callOf(entry: unknown): ShownCall | undefined {
  if (!isObject(entry) || !isObject(entry['request'])) return undefined
  const {
    request,
    response,
    _resourceType: type,
  } = entry as { request: Record<string, unknown>; response: unknown; _resourceType: unknown }
  const method = typeof request['method'] === 'string' ? request['method'].toUpperCase() : ''
  const url = typeof request['url'] === 'string' ? URL.parse(request['url']) : null
  if (!url || !/^https?:$/.test(url.protocol) || !/^(GET|HEAD|POST|PUT|PATCH|DELETE)$/.test(method))
    return undefined
  const content =
    isObject(response) && isObject(response['content']) ? response['content']['mimeType'] : undefined
  const isApi = typeof type === 'string' && /^(xhr|fetch)$/.test(type)
  const isNoise =
    (typeof type === 'string' && noisyType.test(type)) ||
    (!isApi && typeof content === 'string' && noisyContent.test(content)) ||
    noisyPath.test(url.pathname)
  if (isNoise) return undefined
  const list = Array.isArray(request['headers']) ? request['headers'] : []
  const headers = list.flatMap((header: unknown): [string, string][] =>
    isObject(header) && typeof header['name'] === 'string' && typeof header['value'] === 'string'
      ? [[header['name'].toLowerCase(), header['value']]]
      : [],
  )
  const data = isObject(request['postData']) ? request['postData']['text'] : undefined
  url.hash = ''
  return {
    method,
    url,
    headers: withoutNoise(headers),
    body: typeof data === 'string' && data !== '' ? data : null,
  }
}

import { messageOf } from '../../kernel/light.ts'
import { maxFileBytes } from '../source/text.ts'
import { isFetchable } from './origins.ts'

/** What all fetching for one document may cost. */
export interface RemoteBounds {
  documents: number
  /** Of one document, and of all, as they are after decompression. */
  bytes: number
  allBytes: number
  /** Milliseconds for one document, and for all from the first on. */
  ms: number
  allMs: number
  redirects: number
}

const bounds: RemoteBounds = {
  documents: 200,
  bytes: maxFileBytes,
  allBytes: 2 * maxFileBytes,
  ms: 10_000,
  allMs: 60_000,
  redirects: 5,
}

/** Gives the text at a URL; undefined: its origin is not allowed. Rejects with one sentence that says why it cannot be had. */
export type FetchText = (url: string) => Promise<string | undefined>

/**
 * Fetches from the named origins alone, wherever redirects want to lead, and sends nothing but the address. An origin that
 * was not named is never asked, be it of this machine, of a private network, or public.
 * @param options `origins`: as `readOrigins` gives them
 */
export function createFetchText(options: {
  origins: ReadonlySet<string>
  bounds?: Partial<RemoteBounds>
}): FetchText {
  const { origins } = options
  const most = { ...bounds, ...options.bounds }
  let documents = 0
  let bytesLeft = most.allBytes
  /** Of all, from the first on. */
  let end: AbortSignal | undefined

  async function ask(first: URL, signal: AbortSignal): Promise<Response> {
    let url = first
    for (let redirects = 0; redirects <= most.redirects; redirects++) {
      const response = await fetch(url.href, { redirect: 'manual', signal, headers: { accept: '*/*' } })
      const location = isRedirect.has(response.status) ? response.headers.get('location') : null
      if (location === null) return response
      await response.body?.cancel()
      const next = URL.parse(location, url.href)
      if (next === null || !isAllowed(next, origins))
        throw new Error(
          `it is redirected to ${(next?.origin ?? location).slice(0, 200)}, which is not allowed`,
        )
      url = next
    }
    throw new Error(`it is redirected more than ${most.redirects} times`)
  }

  async function read(response: Response): Promise<string> {
    const room = Math.min(most.bytes, bytesLeft)
    const pieces: Uint8Array[] = []
    let bytes = 0
    // Leaving the loop cancels what still comes.
    for await (const piece of response.body ?? []) {
      bytes += piece.length
      if (bytes > room) throw new Error(`it is larger than the ${room} bytes that there is room for`)
      pieces.push(piece)
    }
    bytesLeft -= bytes
    return Buffer.concat(pieces).toString('utf8')
  }

  return async (address) => {
    const url = URL.parse(address)
    if (url === null || !isAllowed(url, origins)) return undefined
    documents += 1
    if (documents > most.documents) throw new Error(`more than ${most.documents} documents are fetched`)
    end ??= AbortSignal.timeout(most.allMs)
    const own = AbortSignal.timeout(most.ms)
    try {
      const response = await ask(url, AbortSignal.any([own, end]))
      if (response.status === 200) return await read(response)
      await response.body?.cancel()
      throw new Error(`it is answered with ${response.status}`)
    } catch (error) {
      if (end.aborted)
        throw new Error(`fetching took longer than ${most.allMs / 1000} s in all`, { cause: error })
      if (own.aborted) throw new Error(`it takes longer than ${most.ms / 1000} s`, { cause: error })
      throw new Error(reasonOf(error), { cause: error })
    }
  }
}

function isAllowed(url: URL, origins: ReadonlySet<string>): boolean {
  return isFetchable(url) && origins.has(url.origin)
}

const isRedirect = new Set([301, 302, 303, 307, 308])

/** Of a connection that fails fetch says the reason as its cause alone. */
function reasonOf(error: unknown): string {
  return messageOf(error instanceof TypeError && error.cause !== undefined ? error.cause : error)
}

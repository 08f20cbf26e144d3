import { messageOf } from '../../kernel/index.ts'
import { readJwks } from './keys.ts'
import type { JwksReading } from './keys.ts'

const defaultTimeoutMs = 5_000
const maxBytes = 64 * 1024

/**
 * Reads an issuer's key set within 5 s (or `timeoutMs`), 64 KB of it at most. Never rejects: whatever the issuer does is told in one
 * sentence. Redirects are not followed, so that only the place that is configured tells whose signature counts.
 */
export async function fetchJwks(url: string, timeoutMs = defaultTimeoutMs): Promise<JwksReading> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
      headers: { accept: 'application/jwk-set+json, application/json' },
    })
    if (!response.ok) {
      await response.body?.cancel()
      return { ok: false, detail: `it answered ${response.status}` }
    }
    const text = await readText(response)
    return text === undefined
      ? { ok: false, detail: `it is larger than ${maxBytes} bytes` }
      : readDocument(text)
  } catch (error) {
    return { ok: false, detail: whyOf(error, timeoutMs) }
  }
}

/** Undefined: too large; the rest of it is not read. */
async function readText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength
    if (length > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function readDocument(text: string): JwksReading {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return { ok: false, detail: 'it is not JSON' }
  }
  return readJwks(document)
}

function whyOf(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `it did not answer within ${timeoutMs / 1000} s`
  const cause = error instanceof Error ? error.cause : undefined
  return messageOf(cause ?? error).slice(0, 300)
}

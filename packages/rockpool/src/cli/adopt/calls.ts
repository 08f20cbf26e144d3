import { messageOf, problem } from '../../kernel/index.ts'
import type { ShownCall } from './call.ts'
import type { Seen } from './observe.ts'

const bounds = { ms: 15_000, bytes: 1024 * 1024 } as const

/** Makes the call twice. @throws Problem where there is nothing to learn: no answer, one that is too large, or a fault */
export async function callTwice(call: ShownCall, pauseMs: number): Promise<[Seen, Seen]> {
  const first = await once(call)
  await new Promise((resolve) => setTimeout(resolve, pauseMs))
  return [first, await once(call)]
}

async function once({ method, url, headers, body }: ShownCall): Promise<Seen> {
  const where = `${method} ${url.origin}${url.pathname.length > 1 ? '/…' : '/'}`
  let response: Response
  try {
    response = await fetch(url, {
      method,
      headers,
      ...(body === null ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(bounds.ms),
    })
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : ''
    throw problem('upstream_unreachable', `${where}: ${messageOf(error)}${cause}`)
  }
  const text = await boundedText(response, where)
  if (response.status >= 500)
    throw problem(
      'upstream_failed',
      `${where} answered ${response.status}, and no check is written that expects a fault: import the call when it answers`,
    )
  const type = (response.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
  return { status: response.status, type, body: bodyOf(text, type), at: Date.now() }
}

async function boundedText(response: Response, where: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  if (response.body) {
    for await (const chunk of response.body) {
      size += chunk.length
      if (size > bounds.bytes)
        throw problem('body_too_large', `${where} answered with more than ${bounds.bytes} bytes`)
      chunks.push(chunk)
    }
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

function bodyOf(text: string, type: string): unknown {
  if (text === '') return undefined
  if (!/json/.test(type)) return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

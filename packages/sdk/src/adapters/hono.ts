import { isClientError } from '../errors.ts'
import type { AdapterOptions, InboundRequest, Work } from './types.ts'
import type { Rockpool } from '../types.ts'

// As much of Hono as is needed here.
interface HonoContext {
  req: { raw: Request }
  res: Response
}

/**
 * Hono middleware that runs all that follows as the request's identity, the streaming of a response included. Use it
 * first.
 *
 *     app.use(rockpoolHono(rockpool, { withoutIdentity: ['/health'] }))
 *     app.onError(rockpoolHonoErrors(rockpool))
 */
export function rockpoolHono(
  rockpool: Rockpool,
  options: AdapterOptions = {},
): (context: HonoContext, next: () => Promise<void>) => Promise<Response | undefined> {
  return async (context, next) => {
    const admission = await rockpool.inbound.admit(fromFetch(context.req.raw), options)
    if ('answer' in admission) {
      const { status, headers, body } = admission.answer
      return new Response(body, { status, headers })
    }
    const { work } = admission
    try {
      await work.run(next)
    } catch (error) {
      work.end()
      throw error
    }
    const { body } = context.res
    // Of an answer to HEAD Hono takes the head, and nobody ever reads the rest.
    if (!body || context.req.raw.method === 'HEAD') {
      work.end()
      await body?.cancel().catch(() => {})
      return undefined
    }
    context.res = new Response(within(work, body), context.res)
    return undefined
  }
}

/** A Hono error handler that answers as problems: those of Rockpool as they are, any other one hidden and logged. */
export function rockpoolHonoErrors(rockpool: Rockpool): (error: Error) => Response {
  return (error) => {
    // Hono's own exceptions (a body that is no JSON, say) bring their answer along.
    if (!rockpool.inbound.known(error) && isClientError(error) && 'getResponse' in error)
      return (error as Error & { getResponse(): Response }).getResponse()
    const { status, headers, body } = rockpool.inbound.failure(error)
    return new Response(body, { status, headers })
  }
}

function fromFetch(request: Request): InboundRequest {
  return {
    method: request.method,
    path: new URL(request.url).pathname,
    header: (name) => request.headers.get(name) ?? undefined,
    async body(limitBytes) {
      const chunks: Uint8Array[] = []
      let bytes = 0
      for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
        bytes += chunk.byteLength
        if (bytes > limitBytes) return undefined
        chunks.push(chunk)
      }
      return Buffer.concat(chunks)
    },
  }
}

/**
 * The same stream, pulled within the work. The server reads a body after the handlers have returned, in nobody's
 * context, and a source that makes its chunks when it is asked for them would make them there.
 */
function within(work: Work, body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await work.run(() => reader.read())
          if (!done) return controller.enqueue(value)
          work.end()
          controller.close()
        } catch (error) {
          work.end()
          controller.error(error)
        }
      },
      async cancel(reason) {
        work.end()
        await work.run(() => reader.cancel(reason))
      },
    },
    // Nothing is read ahead of the client.
    { highWaterMark: 0 },
  )
}

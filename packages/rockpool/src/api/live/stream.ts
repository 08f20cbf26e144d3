/** Events that may wait for a client that does not read them. */
const mostWaiting = 64

export interface EventStream {
  readonly response: Response
  /** One event; a client that does not read is let go: it asks anew, and reads everything anew. */
  send(event: string, data: unknown): void
  end(): void
}

const headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // For nginx, which would hold events back until its buffer is full.
  'x-accel-buffering': 'no',
}

/** An open answer of server-sent events (WHATWG HTML, 9.2). `onEnd` is called once, whoever ended it. */
export function openStream(signal: AbortSignal, onEnd: () => void): EventStream {
  const encoder = new TextEncoder()
  const waiting = new CountQueuingStrategy({ highWaterMark: mostWaiting })
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const forget = () => {
    if (!controller) return
    controller = undefined
    onEnd()
  }
  const body = new ReadableStream<Uint8Array>(
    { start: (given) => void (controller = given), cancel: forget },
    waiting,
  )
  const end = () => {
    controller?.close()
    forget()
  }
  signal.addEventListener('abort', end, { once: true })
  // A client may be gone before its stream is made.
  if (signal.aborted) end()
  return {
    response: new Response(body, { headers }),
    send(event, data) {
      if (!controller) return
      if ((controller.desiredSize ?? 0) <= 0) return end()
      controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
    },
    end,
  }
}

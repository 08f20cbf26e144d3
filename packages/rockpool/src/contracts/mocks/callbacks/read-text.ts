/** The body of an answer as text. Rejects when it has more bytes, or when the signal gives up, whatever the body does. */
export async function readText(answer: Response, mostBytes: number, signal: AbortSignal): Promise<string> {
  if (answer.body === null) return ''
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
  const pieces: Uint8Array[] = []
  let bytes = 0
  try {
    for (;;) {
      const { value, done } = await unlessAborted(reader.read(), signal)
      if (done) return Buffer.concat(pieces).toString('utf8')
      bytes += value.length
      if (bytes > mostBytes) throw new Error(`the answer has more than ${mostBytes / 1_000_000} MB`)
      pieces.push(value)
    }
  } catch (error) {
    // Nobody waits for who does not stop.
    reader.cancel().catch(() => {})
    throw error
  }
}

/** The same, or a rejection as soon as the signal gives up. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error)
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/*
 * How long the body of a request may take, so that nobody holds a connection and a service's place by dripping: `bodyMs`,
 * and a second more for every 4 KB that came. Who sends faster than that is never cut, however much it is. Time in which
 * the service takes nothing is not the client's.
 */

export const defaultBodyMs = 300_000
const bytesPerMs = 4
/** Milliseconds that a timer may have (setTimeout in Node's manual); a longer one would be over at once. */
const longestTimer = 2 ** 31 - 1

/** Milliseconds that so many bytes buy. */
export const timeFor = (bytes: number): number => bytes / bytesPerMs

/** The body as it comes; `onLate` is called once when its time is up. Nobody asking for more stops the clock. */
export async function* inTime(
  body: AsyncIterable<Uint8Array>,
  bodyMs: number,
  onLate: () => void,
): AsyncGenerator<Uint8Array> {
  let leftMs = bodyMs
  let since = 0
  let timer: NodeJS.Timeout | undefined
  let isLate = false
  const wait = () => {
    since = performance.now()
    timer = setTimeout(
      () => {
        isLate = true
        onLate()
      },
      Math.min(Math.max(leftMs, 1), longestTimer),
    )
  }
  wait()
  try {
    for await (const chunk of body) {
      clearTimeout(timer)
      leftMs += since - performance.now() + timeFor(chunk.length)
      yield chunk
      if (!isLate) wait()
    }
  } finally {
    clearTimeout(timer)
  }
}

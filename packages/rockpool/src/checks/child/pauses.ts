/** Pauses between polls in milliseconds: 50, 75, 113, … up to 1000. Pure. */
export function* pauses(): Generator<number, never> {
  for (let pause = 50; ; pause = Math.min(1_000, Math.round(pause * 1.5))) yield pause
}

/** Resolves after `ms`, or rejects with the signal's reason when it is aborted first. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end)
      resolve()
    }, ms)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

/** Asks again and again until `look` gives something truthy, and gives that back; fails at the deadline, saying what was seen last. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T>,
  deadlineMs = 10_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + deadlineMs
  let last: unknown
  for (;;) {
    try {
      const seen = await look()
      if (seen) return seen as Exclude<T, false | null | undefined>
      last = seen
    } catch (error) {
      last = error
    }
    if (Date.now() > deadline)
      throw new Error(`not within ${deadlineMs} ms: ${what}; last seen: ${String(last)}`, { cause: last })
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

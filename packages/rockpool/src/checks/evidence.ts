import type { Attempt, Entry } from './types.ts'

/** What a run's evidence may weigh as JSON, in bytes. */
export const maxEvidence = 256 * 1_024

/**
 * Makes the attempts fit: bodies go first (answers of passed steps before others, the largest first), then console
 * lines, then the oldest entries. What went is counted. Pure: gives back copies.
 */
export function fit(attempts: readonly Attempt[], limit: number = maxEvidence): Attempt[] {
  const fitted = structuredClone(attempts) as Attempt[]
  let size = sizeOf(fitted)
  if (size <= limit) return fitted

  const bodies = fitted.flatMap((attempt) =>
    attempt.evidence.entries.flatMap((entry) =>
      entry.type !== 'call'
        ? []
        : [entry.request, entry.answer].flatMap((part) =>
            part ? [{ attempt, part, size: sizeOf(part.body) }] : [],
          ),
    ),
  )
  for (const { attempt, part, size: bodySize } of bodies.toSorted((a, b) => b.size - a.size)) {
    if (size <= limit || bodySize < 64) break
    part.cut = part.cut ?? bodySize
    part.body = ''
    attempt.evidence.left.bodies++
    size -= bodySize - 16
  }
  const drop = (isDropped: (entry: Entry) => boolean, count: 'console' | 'entries') => {
    for (const { evidence } of fitted) {
      const kept: Entry[] = []
      for (const entry of evidence.entries) {
        if (size > limit && isDropped(entry)) {
          size -= sizeOf(entry) + 1
          evidence.left[count]++
        } else kept.push(entry)
      }
      evidence.entries = kept
    }
  }
  drop((entry) => entry.type === 'console', 'console')
  drop((entry) => entry.type !== 'step' && entry.type !== 'trace', 'entries')
  drop(() => true, 'entries')
  return fitted
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '')
}

import { problem } from './problem.ts'

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Reads `500ms`, `10s`, `1m`, `2h`, `7d` as milliseconds; anything else is `invalid_input`. */
export function parseDuration(text: string): number {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text)
  if (!match) {
    throw problem(
      'invalid_input',
      `“${text.slice(0, 40)}” is not a duration: write a number and ms, s, m, h or d, such as 10s`,
    )
  }
  return Math.round(Number(match[1]) * units[match[2] as keyof typeof units])
}

/** Writes milliseconds for people: `42 ms`, `4.1 s`, `3 min`, `2 h`, `5 d`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`
  if (ms < 2 * units.h) return `${Math.round(ms / units.m)} min`
  if (ms < 2 * units.d) return `${Math.round(ms / units.h)} h`
  return `${Math.round(ms / units.d)} d`
}

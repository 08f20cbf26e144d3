import { problem } from './problem.ts'

const units = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const

/** Reads `500B`, `64KB`, `10MB`, `2GB` as bytes, 1,024 to a KB; anything else is `invalid_input`. */
export function parseSize(text: string): number {
  const match = /^(\d{1,9})(B|KB|MB|GB)$/.exec(text)
  if (match) return Number(match[1]) * units[match[2] as keyof typeof units]
  throw problem(
    'invalid_input',
    `“${text.slice(0, 40)}” is not a size: write a number and B, KB, MB or GB, such as 10MB`,
  )
}

import { z } from 'zod'

/** One of the four answers. */
export const answer = z.object({
  question: z.string(),
  answer: z.enum(['yes', 'no', 'cannot tell', 'not measured yet']),
  /** One line: what the answer stands on. */
  evidence: z.string(),
  /** When the oldest of what it stands on was seen; null where there is nothing. */
  provenAt: z.iso.datetime().nullable(),
})

export type StatusAnswer = z.output<typeof answer>

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

/** The lines that the CLI and the page show alike. */
export function statusLines(answers: readonly StatusAnswer[]): string[] {
  return answers.map(
    ({ question, answer, evidence }) => `${question.padEnd(27)}${answer.padEnd(18)}${evidence}`,
  )
}

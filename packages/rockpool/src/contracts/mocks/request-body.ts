import { problem } from '../../kernel/index.ts'
import { answerProblem } from './problem.ts'

/** Of a request, in bytes. */
export const maxBodyBytes = 10 * 1024 * 1024

export const tooLarge = answerProblem(
  problem('body_too_large', `a mock reads bodies of ${maxBodyBytes / 1024 / 1024} MB at most`),
)

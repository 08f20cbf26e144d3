import { bodyTooLarge } from '../../kernel/index.ts'
import { answerProblem } from './problem.ts'
import type { MockAnswer } from './types.ts'

/** Of a request, in bytes. */
export const maxBodyBytes = 10 * 1024 * 1024

export const tooLarge = (most = maxBodyBytes): MockAnswer => answerProblem(bodyTooLarge(most))

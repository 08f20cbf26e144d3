import type { Problem } from '../../kernel/index.ts'
import type { MockAnswer } from './types.ts'

/** What a mock has to say for itself. `headers`: names and values in turns. */
export function answerProblem(problem: Problem, headers: readonly string[] = []): MockAnswer {
  return {
    status: problem.status,
    headers: ['Content-Type', 'application/problem+json', 'Rockpool-Problem', problem.code, ...headers],
    body: JSON.stringify(problem),
  }
}

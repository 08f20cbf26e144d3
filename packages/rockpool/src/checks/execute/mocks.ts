import { Problem } from '../../kernel/index.ts'
import type { RunControl } from '../control.ts'
import type { MockOfRun } from '../mocks.ts'

/**
 * Answers what a check asks of a contract and its mock, for its own run and no other; undefined: it is another question.
 * That whoever started the run may not tell is an answer.
 */
export function createMocksAnswer(
  control: Pick<RunControl, 'contract' | 'publishMock'>,
  run: string,
): (question: string, argument: unknown) => Promise<unknown> | undefined {
  return (question, argument) => {
    const { service, ...seen } = Object(argument) as { service?: unknown }
    if (question === 'contract') return control.contract(run, String(service))
    if (question === 'mock')
      return control.publishMock(run, String(service), seen as MockOfRun).then(() => null, refusal)
    return undefined
  }
}

function refusal(error: unknown): { refused: string } {
  if (error instanceof Problem && error.status === 403) return { refused: error.detail }
  throw error
}

import { Problem } from '../../kernel/index.ts'
import type { FaultAnswer } from '../child/protocol.ts'
import type { RunControl } from '../control.ts'
import { refusalOf } from './refusal.ts'

/** Answers what a check asks of its faults, by the run's own credential; undefined: it is another question. */
export function createFaultsAnswer(
  control: Pick<RunControl, 'breakFor' | 'mendFor'>,
  credential: string,
): (question: string, argument: unknown) => Promise<FaultAnswer | null> | undefined {
  return (question, argument) => {
    if (question === 'break') return control.breakFor(credential, argument).catch(refusal)
    if (question === 'mend')
      return control
        .mendFor(credential, String((argument as { id?: unknown }).id))
        .then(() => null)
        .catch(refusal)
    return undefined
  }
}

function refusal(error: unknown): { refused: string } {
  if (error instanceof Problem && error.code === 'scope_missing')
    return { refused: 'write faults: true in the options of the check' }
  return refusalOf(error)
}

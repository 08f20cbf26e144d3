import type { MockAnswer } from '../child/protocol.ts'
import type { RunControl } from '../control.ts'
import { refusalOf } from './refusal.ts'

/**
 * Answers what a check asks of mocks in the sandbox of its attempt and in no other, by the run's own credential; undefined: it
 * is another question.
 */
export function createSandboxMocksAnswer(
  control: Pick<RunControl, 'mockFor' | 'unmockFor'>,
  { credential, organization }: { credential: string; organization: string },
): (question: string, argument: unknown) => Promise<MockAnswer | null> | undefined {
  return (question, argument) => {
    const { service, ...asked } = Object(argument) as { service?: unknown }
    if (question === 'mock in the sandbox')
      return control
        .mockFor(credential, organization, String(service), asked)
        .then(({ version, operations }) => ({ version, operations: [...operations] }), refusalOf)
    if (question === 'unmock in the sandbox')
      return control.unmockFor(credential, organization, String(service)).then(() => null, refusalOf)
    return undefined
  }
}

import { createAsk, createControlClient, createOperationClient } from '../api/light.ts'
import type { Ask, ControlClient, OperationClient } from '../api/light.ts'
import { Problem, problem } from '../kernel/index.ts'
import { openInstallation, startedBy } from './installation.ts'
import type { Installation, InstallationOptions } from './installation.ts'
import { whileWaiting } from './progress.ts'
import { signedIn } from './sign-in.ts'
import { createTerminal } from './terminal.ts'

export interface ControlledInstallation extends Installation {
  client: ControlClient
  /** For what executes checks and bots here as the runner does. */
  operations: OperationClient
}

/**
 * The installation that a command names, with the control API of whoever is signed in to it. A call that takes longer
 * than a second says that it is under way, unless the command shows its own progress (`quiet`).
 */
export async function openControl(
  options: InstallationOptions,
  { quiet = false } = {},
): Promise<ControlledInstallation> {
  const installation = await openInstallation(options)
  const credential = await signedIn(installation)
  const usual = createAsk({ url: installation.control, credential, startedBy: startedBy(installation) })
  const terminal = createTerminal()
  const ask: Ask = async (asked, more) => {
    const answer = usual(asked, more).catch((error: unknown): never => {
      throw refused(error, installation.again)
    })
    return quiet ? answer : await whileWaiting(terminal, `${asked.summary}: under way`, answer)
  }
  return { ...installation, client: createControlClient(ask), operations: createOperationClient(ask) }
}

/** A refused credential is told with the way to a new one. */
function refused(error: unknown, again: string): unknown {
  if (!(error instanceof Problem) || error.status !== 401) return error
  return problem(error.code, `${error.message}: sign in again with “rockpool login ${again}”`, {
    findings: error.findings,
    extra: error.extra,
    cause: error,
  })
}

import { createControlClient } from '../api/index.ts'
import type { ControlClient } from '../api/index.ts'
import { openInstallation } from './installation.ts'
import type { Installation, InstallationOptions } from './installation.ts'
import { signedIn } from './sign-in.ts'

export interface ControlledInstallation extends Installation {
  client: ControlClient
}

/** The installation that a command names, with the control API of whoever is signed in to it. */
export async function openControl(options: InstallationOptions): Promise<ControlledInstallation> {
  const installation = await openInstallation(options)
  const credential = await signedIn(installation)
  return { ...installation, client: createControlClient({ url: installation.control, credential }) }
}

import { Option } from 'commander'
import type { Command } from 'commander'
import type { Terminal } from './terminal.ts'
import type { ControlledInstallation } from './control.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'

/** What every command is built with. */
export interface CommandContext {
  terminal: Terminal
  /** Wraps an action: its answer is the exit code; what it throws becomes one clear message and exit code 2. */
  action<Args extends unknown[]>(work: (...args: Args) => Promise<ExitCode>): (...args: Args) => Promise<void>
}

export type AddCommand = (program: Command, context: CommandContext) => void

/** The options of a command that talks to an installation. */
export function onInstallation(command: Command): Command {
  return namingInstallation(command).option('--json', 'one JSON object per line, for machines')
}

/** Of a command that talks to an installation only when it is given something that is there. */
export function namingInstallation(command: Command): Command {
  return command
    .option('--installation <name>', 'which installation of the configuration (there is no default)')
    .option('--config <file>', 'the configuration; otherwise the nearest rockpool.config.ts')
    .option('--data <folder>', 'data folder of an installation that “rockpool up” serves here')
}

/** An environment that has to be named, since production is never a default. */
export function environmentOption(what: string): Option {
  return new Option('--environment <environment>', `${what}; there is no default`)
    .choices(['production', 'sandbox'])
    .makeOptionMandatory()
}

/** The installation that the options name, with its control API. It is loaded here: most of a help text's time would be its. */
export async function reachControl(
  options: InstallationOptions,
  more?: { quiet?: boolean },
): Promise<ControlledInstallation> {
  const { openControl } = await import('./control.ts')
  return openControl(options, more)
}

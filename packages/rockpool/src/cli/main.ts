import { Command } from 'commander'
import { checkCommand } from './check.ts'
import { reportFailure } from './failure.ts'
import { version } from '../kernel/light.ts'
import { keyCommand } from './key.ts'
import { loginCommand } from './login.ts'
import { organizationCommand } from './organization.ts'
import { sandboxCommand } from './sandbox.ts'
import { serviceCommand } from './service.ts'
import { statusCommand } from './status.ts'
import { createTerminal } from './terminal.ts'
import type { CommandContext } from './command.ts'
import { upCommand } from './up.ts'

const terminal = createTerminal()
const context: CommandContext = {
  terminal,
  action:
    (work) =>
    async (...args) => {
      const options = (args.at(-2) ?? {}) as { json?: boolean }
      try {
        process.exitCode = await work(...args)
      } catch (error) {
        process.exitCode = reportFailure(terminal, error, options.json ?? false)
      }
    },
}

const program = new Command('rockpool')
  .description(
    'Verify your software in production: gateway, sandboxes, checks, and proof that nothing is left behind.',
  )
  .version(version)
  .option('--no-color', 'plain words instead of colours and marks (so do NO_COLOR and TERM=dumb)')
  .showHelpAfterError('(--help shows what it takes)')
  .configureOutput({
    writeErr: (text) => process.stderr.write(text),
    writeOut: (text) => process.stdout.write(text),
  })
  .exitOverride()

for (const add of [
  upCommand,
  statusCommand,
  checkCommand,
  sandboxCommand,
  keyCommand,
  organizationCommand,
  serviceCommand,
  loginCommand,
])
  add(program, context)

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = reportFailure(terminal, error, false)
}
// Keep-alive connections of the API client are no reason to stay.
if (process.exitCode !== undefined) process.exit()

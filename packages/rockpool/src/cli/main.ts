import { Command } from 'commander'
import { botCommand } from './bot.ts'
import { checkCommand } from './check.ts'
import { reportFailure } from './failure.ts'
import { version } from '../kernel/light.ts'
import { contractCommand } from './contract.ts'
import { gatewayCommand } from './gateway.ts'
import { initCommand } from './init.ts'
import { keyCommand } from './key.ts'
import { loginCommand } from './login.ts'
import { organizationCommand } from './organization.ts'
import { releaseCommand } from './release.ts'
import { sandboxCommand } from './sandbox.ts'
import { secretCommand } from './secret.ts'
import { serviceCommand } from './service.ts'
import { statusCommand } from './status.ts'
import { createTerminal, shown } from './terminal.ts'
import type { CommandContext } from './command.ts'
import { upCommand } from './up.ts'

// The terminal may go away (its window is closed, the pipe's reader ends): what cannot be said any more is no reason to
// die before everything is stopped.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

const given = new Set(process.argv.slice(2))
const json = given.has('--json')
// Everything that writes, the reporters of checks too, goes by NO_COLOR.
if (given.has('--no-color')) process.env['NO_COLOR'] = '1'

const terminal = createTerminal()
const context: CommandContext = {
  terminal,
  action:
    (work) =>
    async (...args) => {
      try {
        process.exitCode = await work(...args)
      } catch (error) {
        process.exitCode = reportFailure(terminal, error, json)
      }
    },
}

const program = new Command('rockpool')
  .description(
    'Verify your software in production: gateway, sandboxes, checks, and proof that nothing is left behind.',
  )
  .option('--no-color', 'plain words instead of colours and marks (so do NO_COLOR and TERM=dumb)')
  .showHelpAfterError('(--help shows what it takes)')
  .configureOutput({
    writeErr: (text) => void (json || terminal.note(text.trimEnd().split('\n').map(shown).join('\n'))),
    writeOut: (text) => process.stdout.write(text),
  })
  .exitOverride()

// A command may have a --version of its own: that of what it is about.
const first = process.argv.slice(2).find((word) => !word.startsWith('-'))
if (first === undefined || first === 'help') program.version(version)

for (const add of [
  initCommand,
  upCommand,
  statusCommand,
  checkCommand,
  botCommand,
  sandboxCommand,
  keyCommand,
  organizationCommand,
  serviceCommand,
  releaseCommand,
  secretCommand,
  contractCommand,
  gatewayCommand,
  loginCommand,
])
  add(program, context)

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = reportFailure(terminal, error, json)
}
// Keep-alive connections of the API client are no reason to stay; a reader of a pipe who is slower than we are is one.
if (process.exitCode !== undefined) {
  await Promise.all([process.stdout, process.stderr].map(written))
  process.exit()
}

/** All that was written has gone out, or its reader has gone, who wants nothing more. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('error', () => resolve())
    stream.write('', () => resolve())
  })
}

import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { ShadowFlags } from './shadow/shadow.ts'

export const gatewayCommand: AddCommand = (program, { terminal, action }) => {
  program
    .command('gateway')
    .description(
      'Stand in front of an API, pass everything through unchanged, and learn its routes: a first contract, and a configuration.',
    )
    .requiredOption('--upstream <url>', 'the API: an origin, such as https://api.example.test')
    .option(
      '--shadow',
      'only look: nothing is refused, changed or recorded (the one way there is to run it by itself)',
    )
    .option('--port <port>', 'where clients are pointed, on 127.0.0.1', '8480')
    .option(
      '--out <file>',
      'the OpenAPI document; never written over a file that it did not write',
      'shadow.yaml',
    )
    .option('--json', 'one JSON object per line, for machines')
    .addHelpText(
      'after',
      `
It writes the document, and beside it a proposal for rockpool.config.ts, every 10 s and when it ends (Ctrl-C). Of
credentials, ids and names it keeps hashes, of bodies nothing. All it changes is “Host”, where that is localhost or an address.

Examples:
  rockpool gateway --upstream https://api.example.test --shadow
  rockpool gateway --upstream http://127.0.0.1:3000 --shadow --port 8481 --out things.yaml`,
    )
    .action(
      action(async (flags: ShadowFlags): Promise<ExitCode> => {
        const { shadow } = await import('./shadow/shadow.ts')
        return shadow(flags, terminal)
      }),
    )
}

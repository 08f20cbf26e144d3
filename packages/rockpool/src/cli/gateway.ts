import { problem } from '../kernel/index.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import { gatewayConfigCommand } from './gateway-config.ts'
import { gatewayResolveCommand } from './gateway-resolve.ts'
import { gatewayRoutesCommand } from './gateway-routes.ts'
import { gatewayTopCommand } from './gateway-top.ts'
import type { ShadowFlags } from './shadow/shadow.ts'

export const gatewayCommand: AddCommand = (program, context) => {
  const { terminal, action } = context
  const gateway = program
    .command('gateway')
    .description(
      'See what the gateways of an installation serve, decide and do. Or, with --shadow, stand in front of an API, pass everything through unchanged, and learn its routes: a first contract, and a configuration.',
    )
    .option('--upstream <url>', 'the API: an origin, such as https://api.example.test')
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
As a shadow it writes the document, and beside it a proposal for rockpool.config.ts, every 10 s and when it ends (Ctrl-C). Of
credentials, ids and names it keeps hashes, of bodies nothing. All it changes is “Host”, where that is localhost or an address.

Examples:
  rockpool gateway resolve GET /harbor/items --as live --installation local
  rockpool gateway --upstream https://api.example.test --shadow
  rockpool gateway --upstream http://127.0.0.1:3000 --shadow --port 8481 --out things.yaml`,
    )
    .action(
      action(async (flags: Omit<ShadowFlags, 'upstream'> & { upstream?: string }): Promise<ExitCode> => {
        if (flags.upstream === undefined && !flags.shadow)
          throw problem(
            'invalid_input',
            'say what to show (routes, resolve, config or top), or what to stand in front of: --upstream <url> --shadow',
          )
        const { shadow } = await import('./shadow/shadow.ts')
        return shadow({ ...flags, upstream: flags.upstream ?? '' }, terminal)
      }),
    )
  // Commander gives what both have to the outer one.
  gateway.hook('preAction', (outer, inner) => {
    if (inner !== outer && outer.opts<{ json?: boolean }>().json) inner.setOptionValue('json', true)
  })
  for (const add of [gatewayRoutesCommand, gatewayResolveCommand, gatewayConfigCommand, gatewayTopCommand])
    add(gateway, context)
}

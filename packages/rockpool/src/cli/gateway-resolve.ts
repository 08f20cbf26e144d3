import { problem } from '../kernel/index.ts'
import { onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { columns, shown } from './terminal.ts'

interface Flags extends InstallationOptions {
  as: string
  organization?: string
  json?: boolean
}

export const gatewayResolveCommand: AddCommand = (gateway, { terminal, action }) => {
  onInstallation(gateway.command('resolve <method> <url>'))
    .description(
      'Say what the gateway would decide about a request, step by step; nothing is sent. Exit code: 0 it would serve it, 1 it would refuse it.',
    )
    .option(
      '--as <whose>',
      'anonymous, live, sandbox, run, session, service, or the id of a credential; never its text',
      'anonymous',
    )
    .option('--organization <slug>', 'whose credential; otherwise that of the path')
    .addHelpText(
      'after',
      `
The gateway’s own decision, on what control publishes. What a gateway counts besides (budgets, rates) is not in it.

Examples:
  rockpool gateway resolve GET /harbor/items --installation local
  rockpool gateway resolve POST http://127.0.0.1:8470/harbor/orders --as live --installation local`,
    )
    .action(
      action(async (method: string, url: string, flags: Flags): Promise<ExitCode> => {
        // Before anything is sent: what nobody should see would be in a log.
        if (flags.as.startsWith('rp_'))
          throw problem(
            'invalid_input',
            '--as takes the id of a credential (rockpool key list), not its text',
          )
        const { client } = await reachControl(flags)
        const { as, organization } = flags
        const found = await client.call('POST /gateway/resolve', {
          body: {
            method: method.toUpperCase(),
            target: targetOf(url),
            as,
            ...(organization === undefined ? {} : { organization }),
          },
        })
        const isServed = found.outcome !== 'refuse'
        if (flags.json) terminal.print(JSON.stringify(found))
        else {
          const { mark } = terminal
          const marks = { passed: mark.pass, refused: mark.fail, 'not reached': mark.waiting }
          for (const { step, is, text } of found.steps)
            terminal.printFolded(`${marks[is]} ${step.padEnd(14)}${shown(text || is)}`, 19)
          for (const [name, value] of Object.entries(found.parameters))
            terminal.print(`  ${shown(`{${name}} is ${value}`)}`)
          terminal.print()
          terminal.printFolded(shown(sentenceOf(found)), 2)
          if (found.byKind.length > 0) terminal.print('\nwith')
          const kinds = found.byKind.map(({ kind, outcome, code }) => [
            `  ${outcome === 'refuse' ? mark.fail : mark.pass} ${kind}`,
            code ?? 'served',
          ])
          for (const line of columns(kinds)) terminal.print(line)
        }
        return isServed ? 0 : 1
      }),
    )
}

/**
 * Path and query as a client would send them for a URL. As they stand: `URL` would mend what the gateway refuses, such as
 * dot segments. A fragment is never sent.
 */
export function targetOf(url: string): string {
  const rest = /^https?:\/\/[^/?#]*(.*)$/is.exec(url)?.[1]
  if (rest === undefined) return url
  const target = rest.split('#')[0]!
  return target.startsWith('/') ? target : `/${target}`
}

interface Found {
  outcome: 'forward' | 'options' | 'refuse'
  status: number | null
  code: string | null
  allow: string[] | null
  service: string | null
  upstream: { url: string | null; target: string } | null
}

function sentenceOf({ outcome, status, code, allow, service, upstream }: Found): string {
  if (outcome === 'refuse')
    return `refused with ${status} ${code}${allow === null ? '' : `; it is served for ${allow.join(', ')}`}`
  if (outcome === 'options') return `answered by the gateway: Allow: ${allow?.join(', ')}`
  return `goes to ${service}${upstream?.url ? ` at ${upstream.url}` : ''} as ${upstream?.target}`
}

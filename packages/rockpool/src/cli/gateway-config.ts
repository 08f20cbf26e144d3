import { formatDuration } from '../kernel/light.ts'
import { onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { shown } from './terminal.ts'
import type { Terminal } from './terminal.ts'

interface Holds {
  organizations: number
  credentials: number
  services: number
  routes: number
}

/** Of `gateways.list`. */
interface Gateway {
  name: string
  connected: boolean
  heard: string | null
  version: number | null
  asOf: string | null
  cutOff: 'runs' | 'everything' | null
  notReady: string | null
  draining: boolean
  engine: string | null
  addresses: string[]
  key: string | null
  started: string | null
  holds: Holds | null
  refused: { at: string; findings: { path: string; message: string }[] } | null
}

export const gatewayConfigCommand: AddCommand = (gateway, { terminal, action }) => {
  onInstallation(gateway.command('config'))
    .description(
      'Show by what each gateway decides, against the newest that control publishes. Exit code: 0 all are well, 1 one is not, 2 there is none.',
    )
    .addHelpText(
      'after',
      '\n--json: control in the first line, then one gateway per line.\n\nExample:\n  rockpool gateway config --installation local',
    )
    .action(
      action(async (flags: InstallationOptions & { json?: boolean }): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const { items, ...control } = await client.call('GET /gateways', {})
        const now = Date.now()
        const trouble = items.map((item) => troublesOf(item, control.newest))
        if (flags.json) {
          terminal.print(JSON.stringify(control))
          for (const item of items) terminal.print(JSON.stringify(item))
        } else {
          terminal.print(`control publishes version ${control.newest}, read ${ago(control.asOf, now)}`)
          terminal.print(`  ${holdsText(control.holds)}`)
          showFindings(terminal, 'left out of it', control.findings)
          for (const [index, item] of items.entries()) show(terminal, item, trouble[index]!, now)
          if (items.length === 0) terminal.note('no gateway is connected')
        }
        if (items.length === 0) return 2
        return trouble.every((found) => found.length === 0) ? 0 : 1
      }),
    )
}

/** What is not as it should be. Pure. */
export function troublesOf(gateway: Gateway, newest: number): string[] {
  const { connected, version, cutOff, notReady, draining, refused } = gateway
  if (!connected) return ['not connected to this control']
  return [
    ...(notReady === null ? [] : [notReady]),
    ...(version === null || version < newest ? [`behind the newest version, ${newest}`] : []),
    ...(cutOff === null ? [] : [`cut off: it refuses ${cutOff}`]),
    ...(draining ? ['it is stopping'] : []),
    ...(refused === null ? [] : ['it refused what control sent last']),
  ]
}

function show(terminal: Terminal, gateway: Gateway, troubles: readonly string[], now: number): void {
  const { name, version, asOf, engine, addresses, key, started, holds, heard, refused } = gateway
  const mark = troubles.length === 0 ? terminal.mark.pass : terminal.mark.fail
  terminal.print()
  terminal.printFolded(shown(`${mark} ${name}  ${troubles.join('; ') || 'serves'}`), 2)
  const rows: [string, string | null][] = [
    ['version', version === null ? null : String(version)],
    ['as of', asOf && ago(asOf, now)],
    ['holds', holds && holdsText(holds)],
    ['engine', engine],
    ['addresses', addresses.join(', ') || null],
    ['signing key', key],
    ['started', started && ago(started, now)],
    ['last heard', heard && ago(heard, now)],
  ]
  for (const [what, value] of rows) terminal.print(`    ${what.padEnd(13)}${shown(value ?? '-')}`)
  if (refused) showFindings(terminal, `refused ${ago(refused.at, now)}`, refused.findings)
}

function showFindings(
  terminal: Terminal,
  what: string,
  findings: readonly { path: string; message: string }[],
) {
  if (findings.length === 0) return
  terminal.print(`    ${what}:`)
  for (const { path, message } of findings)
    terminal.printFolded(shown(`    ${terminal.mark.fail} ${path}  ${message}`), 6)
}

function holdsText({ organizations, credentials, services, routes }: Holds): string {
  return `${organizations} organizations, ${credentials} credentials, ${services} services, ${routes} routes`
}

/** By this machine's clock, which may differ from control's by a little: never in the future. */
const ago = (time: string, now: number) => `${formatDuration(Math.max(0, now - Date.parse(time)))} ago`

import { onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { watchedAt } from './contract-told.ts'
import { columns, shown } from './terminal.ts'

interface Flags extends InstallationOptions {
  for?: string
  to?: string
  json?: boolean
}

/** `watch`, `watchers` and `unwatch`: who is told what a push changes, and where. */
export const contractWatchCommands: AddCommand = (contract, { terminal, action }) => {
  onInstallation(contract.command('watch <service>'))
    .description('Be told what a push of a service changes; for oneself, or for a service that calls it.')
    .option('--for <consumer>', 'the service that calls it')
    .option(
      '--to <url>',
      'send each notice there, too: the configuration names its origin in contracts.notify',
    )
    .addHelpText(
      'after',
      `
What is sent is signed as the Standard Webhooks say. The secret for it is shown once, when an address is given or changed.

Examples:
  rockpool contract watch catalog --for orders --installation local
  rockpool contract watch catalog --for orders --to https://hooks.example.com/contracts --installation local`,
    )
    .action(
      action(async (service: string, flags: Flags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const { for: consumer, to } = flags
        const body = { ...(consumer === undefined ? {} : { consumer }), ...(to === undefined ? {} : { to }) }
        const watcher = await client.call('POST /contracts/{service}/watchers', { params: { service }, body })
        if (flags.json) terminal.print(JSON.stringify(watcher))
        else {
          const whom = watcher.consumer === null ? '' : ` for ${shown(watcher.consumer)}`
          const where = watcher.to === null ? '' : `, and told at ${shown(watcher.to)}`
          terminal.print(
            `${terminal.mark.pass} ${service} is watched${whom}${where}: rockpool contract notices`,
          )
          if (watcher.secret !== null) {
            terminal.print(watcher.secret)
            terminal.note('keep the secret now: it signs what is sent, and is not shown again')
          }
        }
        return 0
      }),
    )

  onInstallation(contract.command('watchers <service>'))
    .description('List who watches a service.')
    .addHelpText('after', '\nExample:\n  rockpool contract watchers catalog --installation local')
    .action(
      action(async (service: string, flags: Flags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const { items } = await client.call('GET /contracts/{service}/watchers', { params: { service } })
        if (flags.json) for (const item of items) terminal.print(JSON.stringify(item))
        else
          for (const line of columns(
            items.map((watcher) => [
              watcher.id,
              watcher.consumer === null ? '' : `for ${shown(watcher.consumer)}`,
              `${watcher.since} by ${shown(watcher.watchedBy)}`,
              watchedAt(watcher),
            ]),
          ))
            terminal.print(line.trimEnd())
        if (items.length === 0 && !flags.json) terminal.note('there is none')
        return 0
      }),
    )

  onInstallation(contract.command('unwatch <service> <watcher>'))
    .description('Watch no longer; what was told goes with it.')
    .addHelpText('after', '\nExample:\n  rockpool contract unwatch catalog wat_01k… --installation local')
    .action(
      action(async (service: string, watcher: string, flags: Flags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        await client.call('DELETE /contracts/{service}/watchers/{watcher}', { params: { service, watcher } })
        if (!flags.json) terminal.print(`${terminal.mark.pass} ${shown(watcher)} is told no longer`)
        return 0
      }),
    )
}

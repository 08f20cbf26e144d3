import { onInstallation } from './command.ts'
import type { AddCommand } from './command.ts'
import { openRegistry } from './contract-stored.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { everyItem } from './pages.ts'
import { columns, shown } from './terminal.ts'

interface Flags extends InstallationOptions {
  for?: string
  service?: string
  mine?: boolean
  json?: boolean
}

/** `watch`, `watchers`, `unwatch` and `notices`: who is told what a push changes. */
export const contractWatchCommands: AddCommand = (contract, { terminal, action }) => {
  onInstallation(contract.command('watch <service>'))
    .description('Be told what a push of a service changes; for oneself, or for a service that calls it.')
    .option('--for <consumer>', 'the service that calls it')
    .addHelpText('after', '\nExample:\n  rockpool contract watch catalog --for orders --installation local')
    .action(
      action(async (service: string, flags: Flags): Promise<ExitCode> => {
        const { client, watchContract } = await openRegistry(flags)
        const body = flags.for === undefined ? {} : { consumer: flags.for }
        const watcher = await client.call(watchContract, { params: { service }, body })
        if (flags.json) terminal.print(JSON.stringify(watcher))
        else {
          const whom = watcher.consumer === null ? '' : ` for ${shown(watcher.consumer)}`
          terminal.print(`${terminal.mark.pass} ${service} is watched${whom}: rockpool contract notices`)
        }
        return 0
      }),
    )

  onInstallation(contract.command('watchers <service>'))
    .description('List who watches a service.')
    .addHelpText('after', '\nExample:\n  rockpool contract watchers catalog --installation local')
    .action(
      action(async (service: string, flags: Flags): Promise<ExitCode> => {
        const { client, listWatchers } = await openRegistry(flags)
        const { items } = await client.call(listWatchers, { params: { service } })
        if (flags.json) for (const item of items) terminal.print(JSON.stringify(item))
        else
          for (const line of columns(
            items.map(({ id, consumer, watchedBy, since }) => [
              id,
              consumer === null ? '' : `for ${shown(consumer)}`,
              `${since} by ${shown(watchedBy)}`,
            ]),
          ))
            terminal.print(line)
        if (items.length === 0 && !flags.json) terminal.note('there is none')
        return 0
      }),
    )

  onInstallation(contract.command('unwatch <service> <watcher>'))
    .description('Watch no longer; what was told goes with it.')
    .addHelpText('after', '\nExample:\n  rockpool contract unwatch catalog wat_01k… --installation local')
    .action(
      action(async (service: string, watcher: string, flags: Flags): Promise<ExitCode> => {
        const { client, unwatchContract } = await openRegistry(flags)
        await client.call(unwatchContract, { params: { service, watcher } })
        if (!flags.json) terminal.print(`${terminal.mark.pass} ${shown(watcher)} is told no longer`)
        return 0
      }),
    )

  onInstallation(contract.command('notices'))
    .description('List what watchers were told, the newest first: all that a push changed in one notice.')
    .option('--service <name>', 'of this service')
    .option('--for <consumer>', 'told for this service')
    .option('--mine', 'told to whoever is signed in')
    .addHelpText('after', '\nExample:\n  rockpool contract notices --for orders --installation local')
    .action(
      action(async (flags: Flags): Promise<ExitCode> => {
        const { client, listNotices } = await openRegistry(flags)
        const { service, for: consumer } = flags
        const filter = { service, consumer, mine: flags.mine ? 'true' : 'false' }
        let isEmpty = true
        for await (const notice of everyItem((page) =>
          client.call(listNotices, { query: { ...page, ...filter } }),
        )) {
          isEmpty = false
          if (flags.json) {
            terminal.print(JSON.stringify(notice))
            continue
          }
          const { push, counts, differences, watcher } = notice
          const all = Object.entries(counts).map(([weight, count]) => `${count} ${weight}`)
          const whom = watcher.consumer === null ? '' : `  for ${shown(watcher.consumer)}`
          terminal.print(
            `${push.service}@${shown(push.name ?? push.address)}  ${push.pushedAt}  ${all.join(', ')}${whom}`,
          )
          for (const { weight, operation, place, sentence } of differences)
            terminal.print(
              `  ${weight.padEnd(14)}  ${shown(operation === null ? place : `${operation} ${place}`)}: ${shown(sentence)}`,
            )
        }
        if (isEmpty && !flags.json) terminal.note('there is none')
        return 0
      }),
    )
}

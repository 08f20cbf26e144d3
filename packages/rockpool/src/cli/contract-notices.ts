import { setTimeout as pause } from 'node:timers/promises'
import type { Notice } from '../contracts/index.ts'
import { onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import { follow } from './contract-follow.ts'
import { sentence } from './contract-told.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { everyItem } from './pages.ts'
import { shown } from './terminal.ts'
import type { Terminal } from './terminal.ts'

interface Flags extends InstallationOptions {
  for?: string
  service?: string
  mine?: boolean
  follow?: boolean
  json?: boolean
}

const everyMs = 2_000

export const contractNoticesCommand: AddCommand = (contract, { terminal, action }) => {
  onInstallation(contract.command('notices'))
    .description('List what watchers were told, the newest first: all that a push changed in one notice.')
    .option('--service <name>', 'of this service')
    .option('--for <consumer>', 'told for this service')
    .option('--mine', 'told to whoever is signed in')
    .option('--follow', 'only those that come from now on, as they come, until Ctrl-C')
    .addHelpText(
      'after',
      `
Examples:
  rockpool contract notices --for orders --installation local
  rockpool contract notices --follow --json --installation local`,
    )
    .action(
      action(async (flags: Flags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const { service, for: consumer } = flags
        const filter = { service, consumer, mine: flags.mine ? 'true' : 'false' }
        const read = (page: { limit: number; cursor?: string }) =>
          client.call('GET /contract-notices', { query: { ...page, ...filter } })
        const print = (notice: Notice) =>
          flags.json ? terminal.print(JSON.stringify(notice)) : printNotice(terminal, notice)
        if (flags.follow) {
          const stop = new AbortController()
          for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
          // Whoever read what is printed has gone.
          process.stdout.once('error', () => stop.abort())
          const coming = follow({
            read,
            begun: () => terminal.note('what comes from now on is printed, until Ctrl-C'),
            pause: () => pause(everyMs, undefined, { signal: stop.signal }).catch(() => {}),
            failed: (error) => terminal.note(`${terminal.mark.unsure} ${shown((error as Error).message)}`),
            stopped: stop.signal,
          })
          for await (const notice of coming) print(notice)
          return 0
        }
        let isEmpty = true
        for await (const notice of everyItem(read)) {
          isEmpty = false
          print(notice)
        }
        if (isEmpty && !flags.json) terminal.note('there is none')
        return 0
      }),
    )
}

function printNotice(terminal: Terminal, { push, counts, differences, watcher, delivery }: Notice): void {
  const all = Object.entries(counts).map(([weight, count]) => `${count} ${weight}`)
  const whom = watcher.consumer === null ? '' : `  for ${shown(watcher.consumer)}`
  terminal.print(
    `${push.service}@${shown(push.name ?? push.address)}  ${push.pushedAt}  ${all.join(', ')}${whom}`,
  )
  if (delivery !== null) terminal.print(`  ${shown(`at ${watcher.to}: ${sentence(delivery)}`)}`)
  for (const { weight, operation, place, sentence: said } of differences)
    terminal.print(
      `  ${weight.padEnd(14)}  ${shown(operation === null ? place : `${operation} ${place}`)}: ${shown(said)}`,
    )
}

import type { Version } from '../contracts/index.ts'
import { onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import { fidelityRows } from './contract-fidelity.ts'
import { storedNamed } from './contract-stored.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { everyItem } from './pages.ts'
import { columns, shown } from './terminal.ts'

type Flags = InstallationOptions & { json?: boolean }

/** `list`, `show` and `history`: what an installation keeps. */
export const contractListCommands: AddCommand = (contract, { terminal, action }) => {
  onInstallation(contract.command('list'))
    .description('List the services with contracts: the latest version, and what runs in production.')
    .addHelpText('after', '\nExample:\n  rockpool contract list --installation local')
    .action(
      action(async (flags: Flags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const rows: string[][] = []
        for await (const item of everyItem((page) => client.call('GET /contracts', { query: page }))) {
          const { service, latest, production } = item
          const running = production.map(nameOf).join(', ')
          if (flags.json) terminal.print(JSON.stringify(item))
          else
            rows.push([
              service,
              latest === null ? '' : nameOf(latest),
              running === '' ? 'nothing is known to run' : `production: ${running}`,
            ])
        }
        for (const line of columns(rows)) terminal.print(line)
        if (rows.length === 0 && !flags.json) terminal.note('there is none')
        return 0
      }),
    )

  onInstallation(contract.command('show <version>'))
    .description(
      'Show a version: <service>, or <service>@<version>; and how faithful the service’s mock is, as checks saw it in production.',
    )
    .addHelpText(
      'after',
      `
A version is 1.2.0; 1.2 or 1, the newest of these; latest; production; a git revision; branch:<name>; sha256:<hash>.
--json: the version in the first line, then what was seen of the mock.

Examples:
  rockpool contract show orders --installation local
  rockpool contract show orders@production --installation local`,
    )
    .action(
      action(async (named: string, flags: Flags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const params = storedNamed(named)
        const version = await client.call('GET /contracts/{service}/versions/{version}', { params })
        const mock = await client.call('GET /contracts/{service}/mock', {
          params: { service: params.service },
        })
        const rows = () => [...detailsOf(version), ...fidelityRows(mock, Date.now())]
        if (flags.json) for (const one of [version, mock]) terminal.print(JSON.stringify(one))
        else for (const line of columns(rows())) terminal.print(line)
        return 0
      }),
    )

  onInstallation(contract.command('history <service>'))
    .description('List what was pushed for a service, the newest first.')
    .addHelpText('after', '\nExample:\n  rockpool contract history orders --installation local')
    .action(
      action(async (service: string, flags: Flags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const rows: string[][] = []
        const versions = everyItem((query) =>
          client.call('GET /contracts/{service}/versions', { params: { service }, query }),
        )
        for await (const version of versions) {
          const { pushedAt, pushedBy, address, note } = version
          if (flags.json) terminal.print(JSON.stringify(version))
          else
            rows.push([
              nameOf(version),
              version.running.length > 0 ? 'production' : '',
              pushedAt,
              shown(pushedBy),
              address.slice(0, 19),
              shown(note ?? ''),
            ])
        }
        for (const line of columns(rows)) terminal.print(line)
        return 0
      }),
    )
}

type Named = Pick<Version, 'name' | 'branch' | 'infoVersion'>

/** As it is asked for, or what it says of itself where nobody named it. */
function nameOf({ name, branch, infoVersion }: Named): string {
  if (branch !== null) return `branch:${shown(branch)}`
  return name ?? `(${shown(infoVersion)})`
}

function detailsOf(version: Version): string[][] {
  const { service, address, pushedAt, pushedBy, branchEndsAt, note, title, running } = version
  return [
    [`${service}@${nameOf(version)}`, shown(title)],
    ['address', address],
    ['contract', `${version.format}: ${version.operations} operations, ${version.schemas} schemas`],
    ['pushed', `${pushedAt} by ${shown(pushedBy)}`],
    ...(branchEndsAt === null ? [] : [['ends', branchEndsAt]]),
    ...(note === null ? [] : [['note', shown(note)]]),
    ...running.map(({ release, since }) => [
      'production',
      `since ${since}${release === null ? '' : ` as ${shown(release)}`}`,
    ]),
  ]
}

import { environmentOption, onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { everyItem } from './pages.ts'
import { columns, shown } from './terminal.ts'

type Flags = InstallationOptions & { json?: boolean }

export const organizationCommand: AddCommand = (program, { terminal, action }) => {
  const organization = program.command('organization').description('See and create organizations.')
  onInstallation(organization.command('list'))
    .description('List the organizations; sandboxes have a command of their own.')
    .addHelpText('after', '\nExample:\n  rockpool organization list --installation local')
    .action(
      action(async (flags: Flags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const rows: string[][] = []
        for await (const item of everyItem((page) => client.call('GET /organizations', { query: page }))) {
          if (item.parent !== null) continue
          if (flags.json) terminal.print(JSON.stringify(item))
          else rows.push([item.slug, item.environment, item.status, shown(item.name)])
        }
        for (const line of columns(rows)) terminal.print(line)
        if (rows.length === 0 && !flags.json) terminal.note('there is none')
        return 0
      }),
    )
  onInstallation(organization.command('create <slug>'))
    .description('Create an organization. Its environment is fixed for ever.')
    .requiredOption('--name <name>', 'for people')
    .addOption(environmentOption('fixed for ever'))
    .addHelpText(
      'after',
      '\nExample:\n  rockpool organization create harbor --name "Harbor Goods" --environment production --installation local',
    )
    .action(
      action(
        async (
          slug: string,
          flags: Flags & { name: string; environment: 'production' | 'sandbox' },
        ): Promise<ExitCode> => {
          const { client } = await reachControl(flags)
          const made = await client.call('POST /organizations', {
            body: { slug, name: flags.name, environment: flags.environment },
          })
          terminal.print(
            flags.json ? JSON.stringify(made) : `${terminal.mark.pass} ${made.slug} (${made.environment})`,
          )
          return 0
        },
      ),
    )
}

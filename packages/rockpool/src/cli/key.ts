import { environmentOption, onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { everyItem } from './pages.ts'
import { columns, shown } from './terminal.ts'

interface Flags extends InstallationOptions {
  organization: string
  json?: boolean
}

type Environment = 'production' | 'sandbox'

export const keyCommand: AddCommand = (program, { terminal, action }) => {
  const key = program.command('key').description('Make, list and revoke keys of the data plane.')
  onInstallation(key.command('create'))
    .description('Make a key. It is shown once, and stored nowhere.')
    .requiredOption('--organization <slug>', 'whose key it is')
    .addOption(environmentOption('as the organization is'))
    .option('--all-sandboxes', 'one key for all sandboxes of this parent (with --environment sandbox)')
    .option('--name <name>', 'for people')
    .option('--ends <duration>', 'it ends by itself after this time, such as 30d')
    .addHelpText(
      'after',
      `
Examples:
  rockpool key create --organization harbor --environment production --installation local
  rockpool key create --organization harbor --environment sandbox --all-sandboxes --installation local`,
    )
    .action(
      action(
        async (
          flags: Flags & { environment: Environment; allSandboxes?: boolean; name?: string; ends?: string },
        ): Promise<ExitCode> => {
          const [{ client }, { parseDuration }] = await Promise.all([
            reachControl(flags),
            import('../kernel/light.ts'),
          ])
          const made = await client.call('POST /organizations/{organization}/credentials', {
            params: { organization: flags.organization },
            body: {
              environment: flags.environment,
              allSandboxes: flags.allSandboxes ?? false,
              ...(flags.name ? { name: flags.name } : {}),
              ...(flags.ends
                ? { endsAt: new Date(Date.now() + parseDuration(flags.ends)).toISOString() }
                : {}),
            },
          })
          if (flags.json) terminal.print(JSON.stringify(made))
          else {
            terminal.print(made.text)
            terminal.note(`${made.credential.id}: keep the key now, it is not shown again`)
          }
          return 0
        },
      ),
    )
  onInstallation(key.command('list'))
    .description('List the credentials of an organization; their texts are stored nowhere.')
    .requiredOption('--organization <slug>', 'whose credentials')
    .option('--all', 'also revoked and ended ones')
    .addHelpText('after', '\nExample:\n  rockpool key list --organization harbor --installation local')
    .action(
      action(async (flags: Flags & { all?: boolean }): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const rows: string[][] = []
        const credentials = everyItem((page) =>
          client.call('GET /organizations/{organization}/credentials', {
            params: { organization: flags.organization },
            query: { ...page, all: flags.all ? 'true' : 'false' },
          }),
        )
        for await (const item of credentials) {
          if (flags.json) terminal.print(JSON.stringify(item))
          else
            rows.push([
              item.id,
              item.hint,
              item.revokedAt ? 'revoked' : (item.environment ?? ''),
              item.lastUsedAt ?? 'never used',
              shown(item.name ?? ''),
            ])
        }
        for (const line of columns(rows)) terminal.print(line)
        if (rows.length === 0 && !flags.json) terminal.note('there is none')
        return 0
      }),
    )
  onInstallation(key.command('revoke <id>'))
    .description('Revoke a key, at once and for ever.')
    .requiredOption('--organization <slug>', 'whose key it is')
    .addOption(environmentOption('as the key is'))
    .addHelpText(
      'after',
      '\nExample:\n  rockpool key revoke key_0198… --organization harbor --environment production --installation local',
    )
    .action(
      action(async (id: string, flags: Flags & { environment: Environment }): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const { organization, environment } = flags
        const revoked = await client.call('DELETE /organizations/{organization}/credentials/{credential}', {
          params: { organization, credential: id },
          query: { environment },
        })
        terminal.print(
          flags.json ? JSON.stringify(revoked) : `${terminal.mark.pass} ${revoked.id} is revoked`,
        )
        return 0
      }),
    )
}

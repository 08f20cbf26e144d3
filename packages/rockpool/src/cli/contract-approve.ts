import { onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { everyItem } from './pages.ts'
import { columns, shown } from './terminal.ts'

interface ReadFlags extends InstallationOptions {
  json?: boolean
}

interface Flags extends ReadFlags {
  reason: string
  ends?: string
}

/** `approve`, `approvals` and `revoke`: what may break callers. */
export const contractApproveCommands: AddCommand = (contract, { terminal, action }) => {
  onInstallation(contract.command('approve <service> <fingerprint...>'))
    .description(
      'Let differences break callers, by their fingerprints, which a refused push tells. Rewording changes no fingerprint.',
    )
    .requiredOption('--reason <text>', 'why that is right')
    .option('--ends <duration>', 'it lets nothing pass any more after this time, such as 30d')
    .addHelpText(
      'after',
      '\nExample:\n  rockpool contract approve orders 4a1f0c9d2b7e6f83 --reason "nobody sends it" --installation local',
    )
    .action(
      action(async (service: string, fingerprints: string[], flags: Flags): Promise<ExitCode> => {
        const { parseDuration } = await import('../kernel/index.ts')
        const endsAt =
          flags.ends === undefined
            ? undefined
            : new Date(Date.now() + parseDuration(flags.ends)).toISOString()
        const { client } = await reachControl(flags)
        const { items } = await client.call('POST /contracts/{service}/approvals', {
          params: { service },
          body: { fingerprints, reason: flags.reason, ...(endsAt === undefined ? {} : { endsAt }) },
        })
        for (const item of items)
          terminal.print(
            flags.json
              ? JSON.stringify(item)
              : `${terminal.mark.pass} ${item.fingerprint.slice(0, 16)} is approved, as ${item.id}`,
          )
        return 0
      }),
    )

  onInstallation(contract.command('approvals <service>'))
    .description('List what may break callers of a service, or might once: with why, and who said so.')
    .addHelpText('after', '\nExample:\n  rockpool contract approvals orders --installation local')
    .action(
      action(async (service: string, flags: ReadFlags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const rows: string[][] = []
        const items = everyItem((query) =>
          client.call('GET /contracts/{service}/approvals', { params: { service }, query }),
        )
        for await (const item of items) {
          const { id, fingerprint, reason, approvedBy, approvedAt, endsAt, revokedAt } = item
          if (flags.json) terminal.print(JSON.stringify(item))
          else
            rows.push([
              id,
              fingerprint.slice(0, 16),
              `${approvedAt} by ${shown(approvedBy)}`,
              revokedAt === null ? (endsAt === null ? '' : `until ${endsAt}`) : `revoked ${revokedAt}`,
              shown(reason),
            ])
        }
        for (const line of columns(rows)) terminal.print(line)
        if (rows.length === 0 && !flags.json) terminal.note('there is none')
        return 0
      }),
    )

  onInstallation(contract.command('revoke <service> <approval>'))
    .description('Revoke an approval: it stays as a record, and lets nothing pass any more.')
    .addHelpText('after', '\nExample:\n  rockpool contract revoke orders apr_01k… --installation local')
    .action(
      action(async (service: string, approval: string, flags: ReadFlags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const revoked = await client.call('DELETE /contracts/{service}/approvals/{approval}', {
          params: { service, approval },
        })
        if (flags.json) terminal.print(JSON.stringify(revoked))
        else terminal.print(`${terminal.mark.pass} ${revoked.id} lets nothing pass any more`)
        return 0
      }),
    )
}

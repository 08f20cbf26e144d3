import { onInstallation } from './command.ts'
import type { AddCommand } from './command.ts'
import { openRegistry } from './contract-stored.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'

interface Flags extends InstallationOptions {
  reason: string
  ends?: string
  json?: boolean
}

export const contractApproveCommand: AddCommand = (contract, { terminal, action }) => {
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
        const { client, approveBreaks } = await openRegistry(flags)
        const { items } = await client.call(approveBreaks, {
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
}

import { onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { everyItem } from './pages.ts'
import { columns, shown } from './terminal.ts'

export const gatewayRoutesCommand: AddCommand = (gateway, { terminal, action }) => {
  onInstallation(gateway.command('routes'))
    .description('List every route that the gateways have, and how the service behind it is.')
    .option('--service <name>', 'of this service')
    .addHelpText('after', '\nExample:\n  rockpool gateway routes --service catalog --installation local')
    .action(
      action(async (flags: InstallationOptions & { json?: boolean; service?: string }): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const service = flags.service === undefined ? {} : { service: flags.service }
        const rows: string[][] = []
        for await (const item of everyItem((page) =>
          client.call('GET /gateway/routes', { query: { ...page, ...service } }),
        )) {
          if (flags.json) terminal.print(JSON.stringify(item))
          const mark = item.state === 'running' ? terminal.mark.pass : terminal.mark.fail
          const how = item.reason === null ? item.state : `${item.state}: ${item.reason}`
          rows.push([
            `${mark} ${item.method}`,
            shown(item.path),
            item.service,
            shown(item.operationId),
            item.anonymous ? 'anonymous' : '',
            item.state === 'running' ? '' : shown(how),
          ])
        }
        if (!flags.json) for (const line of columns(rows)) terminal.print(line)
        if (rows.length === 0 && !flags.json) terminal.note('there is none')
        return 0
      }),
    )
}

import type { Service } from '../deploys/index.ts'
import { onInstallation, reachControl } from './command.ts'
import type { AddCommand, CommandContext } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { columns, shown } from './terminal.ts'

type Flags = InstallationOptions & { json?: boolean }

export const serviceCommand: AddCommand = (program, context) => {
  const service = program
    .command('service')
    .description('See, stop and start the services of an installation.')
  onInstallation(service.command('list'))
    .description('List the services and third parties, and how they are.')
    .addHelpText('after', '\nExample:\n  rockpool service list --installation local')
    .action(
      context.action(async (flags: Flags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        show(context, flags, (await client.call('GET /services', {})).items)
        return 0
      }),
    )
  for (const verb of ['stop', 'start', 'restart'] as const) {
    onInstallation(service.command(`${verb} <service>`))
      .description(
        {
          stop: 'Stop a service, until it is started again.',
          start: 'Start a service.',
          restart: 'Stop a service and start it again.',
        }[verb],
      )
      .addHelpText('after', `\nExample:\n  rockpool service ${verb} payments --installation local`)
      .action(
        context.action(async (name: string, flags: Flags): Promise<ExitCode> => {
          const { client } = await reachControl(flags)
          const asked = await client.call(`POST /services/{service}/${verb}`, { params: { service: name } })
          show(context, flags, [asked])
          return asked.state === (verb === 'stop' ? 'stopped' : 'running') ? 0 : 1
        }),
      )
  }
}

function show({ terminal }: CommandContext, flags: Flags, services: readonly Service[]): void {
  if (flags.json) return services.forEach((service) => terminal.print(JSON.stringify(service)))
  const mark = (state: Service['state']) =>
    state === 'running'
      ? terminal.mark.pass
      : state === 'starting'
        ? terminal.mark.moving
        : state === 'failed'
          ? terminal.mark.fail
          : terminal.mark.unsure
  const rows = services.map(({ name, state, reason, url }) => [
    `${mark(state)} ${name}`,
    state,
    shown(state === 'running' ? (url ?? '') : (reason ?? '')),
  ])
  for (const line of columns(rows)) terminal.print(line)
}

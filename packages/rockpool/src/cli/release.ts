import { problem } from '../kernel/index.ts'
import { onInstallation, reachControl } from './command.ts'
import type { AddCommand, CommandContext } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { removeWithin, waitUntilDrained } from './release-drain.ts'
import type { Release } from './release-drain.ts'
import { columns, shown } from './terminal.ts'

type Flags = InstallationOptions & { json?: boolean }
type DrainFlags = Flags & { within: string }

export const releaseCommand: AddCommand = (program, context) => {
  const { terminal, action } = context
  const release = program
    .command('release')
    .description(
      'Run versions of a service beside each other: share the organizations among them, and drain one before it is stopped.',
    )

  onInstallation(release.command('list <service>'))
    .description('List the releases of a service, with their weights.')
    .addHelpText('after', '\nExample:\n  rockpool release list catalog --installation local')
    .action(
      action(async (service: string, flags: Flags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        show(
          context,
          flags,
          (await client.call('GET /services/{service}/releases', { params: { service } })).items,
        )
        return 0
      }),
    )

  onInstallation(release.command('add <service> <release> <url>'))
    .description('Say that a release runs at this address. Only an owner may.')
    .option('--weight <weight>', 'its share of the organizations, against the weights of the others', '0')
    .addHelpText(
      'after',
      `
With weight 0 it is reached by checks and bots alone, which name it: “Rockpool-Release: <release>”. Once any release of a
service has a weight, releases take all of its calls: add what runs now as one, too.

Examples:
  rockpool release add catalog v1 http://127.0.0.1:9001 --weight 100 --installation local
  rockpool release add catalog v2 http://127.0.0.1:9002 --installation local`,
    )
    .action(
      action(
        async (
          service: string,
          name: string,
          url: string,
          flags: Flags & { weight: string },
        ): Promise<ExitCode> => {
          const { client } = await reachControl(flags)
          const params = { service, release: name }
          const weight = weightOf(flags.weight)
          show(context, flags, [
            await client.call('PUT /services/{service}/releases/{release}', {
              params,
              body: { url, weight },
            }),
          ])
          return 0
        },
      ),
    )

  onInstallation(release.command('weights <service> <release=weight...>'))
    .description(
      'Set weights, all at once: each gateway changes over in one step. What is not named keeps its own.',
    )
    .addHelpText('after', '\nExample:\n  rockpool release weights catalog v1=90 v2=10 --installation local')
    .action(
      action(async (service: string, given: string[], flags: Flags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const body = { weights: weightsOf(given) }
        show(
          context,
          flags,
          (await client.call('PATCH /services/{service}/releases', { params: { service }, body })).items,
        )
        return 0
      }),
    )

  onInstallation(release.command('drain <service> <release>'))
    .description(
      'Let a release take no calls any more, and wait until nothing leads to it: only then may its process be stopped. Exit code: 0 it may, 1 not yet.',
    )
    .option('--within <duration>', 'how long to wait', '60s')
    .addHelpText('after', '\nExample:\n  rockpool release drain catalog v1 --within 2m --installation local')
    .action(
      action(async (service: string, name: string, flags: DrainFlags): Promise<ExitCode> => {
        const { client } = await reachControl(flags, { quiet: true })
        const found = await waitUntilDrained(client, { service, name, within: flags.within }, terminal)
        if (flags.json) terminal.print(JSON.stringify(found))
        else if (found.drain?.done)
          terminal.print(`${terminal.mark.pass} ${service} ${name} is drained: its process may be stopped`)
        else
          terminal.printFolded(
            `${terminal.mark.fail} ${service} ${name} is not drained within ${flags.within}: do not stop its process. It drains on; the same command waits for it`,
            2,
          )
        return found.drain?.done ? 0 : 1
      }),
    )

  onInstallation(release.command('remove <service> <release>'))
    .description(
      'Drain a release, and take it out: then its process may be stopped, unless it is the service’s own. Exit code: 0 it is out, 1 not yet.',
    )
    .option('--within <duration>', 'how long to wait', '60s')
    .addHelpText('after', '\nExample:\n  rockpool release remove catalog v1 --installation local')
    .action(
      action(async (service: string, name: string, flags: DrainFlags): Promise<ExitCode> => {
        const { client } = await reachControl(flags, { quiet: true })
        const isDone = await removeWithin(client, { service, name, within: flags.within }, terminal)
        if (flags.json) terminal.print(JSON.stringify({ service, release: name, removed: isDone }))
        else if (isDone) terminal.print(`${terminal.mark.pass} ${service} ${name} is out`)
        else
          terminal.printFolded(
            `${terminal.mark.fail} ${service} ${name} is not drained within ${flags.within}, and stays: do not stop its process. It drains on; the same command waits for it`,
            2,
          )
        return isDone ? 0 : 1
      }),
    )
}

/** `v1=90` and so on, as one object. Pure. @throws Problem `invalid_input` */
export function weightsOf(given: readonly string[]): Record<string, number> {
  const weights: Record<string, number> = {}
  for (const pair of given) {
    const [name = '', weight, ...more] = pair.split('=')
    if (name === '' || weight === undefined || more.length > 0)
      throw problem('invalid_input', `“${shown(pair)}” is no weight: write release=weight, such as v2=10`)
    if (Object.hasOwn(weights, name)) throw problem('invalid_input', `“${shown(name)}” is given two weights`)
    weights[name] = weightOf(weight)
  }
  return weights
}

function weightOf(text: string): number {
  if (/^\d{1,4}$/.test(text) && Number(text) <= 1_000) return Number(text)
  throw problem('invalid_input', `“${shown(text)}” is no weight: it is a whole number from 0 to 1000`)
}

function show({ terminal }: CommandContext, flags: Flags, releases: readonly Release[]): void {
  if (flags.json) return releases.forEach((release) => terminal.print(JSON.stringify(release)))
  if (releases.length === 0) terminal.note('there is none: the service’s own address takes its calls')
  const sum = releases.reduce((total, { weight }) => total + weight, 0)
  const rows = releases.map(({ name, url, weight, drain }) => [
    `${drain === null ? terminal.mark.pass : terminal.mark.moving} ${name}`,
    drain === null ? String(weight) : drain.done ? 'drained' : 'draining',
    weight === 0 ? '' : `${Number(((weight / sum) * 100).toFixed(1))} %`,
    shown(url),
  ])
  for (const line of columns(rows)) terminal.print(line)
}

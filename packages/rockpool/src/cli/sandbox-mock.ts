import type { SandboxMock } from '../contracts/index.ts'
import { problem } from '../kernel/index.ts'
import { onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { columns, shown } from './terminal.ts'

interface Flags extends InstallationOptions {
  json?: boolean
  seed?: string
  off?: boolean
}

export const addSandboxMock: AddCommand = (sandbox, { terminal, action }) => {
  onInstallation(sandbox.command('mock <sandbox> [service]'))
    .description(
      'Have a mock of any stored version answer for a service, in this sandbox alone. Without a service: list those that mocks answer for.',
    )
    .option('--seed <text>', 'another seed, other values')
    .option('--off', 'the service answers again; what the mock was told is forgotten')
    .addHelpText(
      'after',
      `
The version is what runs in production, unless it is named as for “rockpool contract”: orders@1.2.0, orders@latest, orders@branch:feature/x.
Calls of production never reach a mock. It begins with no data, and remembers nothing across a restart.

Examples:
  rockpool sandbox mock harbor-sb-7k2m9x4q orders --installation local
  rockpool sandbox mock harbor-sb-7k2m9x4q orders@1.2.0 --seed friday --installation local
  rockpool sandbox mock harbor-sb-7k2m9x4q orders --off --installation local`,
    )
    .action(
      action(async (name: string, named: string | undefined, flags: Flags): Promise<ExitCode> => {
        const [service, version] = readNamed(named, flags)
        const { client } = await reachControl(flags)
        if (service === undefined) {
          const { items } = await client.call('GET /sandboxes/{sandbox}/mocks', { params: { sandbox: name } })
          if (flags.json) for (const item of items) terminal.print(JSON.stringify(item))
          else for (const line of columns(items.map(rowOf))) terminal.print(line)
          if (items.length === 0 && !flags.json) terminal.note('no mock answers in it')
          return 0
        }
        const params = { sandbox: name, service }
        if (flags.off) {
          await client.call('DELETE /sandboxes/{sandbox}/mocks/{service}', { params })
          if (flags.json) terminal.print(JSON.stringify({ ...params, mock: null }))
          else terminal.print(`${terminal.mark.pass} ${shown(service)} answers again in ${shown(name)}`)
          return 0
        }
        const mock = await client.call('PUT /sandboxes/{sandbox}/mocks/{service}', {
          params,
          body: {
            ...(version === undefined ? {} : { version }),
            ...(flags.seed === undefined ? {} : { seed: flags.seed }),
          },
        })
        if (flags.json) terminal.print(JSON.stringify(mock))
        else
          terminal.print(
            `${terminal.mark.pass} a mock of ${shown(service)}@${shown(mock.version)} answers in ${shown(name)}`,
          )
        return 0
      }),
    )
}

/** Service and version; what does not go together is refused before anything is asked. */
function readNamed(
  named: string | undefined,
  { seed, off }: Flags,
): [string | undefined, string | undefined] {
  const at = named?.indexOf('@') ?? -1
  const service = named === undefined || at < 0 ? named : named.slice(0, at)
  const version = named === undefined || at < 0 ? undefined : named.slice(at + 1)
  const wrong =
    service === undefined && (off || seed !== undefined)
      ? 'name the service'
      : service === '' || version === ''
        ? `“${shown(named!)}” is no service with a version: write orders, or orders@1.2.0`
        : off && (version !== undefined || seed !== undefined)
          ? '--off takes neither a version nor a seed: a service has one mock in a sandbox'
          : undefined
  if (wrong !== undefined) throw problem('invalid_input', wrong)
  return [service, version]
}

function rowOf({ service, version, seed, askedBy, askedAt }: SandboxMock): string[] {
  return [`${service}@${shown(version)}`, seed === '' ? '' : `seed ${shown(seed)}`, askedAt, askedBy]
}

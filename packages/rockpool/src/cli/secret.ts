import type { Secret } from '../secrets/index.ts'
import { onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { columns, shown } from './terminal.ts'

type Flags = InstallationOptions & { json?: boolean }

export const secretCommand: AddCommand = (program, { terminal, action }) => {
  const secret = program
    .command('secret')
    .description('Keep values that checks need and nobody may read, encrypted in the installation.')

  onInstallation(secret.command('set <name>'))
    .description(
      'Give a secret its value: typed unseen, or from standard input. It never stands in a command line.',
    )
    .addHelpText(
      'after',
      `
A check reads it as “secrets.<name>”. Set again, the new value counts from the next run on. No command shows a value.

Examples:
  rockpool secret set THINGS_TOKEN --installation local
  rockpool secret set THINGS_TOKEN --installation local < token.txt`,
    )
    .action(
      action(async (name: string, flags: Flags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const set = await client.call('PUT /secrets/{secret}', {
          params: { secret: name },
          body: { value: await valueOf(name) },
        })
        if (flags.json) terminal.print(JSON.stringify(set))
        else terminal.print(`${set.name} is set, version ${set.version}`)
        return 0
      }),
    )

  onInstallation(secret.command('list'))
    .description('List the secrets by name, and when each was set and taken; never a value.')
    .addHelpText('after', '\nExample:\n  rockpool secret list --installation local')
    .action(
      action(async (flags: Flags): Promise<ExitCode> => {
        const { client, again } = await reachControl(flags)
        const { items } = await client.call('GET /secrets', {})
        if (flags.json) items.forEach((item) => terminal.print(JSON.stringify(item)))
        else if (items.length === 0)
          terminal.print(`no secrets: “rockpool secret set <name> ${again}” sets one`)
        else for (const line of columns(items.map(row))) terminal.print(line)
        return 0
      }),
    )

  onInstallation(secret.command('remove <name>'))
    .description('Remove a secret. Checks that use it are uncheckable from then on.')
    .addHelpText('after', '\nExample:\n  rockpool secret remove THINGS_TOKEN --installation local')
    .action(
      action(async (name: string, flags: Flags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        await client.call('DELETE /secrets/{secret}', { params: { secret: name } })
        if (flags.json) terminal.print(JSON.stringify({ removed: name }))
        else terminal.print(`${shown(name)} is removed`)
        return 0
      }),
    )
}

function row({ name, version, setAt, takenAt }: Secret): string[] {
  const time = (at: string) => `${at.slice(0, 19).replace('T', ' ')} UTC`
  return [
    name,
    `version ${version}`,
    `set ${time(setAt)}`,
    takenAt ? `taken ${time(takenAt)}` : 'never taken',
  ]
}

/** A line end after it is the file's, not the value's. */
async function valueOf(name: string): Promise<string> {
  const { askHidden, readStandardInput } = await import('./prompt.ts')
  if (process.stdin.isTTY) return askHidden(`value of ${shown(name)} (not shown):`)
  return (await readStandardInput(80 * 1024)).replace(/\r?\n$/, '')
}

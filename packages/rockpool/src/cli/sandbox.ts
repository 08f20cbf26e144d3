import type { Receipt, Sandbox } from '../sandboxes/index.ts'
import { onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { everyItem } from './pages.ts'
import { addSandboxMock } from './sandbox-mock.ts'
import { columns, shown } from './terminal.ts'
import type { Terminal } from './terminal.ts'

interface Flags extends InstallationOptions {
  json?: boolean
}

export const sandboxCommand: AddCommand = (program, context) => {
  const { terminal, action } = context
  const sandbox = program
    .command('sandbox')
    .description('Create, see and delete sandboxes, and prove that nothing is left of them.')

  onInstallation(sandbox.command('create'))
    .description('Create a sandbox. It begins with no data; its key is shown once.')
    .requiredOption('--organization <slug>', 'the production organization that it belongs to')
    .option('--ttl <duration>', 'it is deleted by itself after this time', '1h')
    .option('--name <name>', 'for people')
    .addHelpText(
      'after',
      '\nExample:\n  rockpool sandbox create --organization harbor --ttl 10m --installation local',
    )
    .action(
      action(
        async (flags: Flags & { organization: string; ttl: string; name?: string }): Promise<ExitCode> => {
          const { client, gateway } = await reachControl(flags)
          const body = {
            parent: flags.organization,
            ttl: flags.ttl,
            ...(flags.name ? { name: flags.name } : {}),
          }
          const made = await client.call('POST /sandboxes', { body })
          if (flags.json) terminal.print(JSON.stringify(made))
          else {
            terminal.print(`${made.sandbox.slug}  ${made.key}`)
            terminal.note(`it ends ${made.sandbox.endsAt}; keep the key now, it is not shown again`)
            terminal.note(`use it at ${gateway}/${made.sandbox.slug}/…`)
          }
          return 0
        },
      ),
    )

  onInstallation(sandbox.command('list'))
    .description('List the sandboxes that are there, the newest first.')
    .option('--organization <slug>', 'of this parent')
    .option('--all', 'also those that are deleted')
    .addHelpText('after', '\nExample:\n  rockpool sandbox list --organization harbor --installation local')
    .action(
      action(async (flags: Flags & { organization?: string; all?: boolean }): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const rows: string[][] = []
        const parent = flags.organization ? { parent: flags.organization } : {}
        for await (const item of everyItem((page) =>
          client.call('GET /sandboxes', { query: { ...page, ...parent } }),
        )) {
          if (item.state === 'deleted' && !flags.all) continue
          if (flags.json) terminal.print(JSON.stringify(item))
          else
            rows.push([
              `${markOf(terminal, item)} ${item.slug}`,
              item.state,
              item.createdAt,
              shown(waitingFor(item)),
            ])
        }
        for (const line of columns(rows)) terminal.print(line)
        if (rows.length === 0 && !flags.json) terminal.note('there is none')
        return 0
      }),
    )

  onInstallation(sandbox.command('delete <sandbox>'))
    .description(
      'Delete a sandbox with everything in it. Exit code: 0 nothing is left, 1 residue, 2 not finished yet.',
    )
    .option('--wait <seconds>', 'wait this long for the end of the deletion, at most 30', '30')
    .addHelpText('after', '\nExample:\n  rockpool sandbox delete harbor-sb-7k2m9x4q --installation local')
    .action(
      action(async (slug: string, flags: Flags & { wait: string }): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const deleted = await client.call(
          'DELETE /sandboxes/{sandbox}',
          { params: { sandbox: slug }, query: { wait: Number(flags.wait) } },
          { timeoutMs: 40_000 },
        )
        if (flags.json) terminal.print(JSON.stringify(deleted))
        else
          terminal.print(
            `${markOf(terminal, deleted)} ${deleted.slug} is ${deleted.state}${shown(waitingFor(deleted))}`,
          )
        return deleted.state === 'deleted' ? 0 : deleted.state === 'residue' ? 1 : 2
      }),
    )

  onInstallation(sandbox.command('receipt <sandbox>'))
    .description(
      'Show what was counted before and after its deletion. Exit code: 0 nothing is left, 1 residue.',
    )
    .addHelpText('after', '\nExample:\n  rockpool sandbox receipt harbor-sb-7k2m9x4q --installation local')
    .action(
      action(async (slug: string, flags: Flags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const receipt = await client.call('GET /sandboxes/{sandbox}/receipt', { params: { sandbox: slug } })
        if (flags.json) terminal.print(JSON.stringify(receipt))
        else {
          for (const line of receiptLines(terminal, receipt)) terminal.print(line)
          for (const { what, why } of receipt.remains)
            terminal.printFolded(shown(`  stays by design: ${what} (${why})`), 4)
        }
        return receipt.complete ? 0 : 1
      }),
    )

  onInstallation(sandbox.command('ledger <sandbox>'))
    .description('List what calls created in a sandbox, as the gateways saw them.')
    .addHelpText('after', '\nExample:\n  rockpool sandbox ledger harbor-sb-7k2m9x4q --installation local')
    .action(
      action(async (slug: string, flags: Flags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const rows: string[][] = []
        for await (const item of everyItem((page) =>
          client.call('GET /ledger', { query: { ...page, sandbox: slug } }),
        )) {
          if (flags.json) terminal.print(JSON.stringify(item))
          else {
            const answered = String(item.status ?? item.outcome)
            rows.push([
              item.at,
              item.method,
              shown(item.path),
              answered,
              shown(item.location ?? item.resource ?? ''),
            ])
          }
        }
        for (const line of columns(rows)) terminal.print(line)
        if (rows.length === 0 && !flags.json) terminal.note('it created nothing')
        return 0
      }),
    )

  addSandboxMock(sandbox, context)
}

function markOf({ mark }: Terminal, { state }: Pick<Sandbox, 'state'>): string {
  return { active: mark.waiting, deleting: mark.moving, deleted: mark.pass, residue: mark.fail }[state]
}

function waitingFor({ state, waiting }: Sandbox): string {
  if (state !== 'deleting' || waiting.length === 0) return ''
  return `; waits for ${waiting.map(({ service, reason }) => `${service} (${reason})`).join(', ')}`
}

function receiptLines(terminal: Terminal, receipt: Receipt): string[] {
  const rows = [
    ...receipt.services.flatMap(({ service, tables, unchecked }) => [
      ...tables.map(({ table, before, after }) => [
        `  ${service}`,
        table,
        String(before ?? '-'),
        String(after),
      ]),
      ...unchecked.map((table) => [`  ${service}`, table, 'unchecked', 'no column organization']),
    ]),
    ...receipt.rockpool.map(({ table, before, after }) => [
      '  rockpool',
      table,
      String(before ?? '-'),
      String(after),
    ]),
  ]
  const verdict = receipt.complete
    ? `${terminal.mark.pass} nothing is left of`
    : `${terminal.mark.fail} residue of`
  return [
    `${verdict} ${receipt.sandbox}, counted ${receipt.at}`,
    ...columns([['  service', 'table', 'before', 'after'], ...rows]),
  ]
}

import type { BotState } from '../bots/index.ts'
import type { ReporterName } from '../checks/index.ts'
import { onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { columns, shown } from './terminal.ts'
import type { Terminal } from './terminal.ts'

interface Flags extends InstallationOptions {
  json?: boolean
}

export const botCommand: AddCommand = (program, { terminal, action }) => {
  const bot = program
    .command('bot')
    .description('See and run the bots: customers in production that are programs, each by a grant.')

  onInstallation(bot.command('list'))
    .description('List the bots: grant, last complete lifecycle, what they wrote and what is not put back.')
    .addHelpText('after', '\nExample:\n  rockpool bot list --installation local')
    .action(
      action(async (flags: Flags): Promise<ExitCode> => {
        const { formatDuration } = await import('../kernel/light.ts')
        const { client } = await reachControl(flags)
        const { items } = await client.call('GET /bots', {})
        const ago = (at: string) => `${formatDuration(Math.max(0, Date.now() - Date.parse(at)))} ago`
        if (flags.json) for (const item of items) terminal.print(JSON.stringify(item))
        else for (const line of columns(items.map((item) => rowOf(item, terminal, ago)))) terminal.print(line)
        if (items.length === 0 && !flags.json) terminal.note('there is none')
        return 0
      }),
    )

  onInstallation(bot.command('run [bots...]'))
    .description(
      'Run bots once, in production, by their grants. Exit code: 0 each lifecycle is complete, 1 one failed, 2 cannot tell.',
    )
    .option('--organization <slug>', 'run it only if its grant is for this production organization')
    .option('--reporter <name>', 'list, json or junit; default list (--json: json)')
    .addHelpText(
      'after',
      `
Without names: every bot of the configuration. A bot without a grant does not run; what to add is printed.

Examples:
  rockpool bot run --installation local
  rockpool bot run "order and cancel" --installation local --organization harbor`,
    )
    .action(
      action(
        async (
          names: string[],
          flags: Flags & { organization?: string; reporter?: ReporterName },
        ): Promise<ExitCode> => {
          const [{ createReporter, reporterNames }, { runBots }] = await Promise.all([
            import('../checks/index.ts'),
            import('./bots.ts'),
          ])
          const { problem } = await import('../kernel/index.ts')
          const name = flags.reporter ?? (flags.json ? 'json' : 'list')
          if (!reporterNames.includes(name)) {
            const known = reporterNames.join(', ')
            throw problem('invalid_input', `there is no reporter “${name}”: it is one of ${known}`)
          }
          const { operations, config } = await reachControl(flags, { quiet: true })
          if (!config.bots) {
            throw problem(
              'invalid_input',
              `${config.file} has no bots: its “bots” names their domain and their files, and “grants” what each may do`,
            )
          }
          const stop = new AbortController()
          for (const signal of ['SIGINT', 'SIGTERM'] as const)
            process.once(signal, () => stop.abort(new Error(signal)))
          const { stdout, stderr } = process
          const { exitCode } = await runBots({
            call: operations.call,
            config,
            names,
            organization: flags.organization,
            reporter: createReporter(name, { stdout, stderr, environment: process.env }),
            terminal,
            signal: stop.signal,
          })
          return exitCode
        },
      ),
    )
}

function rowOf(bot: BotState, terminal: Terminal, ago: (at: string) => string): string[] {
  const { name, organization, grant, debt, lastComplete, latest } = bot
  const { pass, fail, unsure } = terminal.mark
  const mark = { pass, fail, uncheckable: unsure }[latest?.verdict ?? 'uncheckable']
  if (!grant) return [`${unsure} ${shown(name)}`, 'no grant', 'it does not run', '', '']
  const { used, perHour } = grant.writes
  return [
    `${mark} ${shown(name)}`,
    organization ?? '',
    lastComplete ? `complete ${ago(lastComplete.at)}` : 'never complete',
    `${used} of ${perHour} writes in the last hour`,
    debt === 0 ? 'nothing to put back' : `${debt} to put back`,
  ]
}

import type { ReporterName } from '../checks/index.ts'
import { addCheckImport } from './check-import.ts'
import { onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'

interface CheckFlags extends InstallationOptions {
  organization?: string
  grep?: string
  tag?: string[]
  reporter?: ReporterName
  wait: string
  json?: boolean
}

export const checkCommand: AddCommand = (program, context) => {
  const { action } = context
  const check = program.command('check [files...]')
  addCheckImport(check, context)
  onInstallation(check)
    .description(
      'Run checks once, from this machine, each in a fresh sandbox. Exit code: 0 all pass, 1 one fails, 2 cannot tell.',
    )
    .option(
      '--organization <slug>',
      'make the sandboxes under this production organization; otherwise sandboxes.parent',
    )
    .option('--grep <text>', 'only checks whose name has this text, or matches this /regular expression/')
    .option('--tag <tag...>', 'only checks with all these tags')
    .option('--reporter <name>', 'list, json or junit; default list (--json: json)')
    .option('--wait <duration>', 'wait this long for the receipts of the sandboxes', '0s')
    .addHelpText(
      'after',
      `
Without files: the checks of the configuration.

Examples:
  rockpool check --installation local
  rockpool check --installation local --grep refund
  rockpool check checks/ordering.check.ts --installation local --reporter junit > report.xml
  rockpool check import --help`,
    )
    .action(
      action(async (files: string[], flags: CheckFlags): Promise<ExitCode> => {
        const [checks, { parseDuration, systemClock, problem }] = await Promise.all([
          import('../checks/index.ts'),
          import('../kernel/index.ts'),
        ])
        const name = flags.reporter ?? (flags.json ? 'json' : 'list')
        if (!checks.reporterNames.includes(name)) {
          throw problem(
            'invalid_input',
            `there is no reporter “${name}”: it is one of ${checks.reporterNames.join(', ')}`,
          )
        }
        const { operations, config, control } = await reachControl(flags, { quiet: true })
        const { catalogue } = await checks.readCatalogue(config.services)
        const stop = new AbortController()
        for (const signal of ['SIGINT', 'SIGTERM'] as const)
          process.once(signal, () => stop.abort(new Error(signal)))
        const { exitCode } = await checks.executeChecks({
          control: checks.createRunControl(operations.call),
          files: files.length > 0 ? files : config.checks,
          folder: files.length > 0 ? process.cwd() : config.folder,
          catalogue,
          clock: systemClock,
          parent: flags.organization,
          grep: flags.grep,
          tags: flags.tag,
          reporters: [
            checks.createReporter(name, {
              stdout: process.stdout,
              stderr: process.stderr,
              environment: process.env,
              control,
            }),
          ],
          waitMs: parseDuration(flags.wait),
          signal: stop.signal,
        })
        return exitCode
      }),
    )
}

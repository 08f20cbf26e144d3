import { resolve } from 'node:path'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import { shown } from './terminal.ts'

interface InitFlags {
  contract?: string[]
  url?: string[]
  start?: string
  production?: string[] | false
  json?: boolean
}

export const initCommand: AddCommand = (program, { terminal, action }) => {
  program
    .command('init [folder]')
    .description(
      'Write a configuration and one check that runs unedited, for the OpenAPI documents of a folder. Never writes over anything.',
    )
    .option('--contract <file...>', 'these documents, instead of those that are found')
    .option('--url <url...>', 'where the API runs, where its document does not say; of several: <name>=<url>')
    .option('--start <script>', 'it is started here, by this script of package.json')
    .option('--production <host...>', 'these hosts are production; nothing is assumed')
    .option('--no-production', 'none of the hosts is production')
    .option('--json', 'one JSON object, for machines')
    .addHelpText(
      'after',
      `
Asks on the terminal what it has to know: where an API runs, and which hosts are production, typed out. Run it again at any
time: it says what it kept, and what it would have written.

Examples:
  rockpool init
  rockpool init --production api.example.test
  rockpool init ~/things --url http://127.0.0.1:3000 --no-production`,
    )
    .action(
      action(async (folder: string | undefined, flags: InitFlags): Promise<ExitCode> => {
        const [{ initialize }, { ask, canAsk }, { shellWord }] = await Promise.all([
          import('./adopt/init.ts'),
          import('./prompt.ts'),
          import('./installation.ts'),
        ])
        const say = (line: string) => void (flags.json || terminal.print(shown(line)))
        const result = await initialize({
          ...flags,
          contract: flags.contract?.map((file) => resolve(file)),
          folder: resolve(folder ?? '.'),
          ask: canAsk() && !flags.json ? (question) => ask(shown(question)) : null,
          say,
        })
        if (flags.json) terminal.print(JSON.stringify(result))
        else {
          const where = folder === undefined ? '' : ` --config ${shellWord(result.config)}`
          say('')
          say(`Next: rockpool up --installation local --once${where}`)
          say('      starts everything, runs the check once, and stops. Without --once it stays.')
        }
        return 0
      }),
    )
}

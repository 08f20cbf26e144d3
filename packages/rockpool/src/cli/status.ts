import { onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { shown } from './terminal.ts'

export const statusCommand: AddCommand = (program, { terminal, action }) => {
  onInstallation(program.command('status'))
    .description('Answer the four questions, with evidence. Exit code: 0 all yes, 1 a no, 2 cannot tell.')
    .addHelpText('after', '\nExample:\n  rockpool status --installation local')
    .action(
      action(async (flags: InstallationOptions & { json?: boolean }): Promise<ExitCode> => {
        const [{ client }, { statusLines }] = await Promise.all([
          reachControl(flags),
          import('../api/light.ts'),
        ])
        const { answers } = await client.call('GET /status', {})
        if (flags.json) for (const answer of answers) terminal.print(JSON.stringify(answer))
        else for (const line of statusLines(answers)) terminal.printFolded(shown(line), 45)
        if (answers.some(({ answer }) => answer === 'no')) return 1
        return answers.every(({ answer }) => answer === 'yes') ? 0 : 2
      }),
    )
}

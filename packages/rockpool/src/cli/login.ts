import { onInstallation } from './command.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'

interface LoginFlags extends InstallationOptions {
  organization?: string
  email?: string
  hours?: string
  browser?: boolean
  json?: boolean
}

export const loginCommand: AddCommand = (program, { terminal, action }) => {
  onInstallation(program.command('login'))
    .description('Sign in: for the other commands (kept in a file), or a browser (--browser prints a link).')
    .option('--browser', 'print a link that signs a browser in: it works once, for 10 minutes')
    .option(
      '--organization <slug>',
      'with --email: for a member of this organization, with the scopes of the member’s role',
    )
    .option('--email <address>', 'the member’s address')
    .option('--hours <n>', 'until it ends, at most 720; default 12, of a browser 168')
    .addHelpText(
      'after',
      `
An installation that “rockpool up” serves on this machine knows you by its data folder. Any other asks for an
administrator’s control credential on standard input, so that it stands in no shell history.

Examples:
  rockpool login --installation local
  rockpool login --installation local --browser
  rockpool login --installation local --browser --organization harbor --email mia@example.com
  rockpool login --installation production --organization harbor --email mia@example.com < admin.credential`,
    )
    .action(
      action(async (flags: LoginFlags): Promise<ExitCode> => {
        const [
          { createAsk, createControlClient },
          { openInstallation, startedBy },
          { keepCredential, ownerCredential },
          { problem },
        ] = await Promise.all([
          import('../api/light.ts'),
          import('./installation.ts'),
          import('./sign-in.ts'),
          import('../kernel/index.ts'),
        ])
        const hours = Number(flags.hours ?? (flags.browser ? 168 : 12))
        if (!(hours > 0 && hours <= 720)) {
          throw problem('invalid_input', `--hours is more than 0 and at most 720, not “${flags.hours}”`)
        }
        const installation = await openInstallation(flags)
        const shown = installation.folder ? await ownerCredential(installation.folder) : await standardInput()
        const client = createControlClient(
          createAsk({
            url: installation.control,
            credential: shown,
            startedBy: startedBy(installation),
          }),
        )
        const body = {
          hours,
          ...(flags.organization ? { organization: flags.organization } : {}),
          ...(flags.email ? { email: flags.email } : {}),
        }
        if (flags.browser) {
          const link = await client.call('POST /sign-in-links', { body })
          if (flags.json) terminal.print(JSON.stringify(link))
          else {
            terminal.print(link.url)
            terminal.note(`works once, until ${link.endsAt}`)
          }
          return 0
        }
        const { credential, text } = await client.call('POST /login', { body })
        const file = await keepCredential(installation, text)
        if (flags.json)
          terminal.print(
            JSON.stringify({
              credential: credential.id,
              scopes: credential.scopes,
              endsAt: credential.endsAt,
              file,
            }),
          )
        else
          terminal.printFolded(
            `signed in to “${installation.name}” until ${credential.endsAt} (${credential.scopes.join(', ')}); kept in ${file}`,
            2,
          )
        return 0
      }),
    )
}

async function standardInput(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('control credential of an administrator, then Ctrl-D: ')
  let text = ''
  for await (const chunk of process.stdin) {
    text += String(chunk)
    if (text.length > 4_096) break
  }
  return text.trim()
}

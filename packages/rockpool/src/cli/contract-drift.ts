import { onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import { storedNamed } from './contract-stored.ts'
import type { ExitCode } from './failure.ts'
import { message } from './failure.ts'
import type { InstallationOptions } from './installation.ts'

type Flags = InstallationOptions & { json?: boolean; patch?: boolean; all?: boolean }

/** More than this is read by nobody at a terminal; programs get all. */
const mostTold = 200

export const contractDriftCommand: AddCommand = (contract, { terminal, action }) => {
  onInstallation(contract.command('drift <service>'))
    .description(
      'Tell in what the contract of a service and its traffic of 90 days are not one: what the gateway saw and the contract does not say. Exit code: 0 nothing, 1 something.',
    )
    .option('--patch', 'print what mends the files, as one unified diff, for git apply or patch -p1')
    .option('--all', 'also what is declared and was never seen, and every finding')
    .addHelpText(
      'after',
      `
It is held against what runs in production; another version is named as everywhere: <service>@<version>.

Examples:
  rockpool contract drift orders --installation local
  rockpool contract drift orders --installation local --patch | git apply --directory contracts`,
    )
    .action(
      action(async (named: string, flags: Flags): Promise<ExitCode> => {
        const { client } = await reachControl(flags)
        const { service, version } = storedNamed(named.includes('@') ? named : `${named}@production`)
        const asked = { params: { service }, query: { version } }
        const { findings, patches } = await client.call('GET /contracts/{service}/drift', asked, {
          timeoutMs: 120_000,
        })
        const warnings = findings.filter(({ level }) => level === 'warning')
        const exit = warnings.length > 0 ? 1 : 0
        if (flags.patch) {
          // As it is: whatever applies it has to read it.
          for (const { diff } of patches) if (diff !== null) terminal.print(diff.trimEnd())
          const unpatched = warnings.flatMap((each) => (each.unpatched === null ? [] : [sentenceOf(each)]))
          if (unpatched.length > 0)
            terminal.note(`for ${unpatched.length} of ${warnings.length} nothing is proposed`)
          for (const line of unpatched.slice(0, mostTold)) terminal.note(message(line))
          if (unpatched.length > mostTold) terminal.note(`and ${unpatched.length - mostTold} more: --json`)
          return exit
        }
        if (flags.json) for (const finding of findings) terminal.print(JSON.stringify(finding))
        else {
          const told = flags.all ? findings : warnings.slice(0, mostTold)
          for (const finding of told) for (const line of linesOf(finding)) terminal.print(message(line))
          if (told.length < findings.length)
            terminal.note(`${findings.length - told.length} more, most of them never seen: --all`)
          if (warnings.length === 0) terminal.print('ok   nothing was seen that the contract does not say')
        }
        return exit
      }),
    )
}

interface Told {
  level: string
  message: string
  place: string
  file: string | null
  line: number | null
  times: number
  calls: number
  organizations: number
  since: string
  lastSeen: string | null
  operations: string[]
  unpatched: string | null
}

const sentenceOf = ({ place, unpatched }: Pick<Told, 'place' | 'unpatched'>) => `${place}: ${unpatched}`

/** Names in it are foreign text. */
function linesOf({ level, place, file, line, operations, ...seen }: Told): string[] {
  const indent = '     '
  const many = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`
  const howOften =
    seen.lastSeen === null
      ? `watched since ${seen.since}`
      : `${many(seen.times, 'time')} in ${many(seen.calls, 'call')} of ${many(seen.organizations, 'organization')}, since ${seen.since}, last ${seen.lastSeen.slice(0, 10)}`
  return [
    `${level === 'warning' ? '??' : '  '}   ${place}: ${seen.message}`,
    ...(file === null ? [] : [`${indent}${file}${line === null ? '' : `:${line}`}`]),
    `${indent}${operations.join(', ')}`,
    `${indent}${howOften}`,
    ...(seen.unpatched === null ? [] : [`${indent}no patch: ${seen.unpatched}`]),
  ]
}

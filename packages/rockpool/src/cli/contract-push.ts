import type { Answer } from '@rockpool/client/control'
import { Problem, problem } from '../kernel/index.ts'
import type { Finding } from '../kernel/index.ts'
import { onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import { message } from './failure.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { shown } from './terminal.ts'
import type { Terminal } from './terminal.ts'

interface Flags extends InstallationOptions {
  service: string
  version?: string
  revision?: string
  branch?: string
  until?: string
  note?: string
  dryRun?: boolean
  json?: boolean
}

export const contractPushCommand: AddCommand = (contract, { terminal, action }) => {
  onInstallation(contract.command('push <file>'))
    .description(
      'Keep a contract as a version of its service, for ever. What breaks callers of what runs in production is refused, unless the major version rises or each difference is approved. Exit code: 0 it is kept, 1 it is refused.',
    )
    .requiredOption('--service <name>', 'whose contract it is')
    .option('--version <version>', 'its name, a semantic version; otherwise info.version')
    .option('--revision <revision>', 'its name, a git revision')
    .option('--branch <name>', 'a name that moves and ends; what is on a branch is not judged')
    .option('--until <date>', 'the end of the branch, such as 2026-12-31; otherwise in 30 days')
    .option('--note <text>', 'for people who read the history')
    .option('--dry-run', 'say what would be, and keep nothing')
    .addHelpText(
      'after',
      `
Examples:
  rockpool contract push contracts/orders.yaml --service orders --installation local
  rockpool contract push openapi.json --service orders --revision "$(git rev-parse HEAD)" --installation local
  rockpool contract push openapi.json --service orders --branch feature/x --until 2026-12-31 --installation local`,
    )
    .action(
      action(async (file: string, flags: Flags): Promise<ExitCode> => {
        const { service, version, revision, branch, note } = flags
        const until = flags.until === undefined ? undefined : timeOf(flags.until)
        const body = await bundleIn(file)
        const { client } = await reachControl(flags)
        const query = { version, revision, branch, until, note, dryRun: flags.dryRun ? 'true' : 'false' }
        try {
          const result = await client.call(
            'POST /contracts/{service}/versions',
            { params: { service }, query, body },
            { timeoutMs: 180_000 },
          )
          if (flags.json) terminal.print(JSON.stringify(result))
          else if (result.refusal !== null) refuse(terminal, result.refusal)
          else for (const line of resultLines(result, service, terminal)) terminal.print(line)
          return result.refusal === null ? 0 : 1
        } catch (error) {
          if (!(error instanceof Problem) || error.code !== 'contract_breaks') throw error
          if (flags.json) terminal.print(JSON.stringify({ problem: error.toJSON() }))
          else refuse(terminal, error)
          return 1
        }
      }),
    )
}

/** The contract in a file as it is sent. @throws Problem `invalid_input` with all findings, `body_too_large` */
async function bundleIn(file: string): Promise<Blob> {
  const [{ loadBundle }, { mostBytes }] = await Promise.all([
    import('../contracts/index.ts'),
    import('../kernel/index.ts'),
  ])
  const loaded = await loadBundle(file)
  if (!loaded.ok)
    throw problem('invalid_input', `${shown(file)} cannot be used`, { findings: loaded.findings })
  const bytes = new Blob([JSON.stringify(loaded.bundle)], { type: 'application/json' })
  if (bytes.size <= mostBytes) return bytes
  const most = mostBytes / 1024 / 1024
  throw problem('body_too_large', `${shown(file)}, with all that it leads to, is larger than ${most} MB`)
}

/** A day ends in UTC. */
function timeOf(text: string): string {
  const time = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T23:59:59Z` : text)
  if (/^\d{4}-\d\d-\d\d(T|$)/.test(text) && !Number.isNaN(time.getTime())) return time.toISOString()
  throw problem('invalid_input', `--until “${shown(text)}” is no date: write 2026-12-31`)
}

function resultLines(
  result: Answer<'POST /contracts/{service}/versions'>,
  service: string,
  { mark }: Terminal,
): string[] {
  const { version, isNew, comparedWith, counts, breaks } = result
  const named =
    version && (version.name ?? (version.branch === null ? version.address : `branch:${version.branch}`))
  const what =
    version === null
      ? 'it would be kept: nothing of it is refused'
      : `${service}@${shown(named!)} ${isNew ? 'is kept' : 'is there already'}, as ${version.address.slice(0, 19)}`
  const bases = comparedWith.map(({ name, because }) => {
    return `${service}@${shown(name)}${because === 'production' ? ', which runs in production' : ''}`
  })
  const all = Object.entries(counts).map(([weight, count]) => `${count} ${weight}`)
  const differences = all.length === 0 ? 'no differences' : all.join(', ')
  const approved = breaks.filter(({ approval }) => approval !== null).length
  return [
    `${mark.pass} ${what}`,
    ...(bases.length === 0 ? [] : [`     compared with ${bases.join(' and ')}: ${differences}`]),
    ...(approved === 0 ? [] : [`     ${approved} of them approved, though they break callers`]),
  ]
}

/** Names in contracts are foreign text. */
function refuse(
  { print, mark }: Terminal,
  { detail, findings }: { detail: string; findings: readonly Finding[] },
): void {
  print(`${mark.fail} ${message(detail)}`)
  for (const { path, message: text, file, line } of findings) {
    const [sentence = '', ...more] = text.split('\n')
    print(`     ${shown(path)}: ${shown(sentence)}`)
    if (file !== undefined) print(`       ${shown(file)}${line === undefined ? '' : `:${line}`}`)
    for (const each of more) print(`       ${shown(each)}`)
  }
}

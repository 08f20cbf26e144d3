import { problem } from '../kernel/index.ts'
import type { LintFinding } from '../contracts/index.ts'
import type { AddCommand } from './command.ts'
import { documentsLoader, refuseToMend, readsContract } from './contract-file.ts'
import type { ReadFlags } from './contract-file.ts'
import { findingsOf } from './contract-findings.ts'
import type { ExitCode } from './failure.ts'
import { message } from './failure.ts'
import { shown } from './terminal.ts'
import type { Terminal } from './terminal.ts'

interface Flags extends ReadFlags {
  all?: boolean
  json?: boolean
  rules?: string
  fix?: boolean
  dryRun?: boolean
  maxWarnings?: string
}

export const contractLintCommand: AddCommand = (contract, { terminal, action }) => {
  readsContract(contract.command('lint <file>'))
    .description(
      'Read a contract, and tell what is wrong with it, each finding with its file, line, place and rule. Exit code: 0 there is no error (there may be warnings), 1 there is, or there are more warnings than --max-warnings.',
    )
    .option('--all', 'every finding by itself; otherwise those that say the same are told once')
    .option('--json', 'one JSON object per line, for machines: the findings, and at the end the contract')
    .option('--rules <file>', 'the settings; otherwise the nearest rockpool.lint.yaml above the contract')
    .option('--fix', 'mend what can be mended without changing what the contract promises')
    .option('--dry-run', 'with --fix: write nothing, print the difference')
    .option('--max-warnings <n>', 'exit code 1 when there are more')
    .addHelpText(
      'after',
      `
A file may lead to others (“$ref”) that lie below its own folder, or below the working directory. From the network
only what --allow-remote names is fetched. docs/contract-rules.md has all rules.

Examples:
  rockpool contract lint contracts/orders.yaml
  rockpool contract lint api.json --json
  rockpool contract lint api.json --allow-remote https://app.apibuilder.io
  rockpool contract lint contracts/orders.yaml --fix --dry-run
  rockpool contract lint contracts/orders.yaml --max-warnings 0`,
    )
    .action(action((file: string, flags: Flags) => lint(file, flags, terminal)))
}

async function lint(file: string, flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const most = mostWarnings(flags)
  if (flags.dryRun && !flags.fix) throw problem('invalid_input', '--dry-run goes with --fix')
  const { fixDocuments, lintDocuments, loadSettings } = await import('../contracts/index.ts')
  const read = await loadSettings(file, flags.rules)
  if (!read.ok)
    throw problem('invalid_input', 'the settings of lint cannot be used', { findings: read.findings })
  if (flags.fix) await refuseToMend(file)
  const load = await documentsLoader(flags)
  const documents = await load(file)
  const fixed = flags.fix ? fixDocuments(documents, read.settings) : undefined
  if (fixed !== undefined) {
    const { writeFixed } = await import('./contract-fixes.ts')
    await writeFixed(fixed, flags, terminal)
  }
  const { reading, findings } = await lintDocuments(fixed?.documents ?? documents, read.settings)
  if (flags.json) for (const finding of findings) terminal.print(JSON.stringify(finding))
  else for (const line of findingsOf(findings, terminal, flags)) terminal.print(line)
  const { errors, warnings } = counted(findings)
  const isGood = errors === 0 && warnings <= most
  if (!reading.ok) {
    if (!flags.json) terminal.print(`${terminal.mark.fail} ${shown(file)} cannot be used`)
    return 1
  }
  const { contract, format } = reading
  const { title, version } = contract
  const counts = { operations: contract.operations.length, schemas: contract.schemas.size }
  if (flags.json) terminal.print(JSON.stringify({ title, version, format, ...counts, errors, warnings }))
  else {
    const sign = isGood ? terminal.mark.pass : terminal.mark.fail
    const all = `${counts.operations} operations, ${counts.schemas} schemas, ${many(errors, 'error')}, ${many(warnings, 'warning')}`
    terminal.print(`${sign} ${shown(title)} ${shown(version)} (${format}): ${message(all)}`)
  }
  return isGood ? 0 : 1
}

function mostWarnings({ maxWarnings }: Flags): number {
  if (maxWarnings === undefined) return Infinity
  if (/^\d{1,9}$/.test(maxWarnings)) return Number(maxWarnings)
  throw problem('invalid_input', `--max-warnings “${shown(maxWarnings)}” must be a whole number from 0 on`)
}

function counted(findings: readonly LintFinding[]): { errors: number; warnings: number } {
  const errors = findings.filter(({ level }) => level === 'error').length
  return { errors, warnings: findings.length - errors }
}

const many = (count: number, what: string) => `${count === 0 ? 'no' : count} ${what}${count === 1 ? '' : 's'}`

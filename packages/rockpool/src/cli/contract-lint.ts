import type { AddCommand } from './command.ts'
import { contractLoader, readsContract } from './contract-file.ts'
import type { ReadFlags } from './contract-file.ts'
import { findingsOf } from './contract-findings.ts'
import type { ExitCode } from './failure.ts'
import { shown } from './terminal.ts'

export const contractLintCommand: AddCommand = (contract, { terminal, action }) => {
  readsContract(contract.command('lint <file>'))
    .description(
      'Read a contract, and tell what is wrong with it, each finding with its file, line and place. Exit code: 0 it can be used (there may be warnings), 1 it cannot.',
    )
    .option('--all', 'every finding by itself; otherwise those that say the same are told once')
    .option('--json', 'one JSON object per line, for machines: the findings, and at the end the contract')
    .addHelpText(
      'after',
      `
A file may lead to others (“$ref”) that lie below its own folder, or below the working directory. From the network
only what --allow-remote names is fetched.

Examples:
  rockpool contract lint contracts/orders.yaml
  rockpool contract lint api.json --json
  rockpool contract lint api.json --allow-remote https://app.apibuilder.io`,
    )
    .action(
      action(
        async (file: string, flags: ReadFlags & { all?: boolean; json?: boolean }): Promise<ExitCode> => {
          const load = await contractLoader(flags)
          const reading = await load(file)
          if (flags.json) for (const finding of reading.findings) terminal.print(JSON.stringify(finding))
          else for (const line of findingsOf(reading.findings, terminal, flags)) terminal.print(line)
          if (!reading.ok) {
            if (!flags.json) terminal.print(`${terminal.mark.fail} ${shown(file)} cannot be used`)
            return 1
          }
          const { contract, format } = reading
          const { title, version } = contract
          const counts = { operations: contract.operations.length, schemas: contract.schemas.size }
          if (flags.json) terminal.print(JSON.stringify({ title, version, format, ...counts }))
          else
            terminal.print(
              `${terminal.mark.pass} ${shown(title)} ${shown(version)} (${format}): ${counts.operations} operations, ${counts.schemas} schemas`,
            )
          return 0
        },
      ),
    )
}

import { stringify } from 'yaml'
import { problem } from '../kernel/index.ts'
import type { AddCommand } from './command.ts'
import { readsContract, usableContract, writeOut } from './contract-file.ts'
import type { ReadFlags } from './contract-file.ts'
import type { ExitCode } from './failure.ts'

interface Flags extends ReadFlags {
  format: string
  out?: string
}

export const contractConvertCommand: AddCommand = (contract, { terminal, action }) => {
  readsContract(contract.command('convert <file>'))
    .description(
      'Write a contract as OpenAPI 3.1, in one document: references to other files followed, older words replaced. Reading that again gives the same contract.',
    )
    .option('--format <format>', 'json or yaml', 'yaml')
    .option('--out <file>', 'where to; otherwise it is printed')
    .addHelpText(
      'after',
      `
Examples:
  rockpool contract convert swagger.json > openapi.yaml
  rockpool contract convert api.json --format json --out openapi.json`,
    )
    .action(
      action(async (file: string, { format, out, ...flags }: Flags): Promise<ExitCode> => {
        if (format !== 'json' && format !== 'yaml')
          throw problem('invalid_input', '--format must be json or yaml')
        const { toOpenApi } = await import('../contracts/index.ts')
        const reading = await usableContract(file, flags)
        const document = toOpenApi(reading.contract)
        const text =
          format === 'json'
            ? `${JSON.stringify(document, null, 2)}\n`
            : stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 })
        await writeOut(text, out, terminal)
        const warnings = reading.findings.length
        if (warnings > 0)
          terminal.note(
            `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}: rockpool contract lint ${file}`,
          )
        return 0
      }),
    )
}

import { writeFile } from 'node:fs/promises'
import { problem } from '../kernel/index.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'

export const contractTypesCommand: AddCommand = (contract, { terminal, action }) => {
  contract
    .command('types <file>')
    .description(
      'Write the TypeScript types of a contract: paths, operations and schemas, named as openapi-fetch wants them.',
    )
    .option('--out <file>', 'where to; otherwise they are printed')
    .addHelpText(
      'after',
      `
Examples:
  rockpool contract types contracts/orders.yaml --out src/orders.d.ts
  rockpool contract types openapi.json | head`,
    )
    .action(
      action(async (file: string, { out }: { out?: string }): Promise<ExitCode> => {
        const { emitTypes, loadContract } = await import('../contracts/index.ts')
        const reading = await loadContract(file)
        if (!reading.ok)
          throw problem('invalid_input', `${file} cannot be used`, { findings: reading.findings })
        const text = emitTypes(reading.contract)
        if (out === undefined) terminal.print(text.trimEnd())
        else await writeFile(out, text)
        return 0
      }),
    )
}

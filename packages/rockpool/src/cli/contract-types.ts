import type { AddCommand } from './command.ts'
import { usableContract, writeOut } from './contract-file.ts'
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
        const { emitTypes } = await import('../contracts/index.ts')
        const reading = await usableContract(file)
        const text = emitTypes(reading.contract)
        await writeOut(text, out, terminal)
        return 0
      }),
    )
}

import { basename } from 'node:path'
import { problem } from '../kernel/index.ts'
import type { AddCommand } from './command.ts'
import { readsContract, usableContract } from './contract-file.ts'
import type { ReadFlags } from './contract-file.ts'
import type { ExitCode } from './failure.ts'
import { writeOrCheck } from './generated-files.ts'
import { shown } from './terminal.ts'

interface Flags extends ReadFlags {
  out: string
  name?: string
  imports: string
  check?: boolean
}

const extensions = { ts: '.ts', js: '.js', none: '' } as const

export const contractClientCommand: AddCommand = (contract, { terminal, action }) => {
  readsContract(contract.command('client <file>'))
    .description(
      'Write a TypeScript client of a contract: its types, its operations as methods on @rockpool/client, and a mock of the same type for unit tests. The same contract gives the same text. Exit code with --check: 0 the files are as they would be written, 1 they are not.',
    )
    .requiredOption('--out <folder>', 'where to: types.ts, client.ts, mock.ts and contract.json')
    .option('--name <name>', 'what the client is of: “Pets” gives createPetsClient; otherwise the title')
    .option('--imports <extension>', 'how the files import each other: ts, js or none', 'ts')
    .option('--check', 'write nothing, and tell which files are not as they would be written')
    .addHelpText(
      'after',
      `
Examples:
  rockpool contract client contracts/orders.yaml --out src/orders
  rockpool contract client contracts/orders.yaml --out src/orders --check`,
    )
    .action(
      action(async (file: string, flags: Flags): Promise<ExitCode> => {
        const { out, name, imports, check } = flags
        if (!Object.hasOwn(extensions, imports))
          throw problem('invalid_input', `--imports “${shown(imports)}” is none of ts, js, none`)
        if (name !== undefined && !/[A-Za-z]/.test(name))
          throw problem('invalid_input', `--name “${shown(name)}” has no letter that can stand in a name`)
        const { emitClient } = await import('../contracts/index.ts')
        const reading = await usableContract(file, flags)
        const extension = extensions[imports as keyof typeof extensions]
        // What is written hangs on no folder, so that it can be checked from any.
        const command = `rockpool contract client ${basename(file)}${name === undefined ? '' : ` --name ${name}`}`
        const files = emitClient(reading.contract, { name, command, extension })
        return writeOrCheck(terminal, { folder: out, files, source: file, isCheck: check === true })
      }),
    )
}

import { basename } from 'node:path'
import type { toOpenApi } from '../contracts/index.ts'
import { parseDuration, problem } from '../kernel/index.ts'
import type { AddCommand } from './command.ts'
import { readsContract, usableContract } from './contract-file.ts'
import type { ReadFlags } from './contract-file.ts'
import type { ExitCode } from './failure.ts'
import { writeOrCheck } from './generated-files.ts'
import { shown } from './terminal.ts'
import type { Terminal } from './terminal.ts'

interface Flags extends ReadFlags {
  out: string
  name?: string
  imports: string
  check?: boolean
  generatorCommand?: string
  generatorUrl?: string
  generatorTimeout: string
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
    .option(
      '--generator-command <command>',
      'run another generator: {input} is the contract as OpenAPI 3.1 (also on its standard input), {output} the folder',
    )
    .option(
      '--generator-url <https://…>',
      'ask another generator: POST of the same, answered by { files: { path: text } }',
    )
    .option('--generator-timeout <duration>', 'how long another generator may take', '5m')
    .addHelpText(
      'after',
      `
Examples:
  rockpool contract client contracts/orders.yaml --out src/orders
  rockpool contract client contracts/orders.yaml --out src/orders --check
  rockpool contract client contracts/orders.yaml --out clients/go --generator-command 'oapi-codegen -package orders -o {output}/orders.go {input}'`,
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
        if (flags.generatorCommand !== undefined || flags.generatorUrl !== undefined)
          return generateElsewhere(terminal, file, reading.contract, flags)
        const extension = extensions[imports as keyof typeof extensions]
        // What is written hangs on no folder, so that it can be checked from any.
        const command = `rockpool contract client ${basename(file)}${name === undefined ? '' : ` --name ${name}`}`
        const files = emitClient(reading.contract, { name, command, extension })
        return writeOrCheck(terminal, { folder: out, files, source: file, isCheck: check === true })
      }),
    )
}

async function generateElsewhere(
  terminal: Terminal,
  file: string,
  contract: Parameters<typeof toOpenApi>[0],
  { generatorCommand, generatorUrl, generatorTimeout, out, name, check }: Flags,
): Promise<ExitCode> {
  if (generatorCommand !== undefined && generatorUrl !== undefined)
    throw problem('invalid_input', 'give --generator-command or --generator-url, not both')
  if (name !== undefined || (check === true && generatorCommand !== undefined))
    throw problem('invalid_input', '--name, and --check with a command, are not for another generator')
  const { askGenerator, runGenerator, toOpenApi } = await import('../contracts/index.ts')
  const timeoutMs = parseDuration(generatorTimeout)
  const document = JSON.stringify(toOpenApi(contract))
  if (generatorCommand !== undefined) {
    await runGenerator(generatorCommand, { document, folder: out, timeoutMs })
    terminal.print(`${terminal.mark.pass} ${shown(out)}: as the generator wrote it`)
    return 0
  }
  const files = await askGenerator(generatorUrl!, { document, timeoutMs })
  return writeOrCheck(terminal, { folder: out, files, source: file, isCheck: check === true })
}

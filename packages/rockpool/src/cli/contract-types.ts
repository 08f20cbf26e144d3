import { problem } from '../kernel/index.ts'
import type { AddCommand } from './command.ts'
import { readsContract, usableContract, writeOut } from './contract-file.ts'
import type { ReadFlags } from './contract-file.ts'
import type { ExitCode } from './failure.ts'
import { writeOrCheck } from './generated-files.ts'

interface Flags extends ReadFlags {
  out?: string
  checks?: boolean
  check?: boolean
}

export const contractTypesCommand: AddCommand = (contract, { terminal, action }) => {
  readsContract(contract.command('types [file]'))
    .description(
      'Write the TypeScript types of a contract: paths, operations and schemas, named as openapi-fetch wants them. With --checks: of all services of the configuration, so that “api” in checks knows them.',
    )
    .option('--out <path>', 'where to: a file, otherwise they are printed; with --checks a folder')
    .option('--checks', 'of all services of the configuration, and services.d.ts, which declares them')
    .option('--check', 'with --checks: write nothing, and tell which files are not as they would be written')
    .addHelpText(
      'after',
      `
Examples:
  rockpool contract types contracts/orders.yaml --out src/orders.d.ts
  rockpool contract types openapi.json | head
  rockpool contract types --checks --out checks/types`,
    )
    .action(
      action(async (file: string | undefined, flags: Flags): Promise<ExitCode> => {
        if (flags.checks) {
          if (file !== undefined || flags.out === undefined)
            throw problem('invalid_input', '--checks takes no file, and needs --out <folder>')
          return writeOrCheck(terminal, {
            folder: flags.out,
            files: await checkTypes(flags.config),
            source: 'the configuration',
            isCheck: flags.check === true,
          })
        }
        if (file === undefined) throw problem('invalid_input', 'name a contract, or --checks')
        if (flags.check === true) throw problem('invalid_input', '--check goes with --checks')
        const { emitTypes } = await import('../contracts/index.ts')
        const reading = await usableContract(file, flags)
        const text = emitTypes(reading.contract)
        await writeOut(text, flags.out, terminal)
        return 0
      }),
    )
}

async function checkTypes(given: string | undefined): Promise<Map<string, string>> {
  const [{ emitCheckTypes }, { findConfig }, { loadConfig }] = await Promise.all([
    import('../contracts/index.ts'),
    import('./installation.ts'),
    import('../kernel/index.ts'),
  ])
  const { services } = await loadConfig(await findConfig(given))
  const readings = await Promise.all(
    Object.entries(services).map(
      async ([name, service]) => [name, await usableContract(service.contract, { allowRemote: [] })] as const,
    ),
  )
  return emitCheckTypes(new Map(readings.map(([name, { contract }]) => [name, contract])))
}

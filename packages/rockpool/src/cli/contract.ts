import type { AddCommand } from './command.ts'
import { contractClientCommand } from './contract-client.ts'
import { contractConvertCommand } from './contract-convert.ts'
import { contractDiffCommand } from './contract-diff.ts'
import { contractLintCommand } from './contract-lint.ts'
import { contractMockCommand } from './contract-mock.ts'
import { contractTypesCommand } from './contract-types.ts'

export const contractCommand: AddCommand = (program, context) => {
  const contract = program
    .command('contract')
    .description(
      'Read contracts: OpenAPI 3.0, 3.1 and 3.2, Swagger 2.0, and what API Builder reads and writes; JSON or YAML, in one file or many.',
    )
  for (const add of [
    contractLintCommand,
    contractDiffCommand,
    contractMockCommand,
    contractTypesCommand,
    contractClientCommand,
    contractConvertCommand,
  ])
    add(contract, context)
}

import type { AddCommand } from './command.ts'
import { contractApproveCommands } from './contract-approve.ts'
import { contractClientCommand } from './contract-client.ts'
import { contractConvertCommand } from './contract-convert.ts'
import { contractDiffCommand } from './contract-diff.ts'
import { contractDriftCommand } from './contract-drift.ts'
import { contractLintCommand } from './contract-lint.ts'
import { contractListCommands } from './contract-list.ts'
import { contractMockCommand } from './contract-mock.ts'
import { contractNoticesCommand } from './contract-notices.ts'
import { contractPullCommand } from './contract-pull.ts'
import { contractPushCommand } from './contract-push.ts'
import { contractTypesCommand } from './contract-types.ts'
import { contractWatchCommands } from './contract-watch.ts'

export const contractCommand: AddCommand = (program, context) => {
  const contract = program
    .command('contract')
    .description(
      'Read contracts (OpenAPI 3.0, 3.1 and 3.2, Swagger 2.0, and what API Builder reads and writes; JSON or YAML, in one file or many), and keep their versions in an installation. Where a command takes a file, it takes <service>@<version>, too.',
    )
  for (const add of [
    contractLintCommand,
    contractDiffCommand,
    contractMockCommand,
    contractTypesCommand,
    contractClientCommand,
    contractConvertCommand,
    contractPushCommand,
    contractPullCommand,
    contractListCommands,
    contractApproveCommands,
    contractDriftCommand,
    contractWatchCommands,
    contractNoticesCommand,
  ])
    add(contract, context)
}

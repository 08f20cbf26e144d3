import { problem } from '../kernel/index.ts'
import { namingInstallation } from './command.ts'
import type { AddCommand } from './command.ts'
import { contractReading } from './contract-file.ts'
import type { ExitCode } from './failure.ts'
import { message } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { shown } from './terminal.ts'

interface Flags extends InstallationOptions {
  format: string
}

const formats = ['text', 'markdown', 'json']

export const contractDiffCommand: AddCommand = (contract, { terminal, action }) => {
  namingInstallation(contract.command('diff <before> <after>'))
    .description(
      'Tell how two versions of a contract differ, and whom that breaks: callers on the wire, code that was generated, or the meaning alone. Exit code: 0 nobody on the wire, 1 somebody.',
    )
    .option('--format <format>', 'text, markdown (for a pull request) or json', 'text')
    .addHelpText(
      'after',
      `
Examples:
  rockpool contract diff old.yaml contracts/orders.yaml
  rockpool contract diff swagger.json openapi.yaml --format markdown
  rockpool contract diff orders@production contracts/orders.yaml --installation local`,
    )
    .action(
      action(async (before: string, after: string, flags: Flags): Promise<ExitCode> => {
        const { format } = flags
        if (!formats.includes(format))
          throw problem('invalid_input', `--format “${shown(format)}” is none of ${formats.join(', ')}`)
        const contracts = await import('../contracts/index.ts')
        const [one, other] = await Promise.all([before, after].map((named) => contractReading(named, flags)))
        const refused = [one!, other!].flatMap((reading) => (reading.ok ? [] : reading.findings))
        if (!one!.ok || !other!.ok)
          throw problem('invalid_input', 'both must be contracts that can be used', { findings: refused })
        const { differencesOf, formatJson, formatMarkdown, formatText, noPolicy } = contracts
        const today = new Date().toISOString().slice(0, 10)
        const differences = differencesOf(one!.contract, other!.contract, { ...noPolicy, today })
        const write = format === 'json' ? formatJson : format === 'markdown' ? formatMarkdown : formatText
        const text = write(differences).trimEnd()
        // Names in documents are foreign text.
        terminal.print(
          format === 'text'
            ? text
                .split('\n')
                .map((line) => message(line))
                .join('\n')
            : text,
        )
        return differences.some(({ wire }) => wire === 'breaks') ? 1 : 0
      }),
    )
}

import { Option } from 'commander'
import type { Aspect, ContractReading } from '../contracts/index.ts'
import { problem } from '../kernel/index.ts'
import type { AddCommand } from './command.ts'
import { storedIn, weightsOf } from './contract-stored.ts'
import { contractLoader, readsContract } from './contract-file.ts'
import type { ReadFlags } from './contract-file.ts'
import type { ExitCode } from './failure.ts'
import { message } from './failure.ts'
import { shown } from './terminal.ts'

const formats = ['text', 'markdown', 'json']

/** More than this is read by nobody at a terminal; programs get all. */
const mostTold = 200

interface Flags extends ReadFlags {
  format: string
  only?: Aspect
  operation?: string
  all?: boolean
}

export const contractDiffCommand: AddCommand = (contract, { terminal, action }) => {
  readsContract(contract.command('diff <before> <after>'))
    .description(
      'Tell how two versions of a contract differ, and whom that breaks: callers on the wire, code that was generated, or the meaning alone. Where one of them is <service>@<version>, also whom each meets, as the gateway saw it. Exit code: 0 nobody on the wire, 1 somebody, whatever is asked for and told.',
    )
    .option('--format <format>', 'text, markdown (for a pull request) or json', 'text')
    .addOption(
      new Option(
        '--only <what>',
        'those that break (or may break) callers, that break generated code, or that change the meaning',
      ).choices(['breaks', 'code', 'meaning'] satisfies Aspect[]),
    )
    .option('--operation <id>', 'those that this operation meets, also by schemas')
    .option('--all', `every difference; otherwise the worst ${mostTold} are told, and the others counted`)
    .addHelpText(
      'after',
      `
Examples:
  rockpool contract diff old.yaml contracts/orders.yaml
  rockpool contract diff old.yaml contracts/orders.yaml --only breaks --operation placeOrder
  rockpool contract diff swagger.json openapi.yaml --format markdown
  rockpool contract diff orders@production contracts/orders.yaml --installation local`,
    )
    .action(
      action(async (before: string, after: string, flags: Flags): Promise<ExitCode> => {
        const { format, only, operation } = flags
        if (!formats.includes(format))
          throw problem('invalid_input', `--format “${shown(format)}” is none of ${formats.join(', ')}`)
        const contracts = await import('../contracts/index.ts')
        const load = await contractLoader(flags)
        const [one, other] = usable(await Promise.all([load(before), load(after)]))
        const operations =
          operation === undefined ? undefined : contracts.operationsOf(operation, one!, other!)
        if (operations?.length === 0)
          throw problem('invalid_input', `neither version has an operation “${shown(operation!)}”`)
        const today = new Date().toISOString().slice(0, 10)
        const all = contracts.differencesOf(one!, other!, { ...contracts.noPolicy, today })
        const asked = contracts.chooseDifferences(all, { only, operations })
        const most = flags.all ? Infinity : mostTold
        const service = ((await storedIn(before)) ?? (await storedIn(after)))?.service
        const traffic = service === undefined ? undefined : await weightsOf(service, asked, flags)
        const told = { most, traffic }
        if (format === 'json') terminal.print(contracts.formatJson(asked, told).trimEnd())
        else if (format === 'markdown') terminal.print(contracts.formatMarkdown(asked, told).trimEnd())
        // Names in documents are foreign text.
        else for (const line of linesOf(contracts.formatText(asked, told))) terminal.print(message(line))
        if (format === 'text' && asked.length > most) terminal.note('All of them: --all')
        if (format === 'text' && asked.length < all.length)
          terminal.note(`${all.length - asked.length} others are not asked for`)
        return all.some(({ wire }) => wire === 'breaks') ? 1 : 0
      }),
    )
}

function usable(readings: readonly ContractReading[]) {
  const contracts = readings.flatMap((reading) => (reading.ok ? [reading.contract] : []))
  if (contracts.length === readings.length) return contracts
  const findings = readings.flatMap((reading) => (reading.ok ? [] : reading.findings))
  throw problem('invalid_input', 'both must be contracts that can be used', { findings })
}

const linesOf = (text: string) => text.trimEnd().split('\n')

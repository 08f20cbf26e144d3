import { readFile } from 'node:fs/promises'
import type { Fault, ToldCall } from '../contracts/index.ts'
import { messageOf, problem } from '../kernel/index.ts'
import type { AddCommand } from './command.ts'
import { readsContract, usableContract } from './contract-file.ts'
import type { ReadFlags } from './contract-file.ts'
import type { ExitCode } from './failure.ts'
import { message } from './failure.ts'
import { shown } from './terminal.ts'
import type { Terminal } from './terminal.ts'

interface Flags extends ReadFlags {
  port: string
  seed: string
  stateless?: boolean
  latency?: string
  faults?: string
  callbacks: string[]
}

export const contractMockCommand: AddCommand = (contract, { terminal, action }) => {
  readsContract(contract.command('mock <file>'))
    .description(
      'Stand in for a service: answers as its contract says, on 127.0.0.1, until Ctrl-C. Requests are judged; every answer is valid; the same requests get the same answers.',
    )
    .option('--port <port>', 'where to; 0 is any that is free', '8490')
    .option('--seed <text>', 'another seed, other values', '')
    .option('--stateless', 'answer each request as if everything were there, and remember nothing')
    .option('--latency <ms>', 'how late answers come: 200; median and 99th percentile: 50,400; or “contract”')
    .option('--faults <file>', 'what goes wrong on purpose, as JSON: a file, or the text itself')
    .option(
      '--callbacks <origin>',
      'send callbacks and webhooks to this origin, such as http://127.0.0.1:9000; may be given several times. Nothing is sent elsewhere',
      (origin: string, others: string[]) => [...others, origin],
      [],
    )
    .addHelpText(
      'after',
      `
What is made by POST can be read, listed, changed and deleted; there is nothing in the beginning. Any answer that the contract
declares can be asked for: “Prefer: code=404”, “Prefer: example=<name>”, “Prefer: branch=<name>”; and how it comes: “Prefer: items=50”,
“Prefer: delay=300”, “Prefer: fault=reset”. What became of callbacks stands at /.rockpool/mock/calls; a webhook is sent by POST to
/.rockpool/mock/webhooks/<name>, with {"url": "http://127.0.0.1:9000/hook"}.

Examples:
  rockpool contract mock contracts/orders.yaml
  rockpool contract mock openapi.json --port 0 --seed friday
  rockpool contract mock openapi.json --latency 50,400 --faults '{"kind": "unavailable", "percent": 5}'
  rockpool contract mock openapi.json --callbacks http://127.0.0.1:9000
  curl -H 'Prefer: code=404' http://127.0.0.1:8490/things/1`,
    )
    .action(
      action(async (file: string, flags: Flags): Promise<ExitCode> => {
        const { port, seed, stateless, latency, faults } = flags
        if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
          throw problem('invalid_input', `--port “${shown(port)}” is no port: it is a number from 0 to 65535`)
        const { createMock, createMockCalls, readLatency, startMockServer } =
          await import('../contracts/index.ts')
        const origins = await originsOf(flags.callbacks)
        const reading = await usableContract(file, flags)
        const operationIds = reading.contract.operations.map(({ id }) => id)
        const mock = createMock(reading.contract, {
          seed,
          stateful: !stateless,
          latency: latency === undefined ? null : readLatency(latency),
          faults: faults === undefined ? [] : await faultsOf(faults, new Set(operationIds)),
        })
        const calls = createMockCalls({
          contract: reading.contract,
          seed,
          origins,
          tell: (told) => tellCall(told, terminal),
        })
        const server = await startMockServer(mock, { port: Number(port), calls }).catch((error: unknown) => {
          const detail =
            (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'it is taken' : message(String(error))
          throw problem('conflict', `port ${port} cannot be had: ${detail}`)
        })
        const { title, operations } = reading.contract
        terminal.print(
          `${terminal.mark.pass} ${shown(title)}: ${operations.length} operations at http://127.0.0.1:${server.port}`,
        )
        await new Promise((resolve) => {
          for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
        })
        await server.close()
        return 0
      }),
    )
}

/** @throws Problem `invalid_input`, with all findings */
async function originsOf(named: readonly string[]): Promise<Set<string>> {
  const { readOrigins } = await import('../contracts/index.ts')
  const { origins, findings } = readOrigins(named, '--callbacks')
  if (findings.length === 0) return origins
  throw problem('invalid_input', 'where callbacks may go is said by origins', { findings })
}

function tellCall({ operation, name, method, url, ...told }: ToldCall, { print, mark }: Terminal): void {
  const what = operation === null ? `webhook ${name}` : `${operation}, callback ${name}`
  const where = url === null ? '' : `: ${method} ${shown(url.slice(0, 200))}`
  const status =
    told.status === null ? [] : [told.declared ? `${told.status}` : `${told.status}, which is not declared`]
  const became = [...status, ...(told.reason === null ? [] : [told.reason])].join(', ')
  const isWell = told.declared === true && told.reason === null
  print(`${isWell ? mark.pass : mark.unsure} ${shown(what)}${where}: ${shown(became)}`)
}

/** Of a file, or of the text itself, which begins as JSON does. @throws Problem `invalid_input`, with all findings */
async function faultsOf(given: string, operations: ReadonlySet<string>): Promise<Fault[]> {
  const { readFaults } = await import('../contracts/index.ts')
  const isText = /^\s*[[{]/.test(given)
  const place = isText ? 'faults' : shown(given)
  let value: unknown
  try {
    value = JSON.parse(isText ? given : await readFile(given, 'utf8'))
  } catch (error) {
    throw problem('invalid_input', `--faults: ${place} cannot be read as JSON: ${shown(messageOf(error))}`)
  }
  const { faults, findings } = readFaults(value, operations)
  if (findings.length === 0) return faults
  throw problem('invalid_input', `--faults: ${place} cannot be used`, { findings })
}

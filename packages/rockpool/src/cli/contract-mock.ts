import { problem } from '../kernel/index.ts'
import type { AddCommand } from './command.ts'
import { readsContract, usableContract } from './contract-file.ts'
import type { ReadFlags } from './contract-file.ts'
import type { ExitCode } from './failure.ts'
import { message } from './failure.ts'
import { shown } from './terminal.ts'

interface Flags extends ReadFlags {
  port: string
  seed: string
  stateless?: boolean
}

export const contractMockCommand: AddCommand = (contract, { terminal, action }) => {
  readsContract(contract.command('mock <file>'))
    .description(
      'Stand in for a service: answers as its contract says, on 127.0.0.1, until Ctrl-C. Requests are judged; every answer is valid; the same requests get the same answers.',
    )
    .option('--port <port>', 'where to; 0 is any that is free', '8490')
    .option('--seed <text>', 'another seed, other values', '')
    .option('--stateless', 'answer each request as if everything were there, and remember nothing')
    .addHelpText(
      'after',
      `
What is made by POST can be read, listed, changed and deleted; there is nothing in the beginning. Any answer that the contract
declares can be asked for: “Prefer: code=404”, “Prefer: example=<name>”.

Examples:
  rockpool contract mock contracts/orders.yaml
  rockpool contract mock openapi.json --port 0 --seed friday
  curl -H 'Prefer: code=404' http://127.0.0.1:8490/things/1`,
    )
    .action(
      action(async (file: string, { port, seed, stateless, ...flags }: Flags): Promise<ExitCode> => {
        if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
          throw problem('invalid_input', `--port “${shown(port)}” is no port: it is a number from 0 to 65535`)
        const { createMock, startMockServer } = await import('../contracts/index.ts')
        const reading = await usableContract(file, flags)
        const mock = createMock(reading.contract, { seed, stateful: !stateless })
        const server = await startMockServer(mock, { port: Number(port) }).catch((error: unknown) => {
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

import { toOpenApi } from '../export/openapi.ts'
import { commentOf } from '../typescript/comments.ts'
import { emitTypes } from '../typescript/index.ts'
import type { Contract } from '../types.ts'
import { clientModule } from './client-module.ts'
import { mockModule } from './mock-module.ts'
import { pascalCase } from './names.ts'
import { clientOperations } from './operations.ts'

export interface EmitOptions {
  /** What the client is of, such as `Petshop`; otherwise the contract's title. */
  name?: string | undefined
  /** The command that makes it, for the head of each file. */
  command: string
  /** How the modules import each other: `.ts` where sources run as they are, `.js` where a compiler asks for that. */
  extension?: '.ts' | '.js' | ''
}

/** What the client of a contract is called: `createPetshopClient`. Pure. */
export const clientName = (contract: Pick<Contract, 'title'>, name?: string): string =>
  pascalCase(name ?? contract.title) || 'Api'

/**
 * A TypeScript client of a contract, as files by name: its types, its methods on `@rockpool/client`, a mock of the same type,
 * and the contract that this answers from. The same contract gives the same text. Pure.
 */
export function emitClient(
  contract: Contract,
  { name, command, extension = '.ts' }: EmitOptions,
): Map<string, string> {
  const head = commentOf(
    `${contract.title} ${contract.version}`,
    `Made by \`${command}\`: changes here are lost.`,
  )
  const options = { name: clientName(contract, name), head, extension }
  return new Map([
    ['types.ts', emitTypes(contract)],
    ['client.ts', clientModule(clientOperations(contract), options)],
    ['mock.ts', mockModule(options)],
    ['contract.json', `${JSON.stringify(toOpenApi(contract), null, 2)}\n`],
  ])
}

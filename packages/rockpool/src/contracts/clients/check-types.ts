import { commentOf } from '../typescript/comments.ts'
import { emitTypes } from '../typescript/index.ts'
import { keyOf, quoted } from '../typescript/names.ts'
import { allOperations } from '../typescript/operations.ts'
import { printComment } from '../typescript/print.ts'
import type { Contract } from '../types.ts'
import { camelCase } from './names.ts'

/**
 * Types for `api` in checks: a module for each service, and `services.d.ts`, which declares them all. The same contracts give the
 * same text. Pure.
 * @param services contracts by the names that the configuration gives the services
 */
export function emitCheckTypes(services: ReadonlyMap<string, Contract>): Map<string, string> {
  const named = [...services].map(([service, contract]) => ({
    service,
    contract,
    alias: `${camelCase(service)}Operations`,
  }))
  const imports = named.map(
    ({ service, alias }) => `import type { operations as ${alias} } from './${service}.d.ts'\n`,
  )
  const members = named.map(
    ({ service, contract, alias }) => `    ${keyOf(service)}: ServiceOf<${served(contract, alias)}>\n`,
  )
  const head = commentOf(
    'The services of the configuration, by their contracts.',
    'Made by `rockpool contract types --checks`: changes here are lost.',
  )
  const declaration = `${printComment(head, 0)}import type { ServiceOf } from 'rockpool'
${imports.join('')}
declare module 'rockpool' {
  interface Services {
${members.join('')}  }
}
`
  const files = named.map(({ service, contract }) => [`${service}.d.ts`, emitTypes(contract)] as const)
  return new Map([...files, ['services.d.ts', declaration]])
}

/** Without what the service calls itself: webhooks and callbacks. */
function served(contract: Contract, alias: string): string {
  const own = new Set(contract.operations.map(({ id }) => id))
  const others = allOperations(contract).filter(({ id }) => !own.has(id))
  return others.length === 0 ? alias : `Omit<${alias}, ${others.map(({ id }) => quoted(id)).join(' | ')}>`
}

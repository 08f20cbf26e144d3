import type { Contract } from '../types.ts'
import { commentOf, commentOfSchema } from './comments.ts'
import { isTypeName, keyOf, quoted } from './names.ts'
import { allOperations, operationMember, pathMembers, schemasOf } from './operations.ts'
import { print, printComment, printMember, width } from './print.ts'
import { SchemaTypes } from './schemas.ts'
import type { TypeOptions } from './schemas.ts'
import { member, never, object, record, word } from './type.ts'
import type { Member, Type } from './type.ts'

/**
 * The types of a contract as one TypeScript module, for `createClient<paths>()` of openapi-fetch: `paths`, `webhooks`,
 * `components` and `operations` are named and shaped as openapi-typescript 7 has them, and each schema whose name allows
 * it is a type of its own. The same contract gives the same text.
 */
export function emitTypes(contract: Contract, options: TypeOptions = {}): string {
  const operations = allOperations(contract)
  const types = new SchemaTypes(contract, operations.flatMap(schemasOf), options)
  const title = commentOf(
    `${contract.title} ${contract.version}`,
    'Made from the contract: changes here are lost.',
  )
  const declarations = [
    membersType('paths', pathMembers(contract.operations)),
    membersType('webhooks', pathMembers(contract.webhooks)),
    membersType('components', componentMembers(contract, types)),
    alias('$defs', record(never)),
    membersType(
      'operations',
      operations.map((each) => operationMember(each, (schema) => types.of(schema))),
    ),
    ...[...contract.schemas.keys()].flatMap((name) => schemaType(name, types)),
  ]
  return `${printComment(title, 0)}\n${declarations.join('\n')}`
}

/** An interface; without members a type that has none. */
function membersType(name: string, members: readonly Member[]): string {
  if (members.length === 0) return alias(name, record(never))
  return `export interface ${name} {\n${members.map((each) => printMember(each, 2)).join('')}}\n`
}

function componentMembers({ schemas }: Contract, types: SchemaTypes): Member[] {
  const members = [...schemas].map(([name, schema]) => {
    const own = types.aliasOf(name)
    const type = own === undefined ? types.definition(name) : word(own)
    return member(keyOf(name), type, commentOfSchema(schema))
  })
  // References to these are followed when a contract is read: none has a name in it.
  const others = ['responses', 'parameters', 'requestBodies', 'headers', 'pathItems']
  return [
    member('schemas', members.length === 0 ? never : object(members)),
    ...others.map((name) => member(name, never)),
  ]
}

function schemaType(name: string, types: SchemaTypes): string[] {
  const own = types.aliasOf(name)
  if (own !== undefined) return [alias(own, types.definition(name), own === name)]
  return isTypeName(name) ? [alias(name, word(`components['schemas'][${quoted(name)}]`))] : []
}

function alias(name: string, type: Type, isExported = true): string {
  const start = `${isExported ? 'export ' : ''}type ${name} =`
  const text = print(type, 0, start.length + 1)
  const isLong = type.kind === 'word' && start.length + 1 + text.length > width
  const gap = text.startsWith('\n') ? '' : isLong ? '\n  ' : ' '
  return `${start}${gap}${text}\n`
}

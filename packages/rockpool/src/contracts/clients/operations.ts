import type { OperationNote } from '@rockpool/client'
import { follow } from '../references.ts'
import type { Contract, Operation, Parameter } from '../types.ts'
import { camelCase, createNames } from './names.ts'
import { paginationOf } from './pages.ts'

/** An operation as a method of a client. */
export interface ClientOperation {
  operation: Operation
  /** `GET /pets/{pet}`. */
  route: string
  note: OperationNote & { group: string }
  /** Of the method. */
  name: string
}

/** What a client has itself, and what an object has that is not looked at twice. */
const members = (
  'environment request organization pages use eject GET PUT POST DELETE OPTIONS HEAD PATCH TRACE ' +
  'then toJSON constructor prototype toString valueOf __proto__'
).split(' ')

/** Where the contract names no group: operations without a tag. */
const untagged = 'api'

/** The operations of a contract as methods in groups, in its order, no two of a group with one name. Pure. */
export function clientOperations(contract: Contract): ClientOperation[] {
  const nameGroup = createNames(members)
  const groups = new Map<string, { name: string; nameMethod: (wanted: string) => string }>()
  return contract.operations.map((operation) => {
    const tag = operation.tags[0] ?? ''
    const wanted = camelCase(tag) || untagged
    const group = groups.get(wanted) ?? { name: nameGroup(wanted), nameMethod: createNames(members) }
    groups.set(wanted, group)
    const { id } = operation
    const name = group.nameMethod(camelCase(withoutTag(id, tag)) || camelCase(id) || 'call')
    const route = `${operation.method} ${operation.path}`
    return { operation, route, name, note: noteOf(contract, operation, group.name, name) }
  })
}

/** `pets.list` with the tag `pets` is `list` there. */
function withoutTag(id: string, tag: string): string {
  return tag !== '' && id.toLowerCase().startsWith(`${tag.toLowerCase()}.`) ? id.slice(tag.length + 1) : id
}

function noteOf(
  contract: Contract,
  operation: Operation,
  group: string,
  method: string,
): OperationNote & { group: string } {
  const { id, body, parameters } = operation
  const media = mediaOf((body?.content ?? []).map(({ name }) => name))
  const isNumbered = body?.content.some(({ encoding }) =>
    Object.values(encoding).some((one) => (one as { style?: string } | null)?.style === 'deepObject'),
  )
  const lists = listsOf(contract, parameters)
  const pages = paginationOf(contract, operation)
  return {
    id,
    group,
    ...(method === id ? {} : { method }),
    ...(media === null ? {} : { media }),
    ...(isNumbered ? { numbered: true as const } : {}),
    ...(parameters.some(isKey) ? { keyed: true as const } : {}),
    ...(Object.keys(lists).length === 0 ? {} : { lists }),
    ...(pages === null ? {} : { pages }),
  }
}

/** Null: it is JSON, as bodies are unless it is said. */
function mediaOf(names: readonly string[]): string | null {
  const json = names.find((name) => /^[^;]*[/+]json\b/i.test(name) || name === '*/*')
  const chosen =
    json ??
    names.find((name) => name.startsWith('application/x-www-form-urlencoded')) ??
    names.find((name) => name.startsWith('multipart/')) ??
    names[0]
  return chosen === undefined || chosen === 'application/json' || chosen === '*/*' ? null : chosen
}

const isKey = ({ in: place, name }: Parameter): boolean =>
  place === 'header' && name.toLowerCase() === 'idempotency-key'

const separators: Readonly<Record<string, string>> = { form: ',', spaceDelimited: '%20', pipeDelimited: '|' }

/** How lists are written that do not repeat their name (OpenAPI 3.1, 4.8.12.3). */
function listsOf(contract: Contract, parameters: readonly Parameter[]): Record<string, string> {
  const found: [string, string][] = parameters.flatMap(({ in: place, name, explode, style, schema }) => {
    const at = follow(contract, schema)
    const isList = typeof at === 'object' && [at.type].flat().includes('array')
    if (place !== 'query' || !isList) return []
    if (style === 'deepObject') return [[name, '[]']]
    const between = separators[style]
    return explode || between === undefined ? [] : [[name, between]]
  })
  return Object.fromEntries(found)
}

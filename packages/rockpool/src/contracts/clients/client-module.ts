import { commentOf } from '../typescript/comments.ts'
import { keyOf, quoted } from '../typescript/names.ts'
import { printComment, width } from '../typescript/print.ts'
import type { ClientOperation } from './operations.ts'

export interface ModuleOptions {
  /** In camel case with a capital: what the client is of. */
  name: string
  /** Of the file: lines of a comment. */
  head: readonly string[]
  /** `.ts`, `.js`, or nothing: how the modules import each other. */
  extension: string
}

/** `client.ts`: the methods' types, what is known of the operations, and what makes the client. Pure. */
export function clientModule(
  operations: readonly ClientOperation[],
  { name, head, extension }: ModuleOptions,
): string {
  // A contract may have types alone, and many compilers refuse an import that nothing uses.
  const hasMethods = operations.length > 0
  return `${printComment(head, 0)}import { createClient, withMethods } from '@rockpool/client'
import type { Client, ClientOptions${hasMethods ? ', Method' : ''} } from '@rockpool/client'
import type { ${hasMethods ? 'operations, ' : ''}paths } from './types${extension}'

/** The operations by their names. \`Given\`: path parameters that are filled in already. */
export interface ${name}Methods<Given extends string = never> {
${methodTypes(operations)}}

const notes = {
${operations.map(({ route, note }) => member(quoted(route), note, 2)).join('')}} as const

type Core<Given extends string> = Omit<Client<paths, typeof notes, Given>, 'organization'>

export type ${name}Client<Given extends string = never> = Core<Given> &
  ${name}Methods<Given> & {
    /** This client, with the path parameter \`organization\` filled in wherever there is one. */
    organization(slug: string): ${name}Client<Given | 'organization'>
  }

/** @throws ClientError \`invalid_options\`, such as for an environment that is not named */
export function create${name}Client(
  options: ClientOptions & { organization: string },
): ${name}Client<'organization'>
export function create${name}Client(options: ClientOptions): ${name}Client
export function create${name}Client(options: ClientOptions): ${name}Client {
  const client = createClient<paths, typeof notes>({ ...options, operations: notes })
  return withMethods<${name}Client>(client, notes)
}
`
}

function methodTypes(operations: readonly ClientOperation[]): string {
  return [...Map.groupBy(operations, ({ note }) => note.group)]
    .map(([group, all]) => `  ${keyOf(group)}: {\n${all.map(methodType).join('')}  }\n`)
    .join('')
}

function methodType({ operation, route, name }: ClientOperation): string {
  const { id, summary, deprecated } = operation
  const comment = commentOf(summary, `\`${route}\``, deprecated && '@deprecated')
  return `${printComment(comment, 4)}    ${keyOf(name)}: Method<operations[${quoted(id)}], Given>\n`
}

/** A member of plain data, on one line where that fits. */
function member(key: string, value: unknown, indent: number): string {
  const pad = ' '.repeat(indent)
  const line = `${pad}${key}: ${literal(value)},\n`
  if (line.length - 1 <= width || typeof value !== 'object' || value === null) return line
  const members = Object.entries(value).map(([name, inner]) => member(keyOf(name), inner, indent + 2))
  return `${pad}${key}: {\n${members.join('')}${pad}},\n`
}

function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return String(value)
  const members = Object.entries(value).map(([key, inner]) => `${keyOf(key)}: ${literal(inner)}`)
  return `{ ${members.join(', ')} }`
}

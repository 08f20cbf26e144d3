// The types of our own API, for the pages and the command line: made of every operation that a part declares, through its
// OpenAPI document; and of the same document what the command line knows of each route at run time.
//     node scripts/control-types.mjs            writes the files below
import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openapiDocument } from '../packages/rockpool/src/api/openapi.ts'
import { emitTypes, readContract } from '../packages/rockpool/src/contracts/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Where they stand, in the clone. */
const places = {
  types: 'packages/client/src/control/paths.ts',
  routes: 'packages/rockpool/src/api/client/routes.ts',
}

/** @returns {Promise<Record<string, string>>} by place, the module as it has to be */
export async function controlFiles() {
  const document = openapiDocument(await declaredOperations(), '')
  const reading = readContract(JSON.stringify(document), { file: 'openapi.json' })
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings, null, 2))
  return { [places.types]: emitTypes(reading.contract), [places.routes]: emitRoutes(reading.contract) }
}

/** @param {import('../packages/rockpool/src/contracts/index.ts').Contract} contract */
function emitRoutes(contract) {
  const routes = contract.operations.map(({ method, path, id, summary, responses }) => {
    const success = responses.find(({ status }) => status.startsWith('2'))
    const json = success?.content.find(({ name }) => name === 'application/json')
    const has = requiredOf(contract, json?.schema ?? true).map(quoted)
    const members = `    has: [${has.join(', ')}],`
    return [
      `  ${quoted(`${method} ${path}`)}: {`,
      `    id: ${quoted(id)},`,
      `    summary: ${quoted(summary ?? id)},`,
      ...(members.length <= 110
        ? [members]
        : ['    has: [', ...has.map((name) => `      ${name},`), '    ],']),
      '  },',
    ].join('\n')
  })
  return `/**
 * ${contract.title}, by route
 * Made from the contract: changes here are lost.
 */
import type { RouteName } from '@rockpool/client/control'

interface Route {
  /** The operationId. */
  id: string
  summary: string
  /** The members that are in every answer. */
  has: readonly string[]
}

export const controlRoutes: Readonly<Record<RouteName, Route>> = {
${routes.join('\n')}
}
`
}

/**
 * @param {import('../packages/rockpool/src/contracts/index.ts').Contract} contract
 * @param {import('../packages/rockpool/src/contracts/types.ts').Schema} schema
 * @returns {readonly string[]} the members that every such body has
 */
function requiredOf(contract, schema) {
  if (typeof schema === 'boolean') return []
  const name = schema.$ref?.replace('#/components/schemas/', '')
  return name === undefined
    ? (schema.required ?? [])
    : requiredOf(contract, contract.schemas.get(name) ?? true)
}

/** As the formatter writes it. @param {string} text */
const quoted = (text) => (text.includes("'") ? JSON.stringify(text) : `'${text}'`)

/** Everything that a module of operations exports and that is one, by id: files may move, and the text stays. */
async function declaredOperations() {
  const files = globSync('packages/rockpool/src/**/{operations,status}.ts', { cwd: root })
  const modules = await Promise.all(files.map((file) => import(join(root, file))))
  const exported = modules.flatMap((module) => Object.values(module))
  /** @type {Map<string, import('../packages/rockpool/src/kernel/index.ts').Operation>} */
  const byId = new Map(exported.filter(isOperation).map((operation) => [operation.id, operation]))
  return [...byId.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

/** @param {unknown} value @returns {value is import('../packages/rockpool/src/kernel/index.ts').Operation} */
function isOperation(value) {
  const names = ['id', 'method', 'path', 'summary', 'answers']
  return typeof value === 'object' && value !== null && names.every((name) => name in value)
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [place, text] of Object.entries(await controlFiles())) writeFileSync(join(root, place), text)

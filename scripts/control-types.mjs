// The types of our own API, for the pages: made of every operation that a part declares, through its OpenAPI document.
//     node scripts/control-types.mjs            writes packages/dashboard/src/api/control.ts
import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openapiDocument } from '../packages/rockpool/src/api/openapi.ts'
import { emitTypes, readContract } from '../packages/rockpool/src/contracts/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Where they stand, in the clone. */
export const place = 'packages/dashboard/src/api/control.ts'

/** @returns {Promise<string>} the module as it has to be */
export async function controlTypes() {
  const document = openapiDocument(await declaredOperations(), '')
  const reading = readContract(JSON.stringify(document), { file: 'openapi.json' })
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings, null, 2))
  return emitTypes(reading.contract)
}

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

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(root, place), await controlTypes())

import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { contractOf, realDocument } from '../../../test/support/contracts.ts'
import { readContract } from '../read.ts'
import { emitClient } from './emit-client.ts'

/*
 * What is written is compiled as a consumer does it: strictly, with the declarations that are published, checked themselves.
 * All clients that find their modules in the same way are compiled at once, each in a folder of its own: a compiler spends
 * most of its time on what they have in common.
 */

const root = fileURLToPath(new URL('../../../../..', import.meta.url))
const tsc = join(root, 'node_modules/typescript/bin/tsc')
const run = promisify(execFile)

/** A strict consumer: nothing of ours but what is published, and libraries are checked. */
const consumer = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noUnusedLocals: true,
  noImplicitOverride: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  skipLibCheck: false,
  noEmit: true,
  target: 'es2022',
  lib: ['es2024', 'dom', 'dom.iterable'],
  types: [],
}
const styles = {
  '.ts': { module: 'nodenext', allowImportingTsExtensions: true },
  '.js': { module: 'nodenext' },
  '': { module: 'esnext', moduleResolution: 'bundler' },
} as const

const shop = globSync(join(root, 'examples/shop/*/openapi.yaml')).toSorted()
const documents = [
  ...[
    'petstore.yaml',
    'adyen-checkout70.json',
    'stripe-2022-04-12.json',
    'flow-service.json',
    'apibuilder-api.json',
  ].map((name) => ({ name, ...realDocument(name) })),
  ...shop.map((file) => ({ name: `the shop’s ${basename(dirname(file))}`, file, isHere: true })),
]

test('the shop’s contracts are found', () => expect(shop.length).toBeGreaterThanOrEqual(5))

const petshop = join(root, 'packages/rockpool/test/fixtures/petshop/petshop.yaml')
const use = `import { isStatus } from '@rockpool/client'
import { createPetshopClient } from './client.ts'
import { createPetshopMock } from './mock.ts'
const { api, ...client } = createPetshopClient({ environment: 'sandbox', baseUrl: 'https://example.org' })
const pet = await api.createPet({ body: { name: 'Rex' } })
export const [id, name, price]: [string, string, number | undefined] = [pet.id, pet.name, pet.price]
export const all: string[] = (await api.listPets()).map((each) => each.name)
export const same: typeof api = createPetshopMock({ seed: 'a' }).api
export const { data } = await client.GET('/pets/{pet}', { params: { path: { pet: id } } })
export const told = (error: unknown): string => (isStatus(error, 404, api.getPet) ? error.body.message : '')
`
const wrong = {
  'an environment that is not named': `createPetshopClient({ baseUrl: 'https://example.org' })`,
  'a missing member': `api.createPet({ body: { price: 1 } })`,
  'a wrong value': `api.createPet({ body: { name: 'Rex', kind: 'bear' } })`,
  'a wrong parameter': `api.listPets({ params: { query: { limit: 'ten' } } })`,
  'a missing parameter': `api.getPet()`,
  'a member that an answer lacks': `api.createPet({ body: { name: 'Rex' } }).then((one) => one.nickname)`,
  'a path that is none': `client.GET('/birds')`,
  'pages of what has none': `client.pages('/pets')`,
  'a member that an error lacks': `((error: unknown) => isStatus(error, 404, api.getPet) && error.body.detail)({})`,
}
const bad = Object.values(wrong).map((line) => `// @ts-expect-error: it is wrong\nawait ${line}\n`)

const hostile = "a'b\\`${process.exit()}*/\n\u2028"
const hostileFiles = emitClient(
  contractOf({
    info: { title: `1 ${hostile}`, version: hostile },
    paths: {
      [`/${hostile.replaceAll(/[{}]/g, '')}`]: {
        get: { operationId: hostile, tags: [hostile], summary: hostile, responses: {} },
        post: { operationId: 'constructor', tags: ['class'], responses: {} },
      },
    },
  }),
  { command: hostile },
)

const typesAlone = emitClient(
  contractOf({ paths: {}, components: { schemas: { Pet: { type: 'object' } } } }),
  { command: 'x' },
)

type Files = ReadonlyMap<string, string>
type Extension = keyof typeof styles
let faultsOf: Record<Extension, (client: string) => string[]>

beforeAll(async () => {
  const home = await mkdtemp(join(tmpdir(), 'rockpool-consumer-'))
  try {
    await installLibraries(home)
    const all = new Map<string, Files>([
      ['hostile', hostileFiles],
      ['types alone', typesAlone],
      ['used', new Map([...(await clientOf(petshop)), ['use.ts', `${use}${bad.join('')}`]])],
    ])
    for (const { name, file, isHere } of documents) if (isHere) all.set(name, await clientOf(file))
    // The small one is compiled in each of the ways that modules find each other.
    const [small] = documents
    const once = async (extension: Extension) =>
      new Map(small?.isHere ? [[small.name, await clientOf(small.file, extension)]] : [])
    faultsOf = {
      '.ts': await compileClients(home, all, '.ts'),
      '.js': await compileClients(home, await once('.js'), '.js'),
      '': await compileClients(home, await once(''), ''),
    }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}, 240_000)

describe.each(documents)('$name', ({ isHere, name }) => {
  test.skipIf(!isHere)(`its client compiles${isHere ? '' : ' (it is not on this machine)'}`, () => {
    for (const extension of name === 'petstore.yaml' ? (['.ts', '.js', ''] as const) : (['.ts'] as const))
      expect(faultsOf[extension](name)).toEqual([])
  })
})

test('what a contract does not say does not compile', () => expect(faultsOf['.ts']('used')).toEqual([]))

test('the client of a contract that has types alone compiles', () =>
  expect(faultsOf['.ts']('types alone')).toEqual([]))

test('whatever a contract calls things, its client compiles and says only what it is', () => {
  expect(faultsOf['.ts']('hostile')).toEqual([])
  expect(hostileFiles.get('client.ts')).not.toMatch(/^\s*\*\/.*exit/m)
})

async function clientOf(file: string, extension: Extension = '.ts'): Promise<Files> {
  const reading = readContract(await readFile(file, 'utf8'), { file })
  if (!reading.ok) throw new Error(`${file}: ${JSON.stringify(reading.findings)}`)
  return emitClient(reading.contract, { command: 'rockpool contract client', extension })
}

/** What a consumer has in its `node_modules`: of ours, only what is published. */
async function installLibraries(home: string): Promise<void> {
  const modules = join(home, 'node_modules')
  await mkdir(join(modules, '@rockpool'), { recursive: true })
  for (const name of [
    'openapi-fetch',
    'openapi-typescript-helpers',
    '@types',
    'undici-types',
    'zod',
    'pg-boss',
  ])
    await symlink(join(root, 'node_modules', name), join(modules, name))
  // Up to date already where the types have been checked before.
  await run(process.execPath, [tsc, '-b', join(root, 'packages/client'), join(root, 'packages/rockpool')])
  for (const [folder, name] of [
    ['packages/client', '@rockpool/client'],
    ['packages/rockpool', 'rockpool'],
  ] as const) {
    const [from, own] = [join(root, folder), join(modules, name)]
    await mkdir(own)
    await cp(join(from, 'package.json'), join(own, 'package.json'))
    const filter = async (file: string) => file.endsWith('.d.ts') || (await stat(file)).isDirectory()
    await cp(join(from, 'dist'), join(own, 'dist'), { recursive: true, filter })
  }
}

/** Compiles these clients, by name; gives what is wrong with each, none: nothing is. */
async function compileClients(
  home: string,
  clients: ReadonlyMap<string, Files>,
  extension: Extension,
): Promise<(client: string) => string[]> {
  const folder = await mkdtemp(join(home, 'of-'))
  const names = [...clients.keys()]
  for (const [index, files] of [...clients.values()].entries()) {
    await mkdir(join(folder, `${index}`))
    for (const [file, text] of files) await writeFile(join(folder, `${index}`, file), text)
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const compilerOptions = { ...consumer, ...styles[extension] }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*/*.ts'] }))
  const faults = (await compilerOutput(folder)).split('\n').filter((line) => line.includes('error TS'))
  const isIn = (index: number) => (line: string) => line.startsWith(`${index}/`)
  const elsewhere = faults.filter((line) => !names.some((_, index) => isIn(index)(line)))
  if (elsewhere.length > 0) throw new Error(elsewhere.join('\n'))
  return (client) => {
    if (!clients.has(client)) throw new Error(`${client} was not compiled`)
    return faults.filter(isIn(names.indexOf(client)))
  }
}

async function compilerOutput(folder: string): Promise<string> {
  const options = { cwd: folder, maxBuffer: 2 ** 26 }
  try {
    return (await run(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], options)).stdout
  } catch (error) {
    // It ends with another code where something is wrong, and says what on stdout.
    const { stdout } = error as { stdout?: string }
    if (!stdout?.includes('error TS')) throw error
    return stdout
  }
}

import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contractOf, realDocument } from '../../../test/support/contracts.ts'
import { readContract } from '../read.ts'
import { emitClient } from './emit-client.ts'

/*
 * What is written is compiled as a consumer does it: strictly, with the declarations that are published, checked themselves.
 */

const root = fileURLToPath(new URL('../../../../..', import.meta.url))
const tsc = join(root, 'node_modules/typescript/bin/tsc')
const run = promisify(execFile)

let home = ''
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rockpool-consumer-'))
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
  for (const [folder, name] of [
    ['packages/client', '@rockpool/client'],
    ['packages/rockpool', 'rockpool'],
  ] as const) {
    const own = join(modules, name)
    await mkdir(own)
    await cp(join(root, folder, 'package.json'), join(own, 'package.json'))
    const [project, out] = [join(root, folder), join(own, 'dist')]
    const flags = ['--outDir', out, '--tsBuildInfoFile', join(home, `${basename(folder)}.tsbuildinfo`)]
    await run(process.execPath, [
      tsc,
      '-p',
      project,
      '--emitDeclarationOnly',
      '--sourceMap',
      'false',
      ...flags,
    ])
  }
}, 120_000)
afterAll(() => rm(home, { recursive: true, force: true }))

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

describe.each(documents)('$name', ({ file, isHere, name }) => {
  test.skipIf(!isHere)(
    `its client compiles${isHere ? '' : ' (it is not on this machine)'}`,
    async () => {
      const reading = readContract(await readFile(file, 'utf8'), { file })
      if (!reading.ok) throw new Error(JSON.stringify(reading.findings))
      // The large ones once; small ones in each of the ways that modules find each other.
      const chosen = name === 'petstore.yaml' ? (['.ts', '.js', ''] as const) : (['.ts'] as const)
      for (const extension of chosen) {
        const files = emitClient(reading.contract, { command: 'rockpool contract client', extension })
        expect(await faultsOf(files, styles[extension])).toEqual([])
      }
    },
    120_000,
  )
})

test('what a contract does not say does not compile', async () => {
  const file = join(root, 'packages/rockpool/test/fixtures/petshop/petshop.yaml')
  const reading = readContract(await readFile(file, 'utf8'), { file })
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings))
  const files = emitClient(reading.contract, { command: 'c' })
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
  const more = new Map([...files, ['use.ts', `${use}${bad.join('')}`]])
  expect(await faultsOf(more, styles['.ts'])).toEqual([])
}, 60_000)

test('whatever a contract calls things, its client compiles and says only what it is', async () => {
  const hostile = "a'b\\`${process.exit()}*/\n\u2028"
  const contract = contractOf({
    info: { title: `1 ${hostile}`, version: hostile },
    paths: {
      [`/${hostile.replaceAll(/[{}]/g, '')}`]: {
        get: { operationId: hostile, tags: [hostile], summary: hostile, responses: {} },
        post: { operationId: 'constructor', tags: ['class'], responses: {} },
      },
    },
  })
  const files = emitClient(contract, { command: hostile })
  expect(await faultsOf(files, styles['.ts'])).toEqual([])
  expect(files.get('client.ts')).not.toMatch(/^\s*\*\/.*exit/m)
}, 60_000)

async function faultsOf(files: ReadonlyMap<string, string>, style: object): Promise<string[]> {
  const folder = await mkdtemp(join(home, 'of-'))
  for (const [file, text] of files) await writeFile(join(folder, file), text)
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const compilerOptions = { ...consumer, ...style }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  // It ends with another code where something is wrong, and says what on stdout.
  const { stdout } = await run(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
    maxBuffer: 2 ** 26,
  }).catch((error: unknown) => error as { stdout: string })
  return stdout.split('\n').filter((line) => line.includes('error TS'))
}

import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { loadConfig } from '../../kernel/index.ts'
import { createPool, discover } from '../../checks/index.ts'
import { productionOf } from './answers.ts'
import { readPromises } from './document.ts'
import { firstCheckText, pickOperation } from './first-check.ts'
import { initialize } from './init.ts'
import type { InitOptions } from './init.ts'

const fixture = fileURLToPath(new URL('../../../test/fixtures/things/openapi.yaml', import.meta.url))
const shared = join(
  process.env['ROCKPOOL_SHARED'] ?? fileURLToPath(new URL('../../../../../../shared', import.meta.url)),
  'data/contracts',
)

/** The test's own loader does not ask ours for `rockpool`: here it is installed (test/first-ten-minutes.test.ts has it not). */
async function emptyFolder(): Promise<string> {
  const folder = await temporaryFolder('init')
  await mkdir(join(folder, 'node_modules'))
  const own = fileURLToPath(new URL('../../../', import.meta.url))
  await symlink(own, join(folder, 'node_modules', 'rockpool'))
  return folder
}

async function things(): Promise<string> {
  const folder = await emptyFolder()
  await copyFile(fixture, join(folder, 'openapi.yaml'))
  return folder
}

async function run(folder: string, options: Partial<InitOptions> = {}) {
  const said: string[] = []
  const result = await initialize({ folder, ask: null, say: (line) => said.push(line), ...options })
  return { result, said }
}

const answering = (...answers: string[]) => {
  const asked: string[] = []
  const ask = (question: string) => {
    asked.push(question)
    return Promise.resolve(answers.shift() ?? null)
  }
  return { ask, asked }
}

const host = '127.0.0.1:3000'

test('what it writes loads: a service by its place, production as it was typed, and a check that is discovered', async () => {
  const folder = await things()
  const { ask, asked } = answering('127.0.0.1', host)
  const { result } = await run(folder, { ask })
  expect(asked).toHaveLength(2)
  expect(asked[0]).toBe(`Which of these hosts are production: ${host}? Type them out, or “none”:`)
  expect(asked[1]).toMatch(/^“127\.0\.0\.1” is none of them\. Which/)
  const config = await loadConfig(join(folder, 'rockpool.config.ts'))
  expect(config.services['things']).toMatchObject({ url: `http://${host}/v1`, production: true })
  const pool = createPool()
  const { checks, findings } = await discover([result.check!], pool)
  pool.close()
  expect(findings).toEqual([])
  expect(checks).toMatchObject([
    { name: 'things: GET /status answers as its contract promises', every: 60_000 },
  ])
})

test('nothing is assumed to be production, or not to be: without an answer nothing is written', async () => {
  const folder = await things()
  await expect(run(folder)).rejects.toThrow(
    `whether ${host} is production is never assumed: pass --production ${host}, or --no-production`,
  )
  await expect(run(folder, { production: ['api.example.test'] })).rejects.toThrow(/no service runs at/)
  const { ask } = answering('yes', 'all', 'y', 'none')
  await expect(run(folder, { ask })).rejects.toThrow(/never assumed/)
  expect(existsSync(join(folder, 'rockpool.config.ts'))).toBe(false)
  await run(folder, { production: false })
  expect((await loadConfig(join(folder, 'rockpool.config.ts'))).services['things']).toMatchObject({
    production: false,
  })
  expect(await productionOf(['a', 'b'], {}, answering('b').ask)).toEqual(new Set(['b']))
})

test('run again, it keeps every byte, and says what it kept and what it would have written', async () => {
  const folder = await things()
  await run(folder, { production: false })
  const files = ['rockpool.config.ts', 'checks/things.check.ts'].map((name) => join(folder, name))
  await writeFile(files[1]!, '// mine\n')
  const before = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  await mkdir(join(folder, 'more'))
  await writeFile(
    join(folder, 'more/api.json'),
    JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Orders' },
      paths: { '/orders': { get: { responses: { 200: {} } } } },
    }),
  )
  const { said, result } = await run(folder)
  expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual(before)
  expect(result.written).toEqual([])
  expect(said.join('\n')).toMatch(/kept +rockpool\.config\.ts/)
  expect(said.join('\n')).toMatch(/kept +checks\/things\.check\.ts.* GET \/status would have been written/)
  expect(said.join('\n')).toMatch(
    /not written: a service for more\/api\.json[\s\S]*contract: '\.\/more\/api\.json'/,
  )
})

test('where the API runs comes from its document, a flag, or an answer, and never from a guess', async () => {
  const folder = await emptyFolder()
  const document = {
    openapi: '3.1.0',
    info: { title: 'T' },
    servers: [{ url: '/v1' }],
    paths: { '/a': { get: { responses: { 200: {} } } } },
  }
  await writeFile(join(folder, 'openapi.json'), JSON.stringify(document, null, 2))
  await writeFile(join(folder, 'package.json'), '{"type":"commonjs","scripts":{"start":"node x"}}')
  await expect(run(folder, { production: false })).rejects.toThrow(
    /where “T” runs is not known: pass --url https.*--start start/,
  )
  await expect(run(folder, { url: ['nowhere'], production: false })).rejects.toThrow(/is no URL/)
  const { ask, asked } = answering('somewhere', 'npm run start')
  const { result } = await run(folder, { ask })
  expect(asked).toHaveLength(2)
  // A package of CommonJS takes .ts for CommonJS: its modules are .mts.
  expect(result.written).toEqual([join(folder, 'rockpool.config.mts'), join(folder, 'checks/api.check.mts')])
  const { services } = await loadConfig(join(folder, 'rockpool.config.mts'))
  expect(services['api']).toMatchObject({ start: ['npm', 'run', 'start'] })
})

test('documents that cannot be used, or claim a route of another, are left out with the reason', async () => {
  const folder = await things()
  await copyFile(fixture, join(folder, 'openapi-copy.yaml'))
  await writeFile(join(folder, 'old.yaml'), 'openapi: 3.0.0\ninfo: {}\npaths: {}\n')
  await copyFile(fixture, join(folder, 'node_modules/openapi.yaml'))
  const { said } = await run(folder, { production: false, url: [`things=http://${host}/v1`] })
  expect(said.filter((line) => line.startsWith('left out'))).toEqual([
    'left out   old.yaml: /info: info.title must be a text',
    'left out   openapi.yaml: it has routes of a document before it',
  ])
  const empty = await temporaryFolder('init')
  await expect(run(empty)).rejects.toThrow(/there is no OpenAPI document/)
})

test('contracts of every format are found; base paths belong to where they run', async () => {
  const folder = await emptyFolder()
  const responses = { 200: { description: '', schema: { $ref: '#/definitions/Thing' } } }
  const definitions = { Thing: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } } }
  const swagger = {
    swagger: '2.0',
    info: { title: 'Old', version: '1' },
    host: 'old.example.test',
    basePath: '/v1',
    produces: ['application/json'],
    paths: { '/things': { get: { operationId: 'get-things', responses } } },
    definitions,
  }
  await writeFile(join(folder, 'a.json'), JSON.stringify(swagger))
  const api = {
    apidoc: { version: '0.15.0' },
    name: 'Shop',
    base_url: 'https://shop.example.test',
    models: { item: { fields: [{ name: 'id', type: 'long' }] } },
    resources: { item: { operations: [{ method: 'GET' }] } },
  }
  await writeFile(join(folder, 'b.json'), JSON.stringify(api, null, 2))
  const { said, result } = await run(folder, { production: false })
  expect(said.filter((line) => line.startsWith('found'))).toEqual([
    'found      a.json: Old, 1 operation, servers: https://old.example.test/v1',
    'found      b.json: Shop, 1 operation, servers: https://shop.example.test',
  ])
  const { services } = await loadConfig(result.config)
  expect(Object.values(services)).toMatchObject([
    { url: 'https://old.example.test/v1' },
    { url: 'https://shop.example.test' },
  ])
  const check = await readFile(join(folder, 'checks/old.check.ts'), 'utf8')
  expect(check).toContain('api.old.getThings()')
  expect(check).toContain(`expect(typeof answer.body.id, 'type of id').toBe('number')`)
})

test('an operation that asks for a credential is a beginning only where there is no other, and is held to refusing', async () => {
  const promises = (await readPromises(fixture))!
  expect(
    promises.map(({ operationId, needs, needsCredential, status }) => [
      operationId,
      needs,
      needsCredential,
      status,
    ]),
  ).toEqual([
    ['getStatus', [], false, 200],
    ['listThings', [], true, 200],
    ['addThing', ['body'], true, 201],
    ['getThingsById', ['id'], true, 200],
  ])
  const closed = pickOperation(promises.slice(1))!
  expect(firstCheckText('things', closed, 'openapi.yaml')).toContain('toBeOneOf([401, 403])')
  expect(pickOperation(promises.slice(2))).toBeUndefined()
})

for (const name of [
  'petstore.yaml',
  'adyen-checkout70.json',
  'stripe-2022-04-12.json',
  'stripe-2017-09-05.json',
]) {
  const file = join(shared, name)
  test.skipIf(!existsSync(file))(
    `${name}, a document of the world (shared/data), gives a check that loads`,
    { timeout: 60_000 },
    async () => {
      const promises = (await readPromises(file))!
      const promised = pickOperation(promises)
      if (!promised) {
        expect(promises.filter(({ method, needs }) => method === 'GET' && needs.length === 0)).toEqual([])
        return
      }
      const path = join(await temporaryFolder('init'), 'a.check.ts')
      await writeFile(path, firstCheckText('their-api', promised, name))
      const pool = createPool()
      const { checks, findings } = await discover([path], pool)
      pool.close()
      expect(findings).toEqual([])
      expect(checks).toHaveLength(1)
    },
  )
}

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.ts'
import { loadConfig, readConfig } from './config.ts'
import { Problem } from './problem.ts'

async function folderWithCatalog(): Promise<string> {
  const folder = await temporaryFolder('config')
  await mkdir(join(folder, 'catalog/migrations'), { recursive: true })
  await writeFile(join(folder, 'catalog/openapi.yaml'), 'openapi: 3.1.0')
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  return folder
}

const valid = {
  name: 'shop',
  installations: {
    local: { gateway: 'http://127.0.0.1:8470', control: 'http://127.0.0.1:8471', embedded: true },
  },
  organizations: [{ slug: 'harbor', name: 'Harbor Goods', environment: 'production' }],
  sandboxes: { parent: 'harbor' },
  services: {
    catalog: {
      folder: './catalog',
      contract: './catalog/openapi.yaml',
      start: ['node', 'src/main.ts'],
      database: true,
    },
  },
}

async function findingsOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  expect(error).toBeInstanceOf(Problem)
  return error as Problem
}

test('a valid configuration comes back with defaults and absolute paths', async () => {
  const folder = await folderWithCatalog()
  const config = await readConfig(valid, join(folder, 'rockpool.config.ts'))
  expect(config.sandboxes.ttl).toBe('1h')
  expect(config.services['catalog']).toMatchObject({
    contract: join(folder, 'catalog/openapi.yaml'),
    migrations: join(folder, 'catalog/migrations'),
    deadline: '30s',
    health: '/health',
  })
})

test('all findings come at once, each with its path and file', async () => {
  const folder = await folderWithCatalog()
  const error = await findingsOf(
    readConfig(
      {
        ...valid,
        name: 'My Shop',
        sandboxes: { parent: 'harbor', ttl: 'soon' },
        services: { catalog: { folder: './catalog', contract: './x.yaml', start: [], databse: true } },
      },
      join(folder, 'rockpool.config.ts'),
    ),
  )
  expect(error.code).toBe('config_invalid')
  expect(error.findings.map(({ path }) => path).sort()).toEqual([
    'name',
    'sandboxes.ttl',
    'services.catalog',
    'services.catalog.start',
  ])
  expect(error.findings.every(({ file }) => file?.endsWith('rockpool.config.ts'))).toBe(true)
})

test('what one field alone cannot show is found too: missing files, unknown publishers, a parent that is not there', async () => {
  const folder = await folderWithCatalog()
  const error = await findingsOf(
    readConfig(
      {
        ...valid,
        sandboxes: { parent: 'habor' },
        services: {
          catalog: {
            ...valid.services.catalog,
            contract: './missing.yaml',
            consumes: ['orders.order_placed'],
          },
        },
      },
      join(folder, 'rockpool.config.ts'),
    ),
  )
  expect(error.findings.map(({ path }) => path)).toEqual([
    'sandboxes.parent',
    'services.catalog.consumes.0',
    'services.catalog.contract',
  ])
})

test('a file that is missing, does not parse, or exports nothing gets one clear message', async () => {
  const folder = await folderWithCatalog()
  await expect(loadConfig(join(folder, 'none.ts'))).rejects.toThrow(/there is no configuration at .*none\.ts/)
  await writeFile(join(folder, 'broken.mjs'), 'export default {')
  await expect(loadConfig(join(folder, 'broken.mjs'))).rejects.toThrow(/broken\.mjs cannot be loaded/)
  await writeFile(join(folder, 'empty.mjs'), 'export const config = 1')
  await expect(loadConfig(join(folder, 'empty.mjs'))).rejects.toThrow(/no default export/)
})

test('a service that runs already is only a contract, a place, and the word whether it is production', async () => {
  const folder = await folderWithCatalog()
  const remote = { contract: './catalog/openapi.yaml', url: 'https://api.example.test/v1', production: true }
  const config = await readConfig({ ...valid, services: { remote } }, join(folder, 'rockpool.config.ts'))
  expect(config.services).toEqual({
    remote: { ...remote, contract: join(folder, 'catalog/openapi.yaml'), deadline: '30s' },
  })
})

test('whether a service by url is production is never assumed, and nothing of a started one may stand beside it', async () => {
  const folder = await folderWithCatalog()
  const wrong = {
    silent: { contract: './catalog/openapi.yaml', url: 'https://api.example.test' },
    started: { contract: './catalog/openapi.yaml', url: 'https://x.test', production: false, start: ['x'] },
    secret: { contract: './catalog/openapi.yaml', url: 'https://me:pass@x.test/?key=1', production: false },
  }
  const error = await findingsOf(
    readConfig({ ...valid, services: wrong }, join(folder, 'rockpool.config.ts')),
  )
  expect(error.findings.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    expect.stringMatching(/^services\.silent\.production: write production: true or production: false/),
    expect.stringMatching(/^services\.started: .*"start"/),
    'services.secret.url: write it without user, query and fragment',
  ])
})

test('a folder without Rockpool in it finds the package of the Rockpool that reads its configuration', async () => {
  const folder = await folderWithCatalog()
  const file = join(folder, 'rockpool.config.ts')
  await writeFile(
    file,
    `import { defineConfig } from 'rockpool'\nexport default defineConfig(${JSON.stringify(valid)})`,
  )
  expect((await loadConfig(file)).name).toBe('shop')
})

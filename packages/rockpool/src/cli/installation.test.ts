import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chooseInstallation, findConfig, namedAgain, openInstallation } from './installation.ts'

let folder: string
let config: string
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'rockpool-installation-')))
  config = join(folder, 'rockpool.config.mjs')
  const at = (port: number) => `gateway: 'http://127.0.0.1:${port}', control: 'http://127.0.0.1:${port + 1}'`
  await writeFile(
    config,
    `export default { name: 'shop', services: {}, sandboxes: { parent: 'harbor' },
      organizations: [{ slug: 'harbor', name: 'Harbor', environment: 'production' }],
      installations: { local: { ${at(8470)}, embedded: true }, production: { ${at(9000)} } } }`,
  )
})
afterEach(() => rm(folder, { recursive: true }))

test('the nearest configuration at or above the working folder is found; where there is none, --config is named', async () => {
  const below = join(folder, 'a/b')
  await mkdir(below, { recursive: true })
  expect(await findConfig(undefined, below)).toBe(config)
  expect(await findConfig('other.ts', below)).toBe(join(below, 'other.ts'))
  await expect(findConfig(undefined, tmpdir())).rejects.toThrow('name one with --config')
})

test('no installation is the default, and an unknown one is told which there are', async () => {
  await expect(chooseInstallation({ config })).rejects.toThrow('--installation: local, production')
  await expect(chooseInstallation({ config, installation: 'staging' })).rejects.toThrow(
    'it has local, production',
  )
})

test('one that runs elsewhere is where the configuration says', async () => {
  expect(await openInstallation({ config, installation: 'production' })).toMatchObject({
    control: 'http://127.0.0.1:9001',
    folder: undefined,
  })
})

test('the installation is named again as it was named: with the configuration and the data folder where they were given', () => {
  expect(namedAgain({}, 'local')).toBe('--installation local')
  expect(namedAgain({ data: '/srv/shop' }, 'local')).toBe('--installation local --data /srv/shop')
  expect(namedAgain({ config: '../a.ts', data: '/srv/shop' }, 'local')).toBe(
    '--installation local --config ../a.ts --data /srv/shop',
  )
})

test.each(['/srv/two words', "it's", '~/shop', '$HOME', 'a;b', '', '--x'])(
  'what is told of %s is the same again for a shell',
  (data) => {
    const told = namedAgain({ data }, 'local')
    const { stdout } = spawnSync('sh', ['-c', `printf '%s|' ${told}`], { encoding: 'utf8' })
    expect(stdout).toBe(`--installation|local|--data|${data}|`)
  },
)

test.each([
  ['is not there', undefined],
  ['is half-written', '{"gateway": "http'],
])('an embedded one whose endpoints.json %s does not run', async (_, text) => {
  const data = join(folder, 'data')
  await mkdir(data)
  if (text !== undefined) await writeFile(join(data, 'endpoints.json'), text)
  await expect(openInstallation({ config, installation: 'local', data })).rejects.toThrow(
    `start it with “rockpool up --installation local --config ${config} --data ${data}”`,
  )
})

test('an embedded one is where it says that it listens, whatever the configuration wished', async () => {
  const endpoints = { gateway: 'http://127.0.0.1:1234', control: 'http://127.0.0.1:1235', pid: 1 }
  await writeFile(join(folder, 'endpoints.json'), JSON.stringify(endpoints))
  const opened = await openInstallation({ config, installation: 'local', data: folder })
  expect(opened).toMatchObject({ gateway: endpoints.gateway, control: endpoints.control, folder })
})

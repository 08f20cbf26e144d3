import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyShop, root, run, startInstallation } from './support/installation.ts'
import type { Finished, Installation, TestShop } from './support/installation.ts'

// Whatever is wrong: one clear message that says what, where, and what to do; exit code 2; never a stack trace.

const bin = join(root, 'packages/rockpool/bin/rockpool.mjs')
let copy: TestShop
let shop: Installation
let taken: ReturnType<typeof createServer>
let up = ''

beforeAll(async () => {
  copy = await copyShop()
  // Both ports of the configuration are in use.
  taken = createServer().listen(8470, '127.0.0.1')
  const other = createServer().listen(8471, '127.0.0.1')
  for (const server of [taken, other]) server.on('error', () => {}).unref()
  shop = await startInstallation({ shop: copy, onProgress: (text) => (up += text) })
  other.close()
})
afterAll(async () => {
  taken.close()
  await shop?.stop()
  await copy.remove()
})

/** The message, once it is known to be one: exit code 2, nothing on stdout, no stack. */
function refusal({ code, stdout, stderr }: Finished): string {
  expect(code, stdout + stderr).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).not.toMatch(/\n\s+at .*\.[mc]?[jt]s:\d+/)
  return stderr
}

test('a port in use is not fought over: another one is chosen, and said', () => {
  expect(up).toMatch(/gateway +port 8470 is taken, using \d+/)
  expect(up).toMatch(/control +port 8471 is taken, using \d+/)
  expect(shop.gateway).not.toContain(':8470')
})

test('a configuration with findings: all at once, each with file and path', async () => {
  const file = join(copy.folder, 'wrong.config.ts')
  await writeFile(
    file,
    `import shop from './rockpool.config.ts'
     export default { ...shop, name: 'My Shop', sandboxes: { parent: 'harbour' }, services: { ...shop.services,
       catalog: { ...shop.services.catalog, start: [] }, orders: { ...shop.services.orders, contract: './nowhere.yaml' } } }\n`,
  )
  const text = refusal(
    await run([bin, 'up', '--installation', 'local', '--config', file, '--data', copy.data]),
  )
  expect(text).toMatch(/wrong\.config\.ts has \d findings/)
  for (const path of ['name', 'services.catalog.start'])
    expect(text).toMatch(new RegExp(`wrong\\.config\\.ts +${path} `))
})

test('a configuration that is not there, or does not parse', async () => {
  expect(
    refusal(await run([bin, 'up', '--installation', 'local', '--config', '/nowhere/rockpool.config.ts'])),
  ).toMatch(/no configuration at .*--config/)
  const file = join(copy.folder, 'broken.config.ts')
  await writeFile(file, 'export default {')
  expect(refusal(await run([bin, 'up', '--installation', 'local', '--config', file]))).toMatch(
    /broken\.config\.ts cannot be loaded/,
  )
})

test('two services that claim the same route are named before anything starts', async () => {
  const file = join(copy.folder, 'conflict.config.ts')
  await writeFile(
    file,
    `import shop from './rockpool.config.ts'
     export default { ...shop, services: { ...shop.services, again: { ...shop.services.catalog, consumes: [] } } }\n`,
  )
  const data = join(copy.data, 'conflict')
  await mkdir(data)
  const text = refusal(await run([bin, 'up', '--installation', 'local', '--config', file, '--data', data]))
  expect(text).toMatch(/again/)
  expect(text).toMatch(/\/\{organization\}\/items/)
})

test('no installation is the default, and an unknown one is told which there are', async () => {
  const config = ['--config', join(copy.folder, 'rockpool.config.ts')]
  expect(refusal(await run([bin, 'status', ...config]))).toMatch(
    /name the installation with --installation: local/,
  )
  expect(refusal(await run([bin, 'status', '--installation', 'producton', ...config]))).toMatch(
    /no installation “producton”.*local/,
  )
})

test('a key that is wrong, and a service that is unknown', async () => {
  const target = [
    '--installation',
    'local',
    '--config',
    join(copy.folder, 'rockpool.config.ts'),
    '--data',
    copy.data,
  ]
  const env = {
    ...process.env,
    NODE_OPTIONS: '--conditions=@rockpool/source',
    NO_COLOR: '1',
    ROCKPOOL_CREDENTIAL: 'rp_control_nonsense',
  }
  expect(refusal(await run([bin, 'status', ...target], env))).toMatch(/credential is not known|not known/i)
  expect(refusal(await shop.cli('service', 'stop', 'paymnts'))).toMatch(/no service .*paymnts/)
})

test.each([
  ['does not parse', `import { check } from 'rockpool'\ncheck('half', async () => {\n`, /wrong\.check\.ts/],
  ['has no check', `export {}\n`, /wrong\.check\.ts.*no check/s],
  [
    'names a wrong option',
    `import { check } from 'rockpool'\n\ncheck('soon', { every: 'soon' as never }, async () => {})\n`,
    /wrong\.check\.ts:3.*“soon” is not a duration/s,
  ],
])('a check file that %s is named, with what is wrong', async (_, source, message) => {
  await writeFile(join(copy.folder, 'checks/wrong.check.ts'), source)
  try {
    const checked = await shop.cli('check', '--organization', 'harbor')
    expect(checked.code, checked.stdout).toBe(2)
    expect(checked.stderr + checked.stdout).toMatch(message)
  } finally {
    await writeFile(
      join(copy.folder, 'checks/wrong.check.ts'),
      `import { check } from 'rockpool'\ncheck('fine', async () => {})\n`,
    )
  }
})

test('a data folder that cannot be written to', async () => {
  const data = join(copy.data, 'plain-file')
  await writeFile(data, '')
  await chmod(data, 0o400)
  const args = [
    'up',
    '--installation',
    'local',
    '--config',
    join(copy.folder, 'rockpool.config.ts'),
    '--data',
    join(data, 'below'),
  ]
  expect(refusal(await run([bin, ...args]))).toMatch(/cannot be written to .*--data/)
})

test('nothing runs: the command that starts it is said', async () => {
  const args = [
    'status',
    '--installation',
    'local',
    '--config',
    join(copy.folder, 'rockpool.config.ts'),
    '--data',
    join(copy.data, 'nobody'),
  ]
  const said = refusal(await run([bin, ...args]))
  expect(said).toMatch(/start it with “rockpool up --installation local --config \S+ --data \S+nobody”/)
})

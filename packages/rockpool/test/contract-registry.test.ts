import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { shownInPage } from './support/contract-page.ts'
import { eventually } from './support/eventually.ts'
import { temporaryFolder } from './support/folder.ts'
import { copyShop, root, run, startInstallation } from './support/installation.ts'
import type { Finished, Installation } from './support/installation.ts'
import { signatureOf, startReceiver } from './support/webhooks.ts'
import type { Receiver } from './support/webhooks.ts'

// Contracts as their authors keep them in a running installation: by the CLI, in the folder where the contract lies, and by
// the public API.

const folder = join(root, 'packages/rockpool/test/fixtures/petshop')
const bin = join(root, 'packages/rockpool/bin/rockpool.mjs')
let shop: Installation

let receiver: Receiver

beforeAll(async () => {
  receiver = await startReceiver((_, number) => (number === 0 ? 503 : 204))
  const copy = await copyShop()
  const named = `contracts: { notify: ['${receiver.origin}'] },`
  await copy.patch('rockpool.config.ts', "  name: 'shop',\n", `  name: 'shop',\n  ${named}\n`)
  shop = await startInstallation({ shop: copy })
})
afterAll(async () => {
  receiver?.close()
  await shop?.stop()
  await shop?.remove()
})

function contract(args: string[], cwd = folder): Promise<Finished> {
  const target = ['--config', join(shop.folder, 'rockpool.config.ts'), '--data', shop.data]
  const named = args.includes('--installation') ? [] : ['--installation', 'local']
  return run([bin, 'contract', ...args, ...named, ...target], shop.environment, cwd)
}

async function said(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await contract(args)
  expect(code, stdout + stderr).toBe(0)
  return stdout.trimEnd()
}

async function json<T = Record<string, unknown>>(...args: string[]): Promise<T[]> {
  const { stdout, stderr } = await contract([...args, '--json'])
  expect(stdout, stderr).not.toBe('')
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}

type Named = { name: string; address: string }
const petshop = ['--service', 'petshop']

test('what the page shows of pushes is what they print: one is kept, the next one breaks callers', async () => {
  const shown = (await shownInPage()).filter(({ args }) => args[0] === 'push')
  expect(shown).toHaveLength(2)
  for (const [index, { args, output }] of shown.entries()) {
    const { code, stdout } = await contract(args)
    expect([code, stdout.trimEnd()]).toEqual([index, output])
  }
})

test('a refused push tells machines the same, and a dry run keeps nothing', async () => {
  const [{ problem } = { problem: undefined }] = await json<{ problem: { code: string; breaks: object[] } }>(
    'push',
    'petshop-next.yaml',
    ...petshop,
  )
  expect(problem).toMatchObject({ code: 'contract_breaks', status: 409, service: 'petshop' })
  expect(problem?.breaks).toHaveLength(3)
  const dry = await contract(['push', 'petshop-next.yaml', ...petshop, '--dry-run'])
  expect(dry.code).toBe(1)
  expect(dry.stdout).toContain('in 3 ways')
  const major = await contract(['push', 'petshop-next.yaml', ...petshop, '--version', '2.0.0', '--dry-run'])
  expect([major.code, major.stdout]).toEqual([0, expect.stringContaining('it would be kept')])
  expect(await json('history', 'petshop')).toMatchObject([{ name: '1.2.0' }])
})

test('it passes once each difference is approved; watchers are told of it once', async () => {
  await said('watch', 'petshop', '--for', 'orders')
  const [refused] = await json<{ problem: { breaks: { fingerprint: string }[] } }>(
    'push',
    'petshop-next.yaml',
    ...petshop,
  )
  const fingerprints = refused!.problem.breaks.map(({ fingerprint }) => fingerprint.slice(0, 16))
  await said('approve', 'petshop', ...fingerprints, '--reason', 'no one keeps fish')
  expect(await said('push', 'petshop-next.yaml', ...petshop)).toContain('3 of them approved')
  expect(await said('push', 'petshop-next.yaml', ...petshop)).toContain('is there already')
  const notices = await json<{ counts: object }>('notices', '--for', 'orders')
  expect(notices).toMatchObject([
    { watcher: { consumer: 'orders' }, push: { name: '1.3.0' }, counts: { breaks: 3 } },
  ])
  expect(await said('notices')).toContain('petshop@1.3.0')
})

test('a watcher with an address is told there, again where that failed; elsewhere nothing is sent', async () => {
  const elsewhere = await contract([
    'watch',
    'catalogue',
    '--to',
    'https://elsewhere.example.com/?token=zephyr',
  ])
  expect(elsewhere.code).toBe(2)
  expect(elsewhere.stderr).toContain("contracts: { notify: ['https://elsewhere.example.com'] }")
  expect(elsewhere.stderr).not.toContain('zephyr')

  const watch = ['watch', 'catalogue', '--for', 'orders', '--to', `${receiver.origin}/?token=zephyr`]
  const [watched, secret = ''] = (await said(...watch)).split('\n')
  expect(watched).toContain(`and told at ${receiver.origin}/?…`)
  expect(await said(...watch)).toBe(watched)
  const following = await follow()
  for (const [file, version] of [
    ['petshop.yaml', '1.0.0'],
    ['petshop-next.yaml', '2.0.0'],
  ] as const) {
    const files = { [file]: await readFile(join(folder, file), 'utf8') }
    await shop.api('POST', `/contracts/catalogue/versions?version=${version}`, { main: file, files })
  }
  const told = await eventually(
    'it is told',
    async () => {
      type Listed = { items: { delivery: { state: string } | null }[] }
      const [notice] = (await shop.api<Listed>('GET', '/contract-notices?service=catalogue')).items
      return notice?.delivery?.state === 'told' ? notice : undefined
    },
    60_000,
  )
  expect(told).toMatchObject({ delivery: { attempts: 2, failure: 'it answered 503' } })
  const [first, second] = receiver.received
  expect(receiver.received).toHaveLength(2)
  expect([second!.id, second!.signature]).toEqual([first!.id, signatureOf(second!, secret)])
  expect(await said('watchers', 'catalogue')).toMatch(/\?…: 2\.0\.0 told .* after 2 attempts$/)
  expect(await said('notices', '--service', 'catalogue')).toContain('/?…: told ')
  await eventually('it is followed', async () => following.lines.length === 1, 30_000)
  expect(JSON.parse(following.lines[0]!)).toMatchObject({ push: { service: 'catalogue', name: '2.0.0' } })
  expect(await following.end()).toBe(0)
})

/** `contract notices --follow`, as somebody has it running. */
async function follow(): Promise<{ lines: string[]; end: () => Promise<number | null> }> {
  const target = [
    '--installation',
    'local',
    '--config',
    join(shop.folder, 'rockpool.config.ts'),
    '--data',
    shop.data,
  ]
  const child = spawn(process.execPath, [bin, 'contract', 'notices', '--follow', '--json', ...target], {
    env: shop.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
  let noted = ''
  child.stderr.on('data', (piece) => (noted += String(piece)))
  await eventually('it follows', async () => noted.includes('from now on'), 30_000)
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  return {
    lines,
    end() {
      child.kill('SIGINT')
      return closed
    },
  }
}

test('what was approved and who watches is listed, and taken back', async () => {
  const [approval] = await json<{ id: string; reason: string }>('approvals', 'petshop')
  expect(approval).toMatchObject({ reason: 'no one keeps fish', revokedAt: null })
  expect(await said('revoke', 'petshop', approval!.id)).toContain('lets nothing pass any more')
  expect(await said('approvals', 'petshop')).toMatch(new RegExp(`${approval!.id} .* revoked `))
  const [watcher] = await json<{ id: string }>('watchers', 'petshop')
  await said('unwatch', 'petshop', watcher!.id)
  expect(await contract(['watchers', 'petshop'])).toMatchObject({ code: 0, stdout: '' })
})

test('a major version passes, and all that was pushed is there with who and when', async () => {
  await said('push', 'petshop.yaml', ...petshop, '--version', '2.0.0', '--note', 'fish are back')
  await said('push', 'petshop-next.yaml', ...petshop, '--branch', 'feature/x', '--until', '2099-12-31')
  const history = await json('history', 'petshop')
  expect(history.map(({ name, branch, note }) => [name, branch, note])).toEqual([
    [null, 'feature/x', null],
    ['2.0.0', null, 'fish are back'],
    ['1.3.0', null, null],
    ['1.2.0', null, null],
  ])
  for (const { pushedBy, pushedAt } of history)
    expect([pushedBy, pushedAt]).toEqual([expect.stringMatching(/^(key|mem)_/), expect.stringMatching(/Z$/)])
  expect(await said('show', 'petshop@branch:feature/x')).toContain('ends')
  expect(await said('list')).toMatch(/^petshop +2\.0\.0 +nothing is known to run$/m)
})

test('what is pulled is what was pushed, to the byte, and lies nowhere but in the folder', async () => {
  const out = join(await temporaryFolder('pull'), 'out')
  await said('pull', 'petshop@1.2.0', '--out', out)
  expect(await readFile(join(out, 'petshop.yaml'))).toEqual(await readFile(join(folder, 'petshop.yaml')))
  const again = await contract(['pull', 'petshop@1.2.0', '--out', out])
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('there already')])
  await said('pull', 'petshop@1.2.0', '--out', out, '--force')

  const elsewhere = join(out, '../elsewhere')
  await mkdir(join(elsewhere, 'a'), { recursive: true })
  for (const [link, leads] of [
    ['linked', join(elsewhere, 'a')],
    ['dangling', join(elsewhere, 'none')],
  ] as const) {
    const trap = join(out, '..', link)
    await mkdir(trap)
    await symlink(leads, join(trap, 'petshop.yaml'))
    const { code, stderr } = await contract(['pull', 'petshop@1.2.0', '--out', trap, '--force'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('leads out of')])
  }
})

test('where a command takes a file it takes a version, and a file of that name goes before', async () => {
  const { code, stdout } = await contract(['diff', 'petshop@1.2', 'petshop@1.3.0'])
  expect(code).toBe(1)
  expect(stdout).toContain('petshop@1.2/petshop.yaml:65, now petshop@1.3.0/petshop-next.yaml:65')
  expect(await said('types', 'petshop@1.2')).toBe(await said('types', 'petshop.yaml'))
  expect(await said('lint', 'petshop@latest')).toContain('Petshop 1.2.0 (OpenAPI 3.0)')
  const own = await temporaryFolder('named')
  await writeFile(
    join(own, 'petshop@1.2'),
    'openapi: 3.1.0\ninfo: {title: Mine, version: 1.0.0}\npaths: {}\n',
  )
  expect((await contract(['lint', 'petshop@1.2'], own)).stdout).toContain('Mine 1.0.0')
  const unknown = await contract(['lint', 'petshop@9.9.9'])
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('no version “9.9.9”')])
})

test('contracts of the services here run in production, are kept once, and what breaks them is refused', async () => {
  const production = async () => (await json<Named>('show', 'catalog@production'))[0]!
  const first = await eventually('the contract of catalog is kept', production, 30_000)
  expect(first).toMatchObject({ name: '1.0.0', pushedBy: 'installation local', running: [{ release: null }] })
  const control = await shop.pid('rockpool-control')
  process.kill(control, 'SIGKILL')
  await eventually(
    'control serves again',
    async () => (await shop.pid('rockpool-control')) !== control && (await production()).name !== undefined,
    30_000,
  )
  expect(await production()).toEqual(first)
  expect(await json('history', 'catalog')).toHaveLength(1)

  const source = await readFile(join(shop.folder, 'catalog/openapi.yaml'), 'utf8')
  const own = await temporaryFolder('catalog')
  const next = source
    .replace('version: 1.0.0', 'version: 1.1.0')
    .replaceAll('operationId: getItem\n', 'operationId: getItem\n      deprecated: true\n')
  const less = next.replace('/{organization}/items:', '/{organization}/goods:')
  await writeFile(join(own, 'less.yaml'), less)
  const refused = await contract(['push', 'less.yaml', '--service', 'catalog'], own)
  expect(refused.code).toBe(1)
  expect(refused.stdout).toContain('callers of catalog@1.0.0, which runs in production')
  expect(refused.stdout).toContain('GET /{organization}/items')

  await writeFile(join(own, 'next.yaml'), next)
  expect((await contract(['push', 'next.yaml', '--service', 'catalog'], own)).code).toBe(0)
  const second = createServer((_, response) => response.end())
  onTestFinished(() => void second.close())
  await new Promise<void>((resolve) => second.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(second.address() as AddressInfo).port}`
  await shop.api('PUT', '/services/catalog/releases/1.1.0', { url, weight: 1 })
  await eventually(
    'the release runs in production',
    async () => (await production()).name === '1.1.0',
    30_000,
  )
  await shop.api('PATCH', '/services/catalog/releases', { weights: { '1.1.0': 0 } })
  await eventually('the service itself does again', async () => (await production()).name === '1.0.0', 30_000)
})

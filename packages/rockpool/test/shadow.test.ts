import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { eventually } from './support/eventually.ts'
import { end, root, run } from './support/installation.ts'

// `rockpool gateway --shadow`, as somebody runs it in front of an API of their own.

const bin = join(root, 'packages/rockpool/bin/rockpool.mjs')
const children: ChildProcess[] = []
let folder: string
let api: Server
let upstream: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rockpool-shadow-'))
  api = createServer((request, response) => {
    const isKnown = (request.headers.authorization ?? '').startsWith('Bearer ')
    response.writeHead(isKnown ? 200 : 401, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify({ method: request.method, url: request.url }))
  }).listen(0, '127.0.0.1')
  await once(api, 'listening')
  upstream = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
})
afterAll(async () => {
  for (const child of children) await end(child, 'SIGKILL')
  api.close()
  api.closeAllConnections()
  await rm(folder, { recursive: true, force: true })
})

interface Running {
  child: ChildProcess
  url: string
  output: () => string
}

async function start(out: string, ...args: string[]): Promise<Running> {
  const given = ['gateway', '--upstream', upstream, '--shadow', '--port', '0', '--out', out, ...args]
  const child = spawn(process.execPath, [bin, ...given], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '--conditions=@rockpool/source', NO_COLOR: '1' },
  })
  children.push(child)
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const [, url = ''] = await eventually(
    'the shadow listens',
    async () => /(http:\/\/127\.0\.0\.1:\d+)/.exec(text),
    30_000,
  )
  return { child, url, output: () => text }
}

const get = (url: string, path: string, key?: string) =>
  fetch(new URL(path, url), key ? { headers: { authorization: `Bearer ${key}` } } : {})

/** Two customers use the API. */
async function use(url: string): Promise<void> {
  for (const [organization, key] of [
    ['acme', 'secret-of-acme'],
    ['globex', 'secret-of-globex'],
  ] as const)
    for (const path of ['orders/17', 'orders/18', 'items'])
      expect((await get(url, `/${organization}/${path}`, key)).status).toBe(200)
  expect((await get(url, '/acme/items')).status).toBe(401)
}

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>
}
const read = async (out: string) => parse(await readFile(join(folder, out), 'utf8')) as Document

test('Ctrl-C leaves a contract, a proposal that names the organization, and a summary; no secret is in any of them', async () => {
  const { child, url, output } = await start('one.yaml')
  await use(url)
  await end(child, 'SIGINT')
  expect(child.exitCode, output()).toBe(0)
  const { paths } = await read('one.yaml')
  expect(Object.keys(paths)).toEqual(['/{organization}/items', '/{organization}/orders/{orderId}'])
  expect(Object.keys(paths['/{organization}/items']!['get']!.responses)).toEqual(['200', '401'])
  const proposal = await readFile(join(folder, 'one.config.ts'), 'utf8')
  expect(proposal).toContain('Segment 1 of the path tells the organization: 2 credentials were seen')
  expect(proposal).toContain(`url: '${upstream}'`)
  expect(output()).toMatch(/GET +\/\{organization\}\/orders\/\{orderId\} +4× +200/)
  expect(output()).toContain('7 requests, 2 routes')
  for (const text of [proposal, output(), JSON.stringify(paths)])
    expect(text).not.toMatch(/secret|acme|globex/)
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([])
})

test('killed with -9 it leaves a whole document, which the next one goes on to write', async () => {
  const first = await start('two.yaml')
  await use(first.url)
  const written = await eventually(
    'a document, without anybody asking',
    () => read('two.yaml').catch(() => null),
    15_000,
  )
  await end(first.child, 'SIGKILL')
  expect(await read('two.yaml')).toEqual(written)
  await expect(get(first.url, '/acme/items')).rejects.toThrow()

  const second = await start('two.yaml')
  await get(second.url, '/health', 'key')
  await end(second.child, 'SIGTERM')
  expect(second.child.exitCode, second.output()).toBe(0)
  expect(Object.keys((await read('two.yaml')).paths)).toEqual(['/health'])
})

test('a file of somebody else’s is never written over: not at the start, and not when it comes later', async () => {
  await writeFile(join(folder, 'mine.yaml'), 'openapi: 3.1.0\n')
  const refused = await run([
    bin,
    'gateway',
    '--upstream',
    upstream,
    '--shadow',
    '--out',
    join(folder, 'mine.yaml'),
  ])
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('stays as it is; name another file with --out')

  const { child, url, output } = await start('later.yaml')
  await use(url)
  await writeFile(join(folder, 'later.config.ts'), 'mine')
  await end(child, 'SIGINT')
  expect(child.exitCode).toBe(2)
  expect(output()).toContain('later.config.ts is not what the shadow wrote there')
  expect(await readFile(join(folder, 'later.config.ts'), 'utf8')).toBe('mine')
  expect(Object.keys((await read('later.yaml')).paths)).toHaveLength(2)
})

test('what it cannot be started with is told with all findings', async () => {
  const { code, stderr } = await run([bin, 'gateway', '--upstream', 'http://user@host/path', '--port', 'x'])
  expect(code).toBe(2)
  for (const option of ['--upstream', '--port', '--shadow']) expect(stderr).toContain(`${option}  must be`)
})

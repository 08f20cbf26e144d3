import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { shownInPage } from './support/contract-page.ts'
import { eventually } from './support/eventually.ts'
import { temporaryFolder } from './support/folder.ts'
import { root, run } from './support/installation.ts'
import type { Finished } from './support/installation.ts'

// The commands about contracts, as users run them, in the folder of a small contract and its next version.

const bin = join(root, 'packages/rockpool/bin/rockpool.mjs')
const folder = join(root, 'packages/rockpool/test/fixtures/petshop')

function contract(args: string[], cwd = folder): Promise<Finished> {
  return run([bin, 'contract', ...args], { ...process.env, NO_COLOR: '1' }, cwd)
}

test('what the page shows is what its commands print', async () => {
  const shown = await shownInPage()
  const said = await Promise.all(
    shown
      .filter(({ args }) => args[0] === 'lint' || args[0] === 'diff')
      .map(async ({ args, output }) => ({ output, is: (await contract(args)).stdout.trimEnd() })),
  )
  expect(said).toHaveLength(2)
  for (const { output, is } of said) expect(is).toBe(output)
})

test('differences that break somebody on the wire are exit code 1, others 0, what cannot be told 2', async () => {
  expect((await contract(['diff', 'petshop.yaml', 'petshop-next.yaml'])).code).toBe(1)
  expect(await contract(['diff', 'petshop.yaml', 'petshop.yaml'])).toMatchObject({
    code: 0,
    stdout: 'No differences\n',
  })
  const { code, stdout, stderr } = await contract(['diff', 'petshop.yaml', 'absent.yaml'])
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain('absent.yaml')
  const json = JSON.parse(
    (await contract(['diff', 'petshop.yaml', 'petshop-next.yaml', '--format', 'json'])).stdout,
  ) as { differences: object[] }
  expect(json.differences).toHaveLength(8)
})

test('differences can be asked for by aspect and by operation; the exit code counts all', async () => {
  const both = ['diff', 'petshop.yaml', 'petshop-next.yaml']
  const code = await contract([...both, '--only', 'code'])
  expect(code.code).toBe(1)
  expect(code.stdout).toContain('api-operation-id-renamed')
  expect(code.stdout).not.toContain('request-parameter-max-decreased')
  expect(code.stderr).toMatch(/\d others are not asked for/)
  const one = await contract([...both, '--operation', 'removePet', '--format', 'json'])
  const { differences } = JSON.parse(one.stdout) as { differences: { rule: string }[] }
  expect(differences.map(({ rule }) => rule)).toContain('api-operation-id-renamed')
  expect(differences.length).toBeLessThan(8)
  expect(await contract([...both, '--operation', 'nobody'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('neither version has an operation “nobody”'),
  })
})

test('of very many differences 200 are told, unless all are asked for', async () => {
  const out = await temporaryFolder('many')
  const document = (status: number) => {
    const get = { responses: { [status]: { description: '' } } }
    const paths = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`/p${index}`, { get }]))
    return JSON.stringify({ openapi: '3.1.0', info: { title: 'M', version: '1' }, paths })
  }
  await writeFile(join(out, 'a.json'), document(200))
  await writeFile(join(out, 'b.json'), document(201))
  const told = async (...flags: string[]) => {
    const { stdout } = await contract(['diff', 'a.json', 'b.json', ...flags], out)
    return [stdout.match(/^ {2}\w/gm)?.length, /(\d+) differences/.exec(stdout)?.[1], stdout] as const
  }
  const [few, counted, text] = await told()
  const [every, all] = await told('--all')
  expect(few).toBe(200)
  expect(every).toBe(Number(all))
  expect(counted).toBe(all)
  expect(text).toContain(`; ${Number(all) - 200} of them, none worse than these, are left out\n`)
})

test('every command fetches from the origins that are allowed, and says what would have to be', async () => {
  const asked: string[] = []
  const server = createServer(({ url = '' }, response) => {
    asked.push(url)
    response.end(JSON.stringify({ Thing: { type: 'object', required: ['id'], properties: { id: {} } } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const out = await temporaryFolder('remote')
  const content = { 'application/json': { schema: { $ref: `${origin}/things.json#/Thing` } } }
  const paths = { '/a': { get: { operationId: 'a', responses: { 200: { description: '', content } } } } }
  const info = { title: 'A', version: '1' }
  await writeFile(join(out, 'a.json'), JSON.stringify({ openapi: '3.1.0', info, paths }))

  const refused = await contract(['lint', 'a.json'], out)
  expect([refused.code, asked]).toEqual([1, []])
  expect(refused.stdout).toContain(`--allow-remote ${origin}`)
  const allowed = ['--allow-remote', 'https://specs.example.test', '--allow-remote', origin]
  for (const args of [
    ['lint', 'a.json'],
    ['types', 'a.json'],
    ['convert', 'a.json'],
    ['diff', 'a.json', 'a.json'],
  ])
    expect(await contract([...args, ...allowed], out)).toMatchObject({ code: 0, stderr: '' })
  expect(asked).toHaveLength(5)
  const wrong = await contract(['types', 'a.json', '--allow-remote', `${origin}/things`], out)
  expect([wrong.code, wrong.stdout]).toEqual([2, ''])
  expect(wrong.stderr).toContain(`“${origin}/things” is no origin`)
})

test('what is converted is the same contract, as OpenAPI 3.1, in either notation', async () => {
  const out = await temporaryFolder('convert')
  const [yaml, json] = [join(out, 'a.yaml'), join(out, 'a.json')]
  expect((await contract(['convert', 'petshop.yaml', '--out', yaml])).code).toBe(0)
  await writeFile(json, (await contract(['convert', 'petshop.yaml', '--format', 'json'])).stdout)
  for (const file of [yaml, json]) {
    expect(await contract(['diff', join(folder, 'petshop.yaml'), file], out)).toMatchObject({
      code: 0,
      stdout: 'No differences\n',
    })
    expect((await contract(['lint', file], out)).stdout).toContain('Petshop 1.2.0 (OpenAPI 3.1)')
  }
})

test('what is printed comes whole, however slowly it is read; a reader who goes ends it', async () => {
  const out = await temporaryFolder('slow')
  const schema = { type: 'string', description: 'long'.repeat(50) }
  const schemas = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`S${index}`, schema]))
  const document = { openapi: '3.1.0', info: { title: 'M' }, paths: {}, components: { schemas } }
  await writeFile(join(out, 'a.json'), JSON.stringify(document))
  const args = [bin, 'contract', 'convert', 'a.json', '--format', 'json']
  const start = () => spawn(process.execPath, args, { cwd: out, stdio: ['ignore', 'pipe', 'pipe'] })
  const slow = start()
  let text = ''
  for await (const piece of slow.stdout.setEncoding('utf8')) {
    text += piece
    await new Promise(setImmediate)
  }
  expect(JSON.parse(text)).toMatchObject({ components: { schemas } })
  const gone = start()
  gone.stdout.once('data', () => void gone.stdout.destroy())
  let said = ''
  gone.stderr.setEncoding('utf8').on('data', (piece) => (said += piece))
  expect(await new Promise((resolve) => gone.once('close', resolve))).toBe(0)
  expect(said).not.toContain('EPIPE')
})

test('a contract that cannot be used is refused with all findings, by every command', async () => {
  const out = await temporaryFolder('broken')
  await writeFile(
    join(out, 'broken.yaml'),
    'openapi: 3.1.0\ninfo: {title: A, version: "1"}\npaths:\n  /a:\n    get: 3\n    post: {parameters: [{in: query}]}\n',
  )
  const lint = await contract(['lint', 'broken.yaml'], out)
  expect(lint.code).toBe(1)
  expect(lint.stdout).toContain('broken.yaml:5  /paths/~1a/get')
  expect(lint.stdout).toContain('broken.yaml:6  /paths/~1a/post/parameters/0')
  for (const command of ['convert', 'types', 'mock']) {
    const { code, stdout, stderr } = await contract([command, 'broken.yaml'], out)
    expect([command, code, stdout]).toEqual([command, 2, ''])
    expect(stderr).toContain('broken.yaml:5')
  }
})

/** A mock that runs until the test ends; `said`: on its terminal, so far. */
async function startMock(args: string[], cwd = folder) {
  const mock = spawn(process.execPath, [bin, 'contract', 'mock', ...args, '--port', '0'], {
    cwd,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void mock.kill('SIGKILL'))
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    mock.stdout.on('data', (piece) => {
      said += piece
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
      if (found !== undefined) resolve(found)
    })
    mock.once('close', () => reject(new Error(`it ended: ${said}`)))
  })
  return { mock, url, said: () => said }
}

test('a mock serves until it is stopped; what is made by one request is there for the next', async () => {
  const { mock, url } = await startMock(['petshop.yaml'])
  const post = (body: object) =>
    fetch(`${url}/pets`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  const made = await post({ name: 'Rex', price: 3, kind: 'dog' })
  expect(made.status).toBe(201)
  const pet = (await made.json()) as { id: string }
  expect(pet).toMatchObject({ name: 'Rex', price: 3, kind: 'dog' })
  expect(await (await fetch(`${url}/pets/${pet.id}`)).json()).toEqual(pet)
  expect(await (await fetch(`${url}/pets`)).json()).toEqual([pet])
  expect((await fetch(`${url}/pets/${pet.id}`, { method: 'DELETE' })).status).toBe(204)
  expect(await (await fetch(`${url}/pets/${pet.id}`)).json()).toEqual({ message: 'There is no such pet' })
  expect((await post({ kind: 'bird' })).status).toBe(422)
  const ended = new Promise((resolve) => mock.once('close', resolve))
  mock.kill('SIGTERM')
  expect(await ended).toBe(0)
})

test('a mock sends webhooks where it may, and says so', async () => {
  const cwd = await temporaryFolder('webhooks')
  const ended = { post: { responses: { '204': { description: '' } } } }
  const document = { openapi: '3.1.0', info: { title: 'Jobs', version: '1.0.0' }, webhooks: { ended } }
  await writeFile(join(cwd, 'jobs.json'), JSON.stringify(document))
  const receiver = createServer((_, response) => void response.writeHead(204).end())
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void receiver.close())
  const origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const { url, said } = await startMock(['jobs.json', '--callbacks', origin], cwd)
  const send = (to: string) =>
    fetch(`${url}/.rockpool/mock/webhooks/ended`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ url: to }),
    })
  expect(await (await send(`${origin}/hook`)).json()).toMatchObject({ status: 204, declared: true })
  expect((await send('https://elsewhere.example')).status).toBe(422)
  await eventually('the line of the call', async () =>
    said().includes(`ok   webhook ended: POST ${origin}/hook: 204\n`),
  )
  const refused = await contract(['mock', 'jobs.json', '--callbacks', 'http://elsewhere.example'], cwd)
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  expect(refused.stderr).toContain('--callbacks')
})

test('a client that is checked in is held to its contract', async () => {
  expect(await contract(['client', 'petshop.yaml', '--out', 'client', '--check'])).toMatchObject({ code: 0 })
  const out = await temporaryFolder('client')
  expect((await contract(['client', 'petshop.yaml', '--out', out])).code).toBe(0)
  expect((await contract(['client', 'petshop.yaml', '--out', out, '--check'])).code).toBe(0)
  await writeFile(join(out, 'client.ts'), 'changed')
  await rm(join(out, 'mock.ts'))
  const { code, stdout } = await contract(['client', 'petshop.yaml', '--out', out, '--check'])
  expect([code, stdout.trimEnd().split('\n')]).toEqual([
    1,
    ['client.ts', 'mock.ts'].map((name) => `FAIL ${out}/${name} is not what petshop.yaml gives`),
  ])
  expect(await readFile(join(out, 'client.ts'), 'utf8')).toBe('changed')
  const refused = await contract(['client', 'absent.yaml', '--out', join(out, 'none')])
  expect([refused.code, existsSync(join(out, 'none'))]).toEqual([2, false])
})

test('types of checks are held to the contracts of the configuration', async () => {
  const shop = join(root, 'examples/shop')
  const types = ['types', '--checks', '--out', 'checks/types', '--check']
  expect(await contract(types, shop)).toMatchObject({ code: 0 })
  const out = await temporaryFolder('types')
  expect(await contract(['types', '--checks', '--out', out, '--check'], shop)).toMatchObject({ code: 1 })
  expect((await contract(['types', '--checks', 'petshop.yaml', '--out', out])).code).toBe(2)
  expect((await contract(['types'])).code).toBe(2)
})

const untidy = `openapi: 3.1.0
info: { title: Untidy, version: "1" }
paths:
  /Orders:
    get:
      security: []
      parameters:
        - { name: limit, in: query, description: How many, schema: { type: integer } } # pages
      responses: { '200': { description: The orders } }
`

test('settings beside a contract say what is an error; --max-warnings holds a line; settings that are wrong are exit code 2', async () => {
  const out = await temporaryFolder('lint')
  const settings = join(out, 'rockpool.lint.yaml')
  await writeFile(join(out, 'api.yaml'), untidy)
  expect((await contract(['lint', 'api.yaml'], out)).code).toBe(0)
  await writeFile(settings, 'rules: { path-case: warn }')
  expect((await contract(['lint', 'api.yaml', '--max-warnings', '1'], out)).code).toBe(0)
  expect((await contract(['lint', 'api.yaml', '--max-warnings', '0'], out)).code).toBe(1)
  await writeFile(settings, 'rules: { path-case: error }')
  const { code, stdout } = await contract(['lint', 'api.yaml', '--json'], out)
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
  expect(code).toBe(1)
  expect(lines).toMatchObject([
    { rule: 'path-case', level: 'error', file: 'api.yaml', line: 6, path: '/paths/~1Orders/get' },
    { title: 'Untidy', errors: 1, warnings: 0 },
  ])
  await writeFile(settings, 'rules: { path-cas: error }\nextend: house\n')
  const wrong = await contract(['lint', 'api.yaml'], out)
  expect([wrong.code, wrong.stdout]).toEqual([2, ''])
  expect(wrong.stderr).toContain('rockpool.lint.yaml:1  /rules/path-cas')
  expect(wrong.stderr).toContain('did you mean path-case?')
  expect(wrong.stderr).toContain('did you mean extends?')
  const bad = await contract(['lint', 'api.yaml', '--max-warnings', '-1'], out)
  expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('--max-warnings')])
})

test('--fix mends in place, and --dry-run prints what git can apply, to the same text', async () => {
  const out = await temporaryFolder('fix')
  const file = join(out, 'api.yaml')
  await writeFile(file, `\uFEFF${untidy}`)
  await chmod(file, 0o640)
  await writeFile(join(out, 'house.yaml'), 'rules: { parameter-descriptions: error }')
  const lint = (...args: string[]) => contract(['lint', 'api.yaml', '--rules', 'house.yaml', ...args], out)
  const dry = await lint('--fix', '--dry-run')
  expect(dry.stdout).toContain(
    '-        - { name: limit, in: query, description: How many, schema: { type: integer } } # pages\n+        - { name: limit, in: query, schema: { type: integer } } # pages',
  )
  expect(await readFile(file, 'utf8')).toBe(`\uFEFF${untidy}`)
  expect((await lint()).code).toBe(1)
  const mended = await lint('--fix')
  expect([mended.code, mended.stderr]).toEqual([0, '1 finding mended in api.yaml\n'])
  expect(await readFile(file, 'utf8')).toBe(`\uFEFF${untidy.replace(', description: How many', '')}`)
  expect((await stat(file)).mode & 0o777).toBe(0o640)
  expect((await readdir(out)).toSorted()).toEqual(['api.yaml', 'house.yaml'])
  expect((await lint('--fix')).stderr).toBe('nothing can be mended safely\n')
})

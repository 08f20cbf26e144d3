import { readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { copyFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createLoopback, json } from '../../../test/support/checks.ts'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { createPool, discover } from '../../checks/index.ts'
import { readConfig } from '../../kernel/index.ts'
import { parseCurl } from './curl.ts'
import { importCalls } from './import.ts'
import type { ImportOptions } from './import.ts'
import { coverageOf, writeChecks } from './import-openapi.ts'

const fixture = fileURLToPath(new URL('../../../test/fixtures/things/openapi.yaml', import.meta.url))
const token = 'zephyr-quartz-0042'

/** An API, a configuration that knows it as a service of production, and a store for secrets that only remembers. */
async function open() {
  let calls = 0
  const api = await createLoopback(({ url, headers }, response) => {
    if (url.startsWith('/v1/broken')) return json(response, 500, {})
    if (url.startsWith('/v1/gone')) return json(response, 404, { error: 'nothing is here' })
    if (url.startsWith('/v1/now-and-then')) return json(response, ++calls % 2 ? 200 : 429, {})
    if (headers['authorization'] !== `Bearer ${token}`) return json(response, 401, { error: 'show a token' })
    json(response, 200, { id: '7', name: 'Tide clock', call: ++calls, echo: headers['authorization'] })
  })
  const folder = await temporaryFolder('import')
  onTestFinished(() => api.close())
  await copyFile(fixture, join(folder, 'openapi.yaml'))
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  const config = await readConfig(
    {
      name: 'things',
      installations: {
        local: { gateway: 'http://127.0.0.1:8470', control: 'http://127.0.0.1:8471', embedded: true },
      },
      organizations: [{ slug: 'things', name: 'Things', environment: 'production' }],
      sandboxes: { parent: 'things' },
      services: { things: { contract: './openapi.yaml', url: `${api.url}/v1`, production: true } },
      checks: ['checks/**/*.check.ts'],
    },
    join(folder, 'rockpool.config.ts'),
  )
  const kept: [string, string][] = []
  const said: string[] = []
  const run = async (lines: string[], options: Partial<ImportOptions> = {}) =>
    importCalls({
      config,
      gateways: ['http://127.0.0.1:8470'],
      calls: lines.map((line) => {
        const reading = parseCurl(line)
        if (!reading.ok) throw new Error(reading.findings.join())
        return reading.call
      }),
      allowWrite: false,
      again: '--installation local --data /srv/things',
      pauseMs: 10,
      keepSecret: async (name, value) => {
        // Nothing is on the disk yet.
        expect(await readdir(join(folder, 'checks')).catch(() => [])).toEqual(await before)
        kept.push([name, value])
        return name
      },
      say: (line) => said.push(line),
      ...options,
    })
  let before: Promise<string[]> = Promise.resolve([])
  const files = () => readdir(join(folder, 'checks')).catch(() => [])
  return {
    api,
    folder,
    config,
    kept,
    said,
    files,
    run: (...args: Parameters<typeof run>) => ((before = files()), run(...args)),
  }
}

async function checksIn(file: string) {
  const pool = createPool()
  const { checks, findings } = await discover([file], pool)
  pool.close()
  expect(findings).toEqual([])
  return checks
}

test('a call becomes a check of the operation that it is, with its token in the store before anything is written', async () => {
  const { api, kept, run } = await open()
  const { file, operations } = await run([
    `curl '${api.url}/v1/things/7?page=1' -H 'Authorization: Bearer ${token}' -H 'X-Plain: a'`,
  ])
  expect(api.requests).toHaveLength(2)
  expect(kept).toEqual([['THINGS_TOKEN', token]])
  expect(operations).toEqual(['things.getThingsById'])
  const text = await readFile(file, 'utf8')
  expect(text).not.toContain('zephyr')
  expect(text).toContain("headers: { authorization: `Bearer ${secrets.THINGS_TOKEN}`, 'x-plain': 'a' }")
  expect(text).toContain("expect(answer.body).toMatchObject({ id: '7', name: 'Tide clock' })")
  expect(text).toContain("expect(typeof answer.body.call, 'call').toBe('number')")
  expect(text).toContain("expect(typeof answer.body.echo, 'echo').toBe('string')")
  expect(file).toMatch(/checks\/get-things-by-id\.check\.ts$/)
  expect(await checksIn(file)).toMatchObject([{ name: 'things: getThingsById answers as it did' }])
})

test('again, it writes beside the first, and under another name of check', async () => {
  const { api, run, files } = await open()
  const call = `curl ${api.url}/v1/things/7 -H 'Authorization: Bearer ${token}'`
  const first = await run([call])
  const before = await readFile(first.file, 'utf8')
  const second = await run([call])
  expect(await readFile(first.file, 'utf8')).toBe(before)
  expect(await files()).toEqual(['get-things-by-id-2.check.ts', 'get-things-by-id.check.ts'])
  expect(await checksIn(second.file)).toMatchObject([{ name: 'things: getThingsById answers as it did (2)' }])
})

test('a call that no contract knows is made as it was shown', async () => {
  const { api, run, said } = await open()
  const { file } = await run([`curl ${api.url}/other?api_key=${token} -H 'Authorization: Bearer ${token}'`])
  const text = await readFile(file, 'utf8')
  expect(text).not.toContain('zephyr')
  expect(text).toContain(`fetch(\`${api.url}/other?api_key=\${encodeURIComponent(secrets.API_TOKEN)}\``)
  expect(text).toContain('expect(response.status).toBe(200)')
  expect(await checksIn(file)).toHaveLength(1)
  expect(said.join('\n')).toMatch(/API_TOKEN/)
})

test('a credential of Rockpool’s own stays out of the file, whether the call is known or not', async () => {
  const { api, run, kept } = await open()
  const ours = "-H 'Authorization: Bearer rp_live_0123456789abcdef'"
  const known = await run([`curl ${api.url}/v1/status ${ours}`])
  const plain = await run([`curl ${api.url}/other ${ours}`])
  const texts = await Promise.all([known, plain].map(({ file }) => readFile(file, 'utf8')))
  expect(texts.join()).not.toContain('rp_live')
  expect(texts[0]).toContain('api.things.getStatus()')
  expect(kept).toEqual([['API_TOKEN', 'rp_live_0123456789abcdef']])
  const short = [`curl ${api.url}/other --json '{"password":"abc"}'`]
  await expect(run(short, { allowWrite: true })).rejects.toThrow(/^PASSWORD: nobody should read that/)
})

test('several calls become steps of one check; what may change something is left out until it is allowed', async () => {
  const { api, run, said } = await open()
  const auth = `-H 'Authorization: Bearer ${token}'`
  const lines = [
    `curl ${api.url}/v1/things/7 ${auth}`,
    `curl ${api.url}/v1/things --json '{"id":"9"}' ${auth}`,
  ]
  const { file } = await run(lines, { title: 'a visitor looks' })
  expect(api.requests.map(({ method }) => method)).toEqual(['GET', 'GET'])
  expect(said.join('\n')).toMatch(/left out +POST .*--allow-write makes it, twice/)
  expect(file).toMatch(/a-visitor-looks\.check\.ts$/)
  const both = await run(lines, { allowWrite: true })
  expect(said.join('\n')).toMatch(/things is production: the gateway refuses a check’s write there/)
  const text = await readFile(both.file, 'utf8')
  expect(text).toContain("answer2 = await step('call addThing'")
  expect(text).toContain("body: { id: '9' }")
  await expect(run([lines[1]!])).rejects.toThrow(/--allow-write/)
})

test('without an installation to keep a secret, or an answer to learn from, nothing is written', async () => {
  const { api, run, files } = await open()
  const auth = `-H 'Authorization: Bearer ${token}'`
  await expect(run([`curl ${api.url}/v1/things/7 ${auth}`], { keepSecret: null })).rejects.toThrow(
    'the call has a secret (THINGS_TOKEN), which an installation keeps while it runs: start it with “rockpool up --installation local --data /srv/things”',
  )
  expect(api.requests).toHaveLength(0)
  await expect(run([`curl ${api.url}/v1/broken`])).rejects.toThrow(
    /answered 500, and no check is written that expects a fault: import the call when it answers/,
  )
  await expect(run(['curl http://127.0.0.1:9/x'])).rejects.toThrow(/127\.0\.0\.1:9/)
  expect(await files()).toEqual([])
})

test('a check that expects an error says so, and what to do if that is not meant', async () => {
  const { api, run, said } = await open()
  const noted = async (call: string) => {
    const { file, errors } = await run([call])
    const at = said.findIndex((line) => line.startsWith('wrote '))
    const notes = said.splice(0).slice(at + 1)
    return { text: await readFile(file, 'utf8'), errors, notes: notes.join('\n') }
  }
  const { host } = new URL(api.url)

  const refused = await noted(`curl ${api.url}/v1/things/7`)
  expect(refused.text).toContain('toBe(401)')
  expect(refused.errors).toEqual([{ call: `GET ${host}`, statuses: [401] }])
  expect(refused.notes).toMatch(`GET ${host} answered 401: the check expects this error`)
  expect(refused.notes).toMatch(/not meant\? Give it a credential .*secret.*import it again/)

  const missing = await noted(`curl ${api.url}/v1/gone`)
  expect(missing.notes).toMatch(/answered 404: the check expects this error/)
  expect(missing.notes).toMatch(/not meant\? Correct the URL, remove checks\/.*, and import it again/)

  const both = await noted(`curl ${api.url}/v1/now-and-then`)
  expect(both.notes).toMatch(/answered 200 and 429: the check expects either/)

  const well = await noted(`curl ${api.url}/v1/things/7 -H 'Authorization: Bearer ${token}'`)
  expect(well).toMatchObject({ errors: [], notes: '' })
})

test('a document tells which of its operations are called, and a check is written for each that can be called as it stands', async () => {
  const { config, folder, said } = await open()
  const file = join(folder, 'openapi.yaml')
  const coverage = await coverageOf(config, file, () => Promise.resolve(new Set(['getStatus', 'addThing'])))
  expect(coverage).toMatchObject({ service: 'things', verified: 2, operations: { length: 4 } })
  const say = (line: string) => void said.push(line)
  const written = await writeChecks(config, coverage, file, say)
  expect(written).toEqual([join(folder, 'checks/things/list-things.check.ts')])
  expect(await checksIn(written[0]!)).toMatchObject([
    { name: 'things: GET /things is refused without a credential' },
  ])
  expect(await writeChecks(config, coverage, file, say)).toEqual([])
  expect(said.at(-1)).toMatch(/kept .*it is yours/)
  await copyFile(fixture, join(folder, 'other.yaml'))
  const other = await coverageOf(config, join(folder, 'other.yaml'), () =>
    Promise.reject(new Error('no service')),
  )
  expect(other).toMatchObject({ service: null, verified: 0 })
  await expect(writeChecks(config, other, 'other.yaml', say)).rejects.toThrow(/no service of/)
})

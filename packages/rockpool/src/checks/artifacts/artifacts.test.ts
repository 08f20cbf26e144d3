import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { send, startApi } from '../../../test/support/api.ts'
import type { TestApi } from '../../../test/support/api.ts'
import { createSimulatedClock, problem, silentLog } from '../../kernel/index.ts'
import type { Runs } from '../runs/runs.ts'
import { createArtifactLinks, linkMs } from './links.ts'
import { artifactName } from './names.ts'
import { artifactOperations } from './operations.ts'
import { createArtifactFolder } from './store.ts'
import { startTraceViewer } from './viewer.ts'

const run = 'run_0199'
const png = Buffer.from('89504e47', 'hex')
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rockpool-artifacts-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test.each([
  '../secret.png',
  'a/b.png',
  '.hidden.png',
  'a..png',
  'A.png',
  'a.html',
  'a.svg',
  'a b.png',
  'a%2e.png',
  '',
  `${'a'.repeat(100)}.png`,
])('the name “%s” is refused', (name) => expect(artifactName.safeParse(name).success).toBe(false))

describe('artifacts in a folder', () => {
  test('are kept whole, by run and name, and read again', async () => {
    const artifacts = createArtifactFolder({ folder, clock: createSimulatedClock() })
    await artifacts.put(run, 'a.png', png)
    expect(Buffer.compare(await artifacts.get(run, 'a.png'), png)).toBe(0)
    expect(await readdir(join(folder, run))).toEqual(['a.png'])
    await expect(artifacts.get(run, 'b.png')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('never lead out of it, whoever asks', async () => {
    const artifacts = createArtifactFolder({ folder: join(folder, 'inner'), clock: createSimulatedClock() })
    await writeFile(join(folder, 'secret.png'), 'hush')
    for (const [of, name] of [
      ['..', 'secret.png'],
      ['run_1/..', '../secret.png'],
      [run, '../../secret.png'],
    ] as const) {
      await expect(artifacts.get(of, name)).rejects.toMatchObject({ code: 'not_found' })
      await expect(artifacts.put(of, name, png)).rejects.toMatchObject({ code: 'not_found' })
    }
  })

  test('have a limit of bytes and of number for each run', async () => {
    const clock = createSimulatedClock()
    const artifacts = createArtifactFolder({ folder, clock, limits: { runBytes: 10, runCount: 2 } })
    await artifacts.put(run, 'a.png', png)
    await artifacts.put(run, 'b.png', png)
    await artifacts.put(run, 'b.png', png)
    await expect(artifacts.put(run, 'b.png', Buffer.alloc(7))).rejects.toMatchObject({
      code: 'body_too_large',
    })
    await expect(artifacts.put(run, 'c.png', Buffer.alloc(1))).rejects.toMatchObject({
      code: 'body_too_large',
    })
  })

  test('are removed after seven days, and before that the oldest runs when all are too much', async () => {
    const clock = createSimulatedClock()
    const artifacts = createArtifactFolder({ folder, clock, limits: { allBytes: 10 } })
    await artifacts.put('run_1', 'a.png', png)
    await clock.advance(1_000)
    await artifacts.put('run_2', 'a.png', png)
    await clock.advance(1_000)
    await artifacts.put('run_3', 'a.png', png)
    await artifacts.sweep()
    expect((await readdir(folder)).toSorted()).toEqual(['run_2', 'run_3'])
    await clock.advance(7 * 86_400_000 - 500)
    expect(await artifacts.sweep()).toBe(1)
    expect(await readdir(folder)).toEqual(['run_3'])
  })
})

test('artifacts that come faster than the keeper looks do not fill the disk', async () => {
  const clock = createSimulatedClock()
  const artifacts = createArtifactFolder({ folder, clock, limits: { allBytes: 64 } })
  for (let number = 1; number <= 40; number++) {
    await artifacts.put(`run_${number}`, 'a.png', png)
    await clock.advance(1_000)
  }
  const left = await readdir(folder)
  expect(left).toContain('run_40')
  expect(left.length * png.length).toBeLessThanOrEqual(64 + 64 / 8)
})

describe('through the API', () => {
  let t: TestApi
  let base: string
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'rockpool-artifacts-api-'))
    const runs = {
      get: (id: string) => {
        if (id === 'run_1') return Promise.resolve({ parent: 'harbor', endedAt: null })
        if (id === 'run_b') return Promise.resolve({ kind: 'bot', parent: 'harbor', endedAt: null })
        if (id === 'run_2') return Promise.resolve({ parent: 'harbor', endedAt: '2026-01-01T00:00:00.000Z' })
        return Promise.reject(problem('not_found', 'there is no such run'))
      },
    } as unknown as Pick<Runs, 'get'>
    const artifacts = createArtifactFolder({ folder: base, clock: createSimulatedClock() })
    const linkTo = (of: string, name: string) => ({
      url: `http://viewer.test/${of}/${name}`,
      endsAt: '2026-01-01T00:00:00.000Z',
    })
    t = await startApi({ operations: artifactOperations({ runs, artifacts, linkTo }) })
  })
  afterAll(async () => {
    await t.close()
    await rm(base, { recursive: true, force: true })
  })
  const put = (credential: string, path: string, type = 'image/png', raw: Buffer = png) =>
    send(t.server, 'PUT', path, { credential, raw, headers: { 'content-type': type } })

  test('a run that lasts keeps what it is given, under its type; one that has ended takes nothing', async () => {
    const writer = await t.control(['read', 'write'])
    expect((await put(writer, '/runs/run_1/artifacts/a.png')).status).toBe(204)
    const got = await send(t.server, 'GET', '/runs/run_1/artifacts/a.png', { credential: writer })
    expect(got).toMatchObject({
      status: 200,
      headers: { 'content-type': 'image/png', 'x-content-type-options': 'nosniff' },
    })
    expect((await put(writer, '/runs/run_2/artifacts/a.png')).body.code).toBe('conflict')
    expect((await put(writer, '/runs/run_1/artifacts/a.zip')).body.code).toBe('unsupported_media_type')
    expect((await put(writer, '/runs/run_1/artifacts/..%2fa.png')).status).toBe(422)
    expect((await put(await t.control(['read']), '/runs/run_1/artifacts/b.png')).body.code).toBe(
      'scope_missing',
    )
    expect(
      (await send(t.server, 'GET', '/runs/run_1/artifacts/a.png/viewer', { credential: writer })).status,
    ).toBe(404)
  })

  test('what a run of a bot shows, only the scope admin puts there, which leads it', async () => {
    const path = '/runs/run_b/artifacts/a.png'
    expect((await put(await t.control(['read', 'write']), path)).body.code).toBe('scope_missing')
    for (const role of ['developer', 'owner'] as const)
      expect((await put(await t.memberOf('harbor', role), path)).body.code).toBe('scope_missing')
    expect((await put(await t.control(['read', 'write', 'admin']), path)).status).toBe(204)
  })

  test('a member sees those of the own organization alone, and cannot tell what else exists', async () => {
    const writer = await t.control(['read', 'write'])
    await put(writer, '/runs/run_1/artifacts/t.zip', 'application/zip')
    await t.organizations.create(null, { slug: 'tide', name: 'Tide', environment: 'production' })
    const own = await t.memberOf('harbor', 'developer')
    const other = await t.memberOf('tide', 'developer')
    const get = (credential: string, path: string) => send(t.server, 'GET', path, { credential })
    expect((await get(own, '/runs/run_1/artifacts/t.zip')).status).toBe(200)
    expect((await get(own, '/runs/run_1/artifacts/t.zip/viewer')).body['url']).toBe(
      'http://viewer.test/run_1/t.zip',
    )
    for (const path of ['/runs/run_1/artifacts/t.zip', '/runs/run_1/artifacts/t.zip/viewer'])
      expect((await get(other, path)).body.code).toBe('not_found')
    expect((await put(other, '/runs/run_1/artifacts/x.png')).body.code).toBe('not_found')
  })
})

describe('a link to a trace', () => {
  const clock = createSimulatedClock()
  const links = createArtifactLinks({ key: 'k', clock })

  test('opens what it names, for half an hour, and nothing else', async () => {
    const { path } = links.sign(run, 'trace.zip')
    expect(links.verify(path)).toEqual({ run, name: 'trace.zip' })
    expect(links.verify(path.replace('trace.zip', 'other.zip'))).toBeUndefined()
    expect(links.verify(path.replace(run, 'run_1'))).toBeUndefined()
    expect(links.verify(path.replace(/trace\/./, 'trace/z'))).toBeUndefined()
    expect(createArtifactLinks({ key: 'other', clock }).verify(path)).toBeUndefined()
    await clock.advance(linkMs)
    expect(links.verify(path)).toBeUndefined()
  })
})

describe('the viewer’s origin', () => {
  test('serves GET alone, its own files and signed traces alone, and lets no other origin read', async () => {
    const clock = createSimulatedClock()
    const artifacts = createArtifactFolder({ folder, clock })
    await artifacts.put(run, 'trace.zip', Buffer.from('PK'))
    const links = createArtifactLinks({ key: 'k', clock })
    const viewer = await startTraceViewer({ artifacts, links, log: silentLog, host: '127.0.0.1' })
    try {
      const { url } = viewer.linkTo(run, 'trace.zip')
      const origin = new URL(url).origin
      const trace = new URL(url).searchParams.get('trace')!
      const read = await fetch(trace, { headers: { origin: 'http://evil.test' } })
      expect(await read.text()).toBe('PK')
      expect(read.headers.get('content-type')).toBe('application/zip')
      expect(read.headers.get('access-control-allow-origin')).toBeNull()
      expect(read.headers.get('cross-origin-resource-policy')).toBe('same-origin')
      const page = await fetch(`${origin}/`)
      expect(page.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self' 'sha256-/,
      )
      expect((await fetch(trace, { method: 'POST' })).status).toBe(405)
      for (const path of ['/trace/x/y/z.zip', '/../package.json', '/%2e%2e/package.json', '/nothing.js'])
        expect((await fetch(`${origin}${path}`)).status, path).toBe(404)
      expect((await fetch(trace.replace(/.(?=\/run_)/, '~'))).status).toBe(404)
    } finally {
      await viewer.close()
    }
  })
})

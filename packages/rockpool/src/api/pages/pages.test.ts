import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { send, startApi, type TestApi } from '../../../test/support/api.ts'
import { readPageFiles } from './files.ts'

const script = `console.log(${JSON.stringify('rockpool '.repeat(500))})\n`
const index =
  '<!doctype html><title>Rockpool</title><script type="module" src="/assets/index-4f2a.js"></script>'
const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }

let base: string
let folder: string
let t: TestApi
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'rockpool-pages-'))
  folder = join(base, 'dist')
  t = await startApi({
    pagesFolder: folder,
    open: (routes) => routes.get('/', (c) => c.text('Is it working? yes')),
  })
})
afterAll(async () => {
  await t.close()
  await rm(base, { recursive: true, force: true })
})

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  send(t.server, method, path, { headers })

test('pages that are not built say how to build them; data is there without them', async () => {
  const answer = await get('/', browser)
  expect(answer.status).toBe(503)
  expect(answer.body['text']).toContain('npm run build')
  expect((await get('/')).body['text']).toBe('Is it working? yes')
})

describe('built pages', () => {
  beforeAll(async () => {
    await mkdir(join(folder, 'assets'), { recursive: true })
    await writeFile(join(folder, 'assets/index-4f2a.js'), script)
    await writeFile(join(folder, 'assets/ready-1.js'), script)
    await writeFile(join(folder, 'assets/ready-1.js.br'), 'made by the build')
    await writeFile(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    await writeFile(join(base, 'secret.js'), 'secret')
    await symlink(join(base, 'secret.js'), join(folder, 'assets/link.js'))
    await writeFile(join(folder, 'index.html'), index)
  })

  test.each(['/', '/runs/run_1', '/organizations', '/sign-in', '/no/such/page', '/session'])(
    'whoever navigates to %s gets the page, without a credential',
    async (path) => {
      const { status, headers, body } = await get(path, browser)
      expect(status).toBe(200)
      expect(body['text']).toBe(index)
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
      })
      expect(headers['vary']).toBe('accept, accept-encoding')
    },
  )

  test('whoever asks for data gets the operation, at the same path', async () => {
    const credential = await t.control(['read'])
    for (const accept of ['application/json', '*/*', 'application/json, text/html;q=0', undefined]) {
      const headers = accept === undefined ? {} : { accept }
      const { status, body } = await send(t.server, 'GET', '/organizations', { credential, headers })
      expect(status).toBe(200)
      expect(body['items']).toHaveLength(2)
    }
    expect((await get('/')).body['text']).toBe('Is it working? yes')
    expect((await get('/organizations')).body.code).toBe('credential_missing')
  })

  test('what is data for everybody stays data in a browser', async () => {
    expect((await get('/openapi.json', browser)).body['openapi']).toBe('3.1.0')
    expect((await get('/.well-known/jwks.json', browser)).body).toHaveProperty('keys')
    expect((await get('/assets/nothing.js', browser)).body.code).toBe('route_unknown')
    expect((await get('/internal/x', browser)).status).toBe(404)
  })

  test('another method is never answered by a page', async () => {
    expect((await get('/organizations', browser, 'POST')).body.code).toBe('credential_missing')
    expect((await get('/assets/index-4f2a.js', browser, 'DELETE')).body.code).toBe('route_unknown')
  })

  test('pages and files carry the policy: nothing inline, nothing from elsewhere, in no frame', async () => {
    for (const path of ['/', '/assets/index-4f2a.js', '/icon.svg']) {
      expect((await get(path, browser)).headers).toMatchObject({
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'x-frame-options': 'DENY',
      })
    }
  })

  test('a file with a hash in its name is kept for a year, compressed as the browser takes it', async () => {
    const plain = await get('/assets/index-4f2a.js')
    expect(plain.body['text']).toBe(script)
    expect(plain.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    })
    const raw = async (encoding: string) => {
      const headers = { 'accept-encoding': encoding, host: `127.0.0.1:${t.server.port}` }
      return get('/assets/index-4f2a.js', headers)
    }
    expect((await raw('gzip')).headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    expect((await raw('gzip, deflate, br')).headers['content-encoding']).toBe('br')
    expect((await raw('br;q=0, gzip')).headers['content-encoding']).toBe('gzip')
    expect((await raw('zstd')).headers).not.toHaveProperty('content-encoding')
    const url = `http://127.0.0.1:${t.server.port}/assets/index-4f2a.js`
    expect(await (await fetch(url)).text()).toBe(script)
  })

  test('what the build compressed is sent as it is', async () => {
    const { headers, body } = await get('/assets/ready-1.js', { 'accept-encoding': 'br' })
    expect(headers['content-encoding']).toBe('br')
    expect(body['text']).toBe('made by the build')
    expect((await get('/assets/ready-1.js.br')).body.code).toBe('route_unknown')
  })

  test('a page that is known already is not sent again', async () => {
    const { headers } = await get('/', browser)
    const again = await get('/', { ...browser, 'if-none-match': `"other", W/${headers['etag']}` })
    expect(again).toMatchObject({ status: 304, body: { text: '' } })
    expect((await get('/', { ...browser, 'if-none-match': '"other"' })).status).toBe(200)
  })

  test('HEAD answers as GET does, without the body', async () => {
    for (const path of ['/', '/assets/index-4f2a.js']) {
      const [head, full] = [await get(path, browser, 'HEAD'), await get(path, browser)]
      expect(head.status).toBe(200)
      expect(head.body['text']).toBe('')
      for (const name of ['content-type', 'content-length', 'etag', 'cache-control'])
        expect(head.headers[name]).toBe(full.headers[name])
    }
  })

  test.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/assets/..%2f..%2fsecret.js',
    '/%2e%2e/secret.js',
    '/assets/....//....//secret.js',
    '/assets\\..\\..\\secret.js',
    '/assets/%00/../../secret.js',
    '/assets/link.js',
    `//${'a/'.repeat(50)}secret.js`,
  ])('nothing outside of the folder is reached: %s', async (path) => {
    const answer = await get(path)
    expect(JSON.stringify(answer.body)).not.toContain('"secret"')
    expect([400, 404]).toContain(answer.status)
  })

  test('a rebound host name gets no page either', async () => {
    expect((await get('/', { ...browser, host: 'evil.example' })).body.code).toBe('host_refused')
  })

  test('built anew, the new pages are served without a restart', async () => {
    await writeFile(join(folder, 'assets/index-5b3c.js'), 'new')
    await writeFile(join(folder, 'index.html'), '<!doctype html>new')
    await utimes(join(folder, 'index.html'), new Date(), new Date(Date.now() + 5_000))
    expect((await get('/', browser)).body['text']).toBe('<!doctype html>new')
    expect((await get('/assets/index-5b3c.js')).body['text']).toBe('new')
  })
})

test('compressed or not, it is the same file', async () => {
  const file = (await readPageFiles(folder)).get('/assets/index-4f2a.js')!
  expect(brotliDecompressSync(file.encodings.get('br')!).toString()).toBe(script)
  expect(gunzipSync(file.encodings.get('gzip')!).toString()).toBe(script)
})

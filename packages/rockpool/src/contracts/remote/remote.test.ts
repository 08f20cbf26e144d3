import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { loadContract } from '../load.ts'
import type { ContractReading } from '../read.ts'
import { originOf } from '../source/origins.ts'
import { createFetchText } from './fetch-text.ts'
import type { RemoteBounds } from './fetch-text.ts'
import { adviceFor, readOrigins } from './origins.ts'

/** A server on loopback, and the paths that it was asked for. */
async function serve(listener: RequestListener): Promise<{ origin: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

/** Serves these documents by their paths, and 404 for all others. */
const documents =
  (byPath: Record<string, unknown>): RequestListener =>
  ({ url = '' }, response) => {
    if (!Object.hasOwn(byPath, url)) return void response.writeHead(404).end('no')
    response.end(JSON.stringify(byPath[url]))
  }

/** Reads a document of OpenAPI whose one schema is what `reference` leads to. */
function load(reference: string, origins: string[], bounds: Partial<RemoteBounds> = {}) {
  const content = { 'application/json': { schema: { $ref: reference } } }
  const paths = { '/a': { get: { operationId: 'a', responses: { 200: { description: '', content } } } } }
  return loadText({ openapi: '3.1.0', info: { title: 'T', version: '1' }, paths }, origins, bounds)
}

async function loadText(
  document: object,
  origins: string[],
  bounds: Partial<RemoteBounds> = {},
): Promise<ContractReading> {
  const file = join(await temporaryFolder('remote'), 'api.json')
  await writeFile(file, JSON.stringify(document, null, 2))
  return loadContract(file, { fetchText: createFetchText({ origins: new Set(origins), bounds }) })
}

const messagesOf = ({ findings }: ContractReading) => findings.map(({ message }) => message)
/** What the one finding says after “which cannot be read: ”. */
const reasonOf = (reading: ContractReading) =>
  messagesOf(reading).map((message) => message.split('which cannot be read: ')[1])
const schemasOf = (reading: ContractReading) => {
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings))
  return Object.fromEntries(reading.contract.schemas)
}

describe('what is allowed', () => {
  test('is fetched, with what it leads to by its own place, each document once', async () => {
    const { origin, asked } = await serve(
      documents({
        '/v1/order.json': {
          Order: {
            type: 'object',
            properties: { line: { $ref: 'parts/line.json' }, of: { $ref: '#/Order' } },
          },
        },
        '/v1/parts/line.json': { type: 'object', properties: { order: { $ref: '../order.json#/Order' } } },
      }),
    )
    const reading = await load(`${origin}/v1/order.json#/Order`, [origin])
    expect(schemasOf(reading)).toEqual({
      Order: {
        type: 'object',
        properties: {
          line: { $ref: '#/components/schemas/line' },
          of: { $ref: '#/components/schemas/Order' },
        },
      },
      line: { type: 'object', properties: { order: { $ref: '#/components/schemas/Order' } } },
    })
    expect(asked).toEqual(['/v1/order.json', '/v1/parts/line.json'])
    const line = reading.ok && reading.contract.schemas.get('line')
    expect(originOf(line as object)).toMatchObject({ file: `${origin}/v1/parts/line.json`, line: 1 })
  })

  test('may be the document itself', async () => {
    const api = { openapi: '3.1.0', info: { title: 'There', version: '1' }, paths: {} }
    const { origin } = await serve(documents({ '/api.json': api }))
    const file = `${origin}/api.json`
    const fetchText = createFetchText({ origins: new Set([origin]) })
    expect(await loadContract(file, { fetchText })).toMatchObject({ ok: true, contract: { title: 'There' } })
    expect((await loadContract(file)).findings).toEqual([
      expect.objectContaining({ file, message: adviceFor(file) }),
    ])
  })

  test('may be redirected within what is allowed', async () => {
    const { origin } = await serve(({ url }, response) =>
      url === '/old'
        ? void response.writeHead(302, { location: '/new' }).end()
        : void response.end('{"type": "string"}'),
    )
    expect(schemasOf(await load(`${origin}/old`, [origin]))).toEqual({ old: { type: 'string' } })
  })
})

describe('what is not allowed', () => {
  test('is not asked, and the finding says what would allow it', async () => {
    const { origin, asked } = await serve(documents({ '/a.json': {} }))
    const reading = await load(`${origin}/a.json`, ['https://specs.example.test'])
    expect(messagesOf(reading)).toEqual([
      `$ref “${origin}/a.json” leads into the network: nothing is fetched from there without --allow-remote ${origin}`,
    ])
    expect(asked).toEqual([])
  })

  test('is not asked where it is redirected there, nor where a fetched document leads there', async () => {
    const elsewhere = await serve(documents({ '/secret': {} }))
    const { origin } = await serve((request, response) =>
      request.url === '/moved'
        ? void response.writeHead(307, { location: `${elsewhere.origin}/secret` }).end()
        : void response.end(JSON.stringify({ items: { $ref: `${elsewhere.origin}/secret` } })),
    )
    expect(reasonOf(await load(`${origin}/moved`, [origin]))).toEqual([
      `it is redirected to ${elsewhere.origin}, which is not allowed`,
    ])
    expect(messagesOf(await load(`${origin}/leads`, [origin]))).toEqual([
      expect.stringContaining(`--allow-remote ${elsewhere.origin}`),
    ])
    expect(elsewhere.asked).toEqual([])
  })

  test.each([
    'file:///etc/passwd',
    'ftp://specs.example.test/a.json',
    'http://specs.example.test/a.json',
    'http://169.254.169.254/latest/meta-data',
    'https://user:word@specs.example.test/a.json',
    'https://[bad/a.json',
  ])('%s can be allowed by nothing', async (reference) => {
    const reading = await load(reference, [reference, 'http://specs.example.test', 'http://169.254.169.254'])
    expect(messagesOf(reading)).toEqual([expect.stringContaining('only https, and http of this machine')])
  })

  test('is no file of this machine, where a document of the network leads to one', async () => {
    const { origin, asked } = await serve(documents({ '/a.json': { items: { $ref: '/etc/passwd' } } }))
    expect(messagesOf(await load(`${origin}/a.json`, [origin]))).toEqual([
      expect.stringContaining(`${origin}/etc/passwd, which cannot be read: it is answered with 404`),
    ])
    expect(asked).toEqual(['/a.json', '/etc/passwd'])
  })
})

describe('what cannot be had is told with the reason', () => {
  test('an answer that is no document', async () => {
    const { origin } = await serve(documents({}))
    expect(reasonOf(await load(`${origin}/a.json`, [origin]))).toEqual(['it is answered with 404'])
  })

  test('a text that cannot be read, with its place there', async () => {
    const { origin } = await serve((_, response) => void response.end('{"type":\n"string",}'))
    expect((await load(`${origin}/a.json`, [origin])).findings).toEqual([
      expect.objectContaining({ file: `${origin}/a.json`, line: 2 }),
    ])
  })

  test('nobody who answers', async () => {
    const { origin } = await serve(({ socket }) => void socket.destroy())
    expect(reasonOf(await load(`${origin}/a.json`, [origin]))).toEqual([expect.stringMatching(/\w/)])
  })

  test('an answer that does not come, and one that comes by drops', async () => {
    const { origin } = await serve(({ url }, response) => {
      if (url === '/drops') response.write('{')
    })
    for (const path of ['/silent', '/drops'])
      expect(reasonOf(await load(`${origin}${path}`, [origin], { ms: 200 }))).toEqual([
        'it takes longer than 0.2 s',
      ])
    expect(reasonOf(await load(`${origin}/silent`, [origin], { allMs: 200 }))).toEqual([
      'fetching took longer than 0.2 s in all',
    ])
  })

  test('an answer without end, and one that is small until it is unpacked', async () => {
    const packed = gzipSync(Buffer.alloc(50_000_000, ' '))
    let written = 0
    const { origin } = await serve(({ url }, response) => {
      if (url === '/packed') return void response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
      const more = () => {
        while (!response.destroyed && written < 500_000_000) {
          written += 65_536
          if (!response.write(Buffer.alloc(65_536, ' '))) return void response.once('drain', more)
        }
      }
      more()
    })
    for (const path of ['/endless', '/packed'])
      expect(reasonOf(await load(`${origin}${path}`, [origin], { bytes: 1_000_000 }))).toEqual([
        'it is larger than the 1000000 bytes that there is room for',
      ])
    expect(written).toBeLessThan(50_000_000)
  })

  test('all bounds count for all documents together', async () => {
    const all = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`/${index}`, { items: { $ref: `${index + 1}` } }]),
    )
    const { origin, asked } = await serve(documents(all))
    const reading = await load(`${origin}/0`, [origin], { documents: 3 })
    expect(reasonOf(reading)).toEqual(['more than 3 documents are fetched'])
    expect(asked).toHaveLength(3)
    const small = await load(`${origin}/0`, [origin], { allBytes: 70 })
    expect(reasonOf(small)).toEqual([expect.stringMatching(/larger than the \d+ bytes/)])
  })

  test('redirects in a circle', async () => {
    const { origin, asked } = await serve((_, response) =>
      response.writeHead(301, { location: '/round' }).end(),
    )
    expect(reasonOf(await load(`${origin}/round`, [origin]))).toEqual(['it is redirected more than 5 times'])
    expect(asked).toHaveLength(6)
  })
})

describe('what api.json imports', () => {
  const service = (name: string, more: object) => ({
    name,
    namespace: `io.${name}.v0`,
    organization: { key: 'acme' },
    application: { key: name },
    version: '1.0.0',
    info: {},
    ...more,
  })
  const field = (name: string, type: string) => ({ name, type, required: true })
  const using = (uri: string) => ({
    name: 'shop',
    imports: [{ uri }],
    models: {
      thing: { fields: [{ name: 'it', type: 'io.common.v0.models.audit', annotations: ['pii'] }] },
    },
  })

  test('is fetched by its URI, with what that imports, in a circle too: types and annotations are known', async () => {
    const byPath: Record<string, unknown> = {}
    const { origin, asked } = await serve((request, response) => documents(byPath)(request, response))
    byPath['/common'] = service('common', {
      imports: [{ uri: `${origin}/people`, namespace: 'io.people.v0' }],
      models: [{ name: 'audit', plural: 'audits', fields: [field('by', 'io.people.v0.models.user')] }],
      annotations: [{ name: 'pii' }],
    })
    byPath['/people'] = service('people', {
      imports: [{ uri: `${origin}/common`, namespace: 'io.common.v0' }],
      models: [{ name: 'user', plural: 'users', fields: [field('last', 'io.common.v0.models.audit')] }],
    })
    const reading = await loadText(using(`${origin}/common`), [origin])
    expect(reading.findings).toEqual([])
    const schemas = schemasOf(reading)
    expect(Object.keys(schemas)).toEqual(['thing', 'io.common.v0.models.audit', 'io.people.v0.models.user'])
    expect(schemas['io.people.v0.models.user']).toMatchObject({
      properties: { last: { $ref: '#/components/schemas/io.common.v0.models.audit' } },
    })
    expect(asked.toSorted()).toEqual(['/common', '/people'])
  })

  test('is refused where it may be fetched and cannot be had', async () => {
    const { origin } = await serve(documents({ '/list': [] }))
    for (const [path, reason] of [
      ['/absent', 'it is answered with 404'],
      ['/list', 'it is no object'],
    ])
      expect((await loadText(using(`${origin}${path}`), [origin])).findings).toEqual([
        expect.objectContaining({
          level: 'error',
          path: '/imports/0/uri',
          message: `${origin}${path} cannot be read: ${reason}`,
        }),
      ])
  })

  test('is a warning that says what would allow it, where it may not be fetched', async () => {
    const { origin, asked } = await serve(documents({}))
    const reading = await loadText(using(`${origin}/common`), [])
    expect(reading.ok).toBe(true)
    expect(messagesOf(reading)).toEqual([expect.stringContaining(`--allow-remote ${origin}`)])
    expect(asked).toEqual([])
  })
})

test('origins are read as they are written; anything more, or in the clear to others, is refused', () => {
  const good = [
    'https://specs.example.test',
    'https://10.0.0.7:8443/',
    'http://localhost:1',
    'http://[::1]:2',
  ]
  expect(readOrigins(good)).toEqual({
    origins: new Set([
      'https://specs.example.test',
      'https://10.0.0.7:8443',
      'http://localhost:1',
      'http://[::1]:2',
    ]),
    findings: [],
  })
  const bad = [
    'specs.example.test',
    'https://a.test/path',
    'http://a.test',
    'https://u@a.test',
    '*',
    '',
    'file:///',
  ]
  expect(readOrigins(bad).findings).toHaveLength(bad.length)
  expect(readOrigins(bad).origins.size).toBe(0)
})

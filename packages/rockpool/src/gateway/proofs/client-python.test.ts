import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readAll } from '../../../test/support/gateway.ts'
import { gatewayFor, live } from '../../../test/support/gateway-client.ts'
import { engines, type EngineName } from '../engines/index.ts'

// Python's http.client and urllib, of its standard library, as clients: test/fixtures/http-client/client.py.

const missing =
  spawnSync('python3', ['--version']).status === 0
    ? undefined
    : 'python3 is missing: npm run setup installs it on Debian'
const script = fileURLToPath(new URL('../../../test/fixtures/http-client/client.py', import.meta.url))
const body = Buffer.alloc(300_000, 'python')

const service: RequestListener = (request, response) => {
  if (request.url === '/harbor/items?chunks') {
    for (const piece of ['one ', 'two ', 'three']) response.write(piece)
    return void response.end()
  }
  if (request.url === '/harbor/items?end') {
    response.shouldKeepAlive = false
    return void response.writeHead(200, { connection: 'close' }).end('to the end')
  }
  void readAll(request).then((bytes) => {
    const sum = createHash('sha256').update(bytes).digest('hex')
    const { 'transfer-encoding': coding } = request.headers
    const text = JSON.stringify({ method: request.method, sum, coding: coding ?? null })
    response.writeHead(200, { 'content-length': Buffer.byteLength(text) })
    response.end(request.method === 'HEAD' ? undefined : text)
  })
}

describe.each(Object.keys(engines) as EngineName[])('engine %s: Python’s http.client', (engine) => {
  test('on one connection: bodies of known length and in chunks, HEAD, errors; and urllib with Basic', async (context) => {
    if (missing !== undefined) context.skip(missing)
    const gateway = await gatewayFor(engine, service)
    const { stdout } = await promisify(execFile)('python3', [script, String(gateway.port), live.text])
    const sum = createHash('sha256').update(body).digest('hex')
    const empty = createHash('sha256').digest('hex')
    expect(JSON.parse(stdout)).toEqual({
      get: [200, { method: 'GET', sum: empty, coding: null }],
      post: [200, { method: 'POST', sum, coding: null }],
      chunked: [200, { method: 'PUT', sum, coding: 'chunked' }],
      head: [200, 0, true],
      answerInChunks: [200, 'one two three'],
      unknown: [404, 'application/problem+json', 'route_unknown'],
      sameConnection: true,
      toTheEnd: [200, 'to the end'],
      basic: [200, 'GET'],
      withoutKey: [401, 'credential_missing'],
    })
  })
})

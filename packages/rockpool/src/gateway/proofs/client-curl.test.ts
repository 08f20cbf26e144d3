import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { makeCertificate } from '../../../test/support/certificates.ts'
import { live } from '../../../test/support/gateway-client.ts'
import {
  listenerGatewayFor,
  socketEngines,
  type SocketEngineName,
} from '../../../test/support/gateway-http2.ts'
import { readAll, temporaryFolder } from '../../../test/support/gateway.ts'

// curl as a client, by each protocol that it speaks.

interface Curled {
  stdout: string
  /** Of `-w`: the last line. */
  info: string
  /** What `-v` says of the conversation. */
  stderr: string
}

function curl(args: string[], input?: Buffer): Promise<Curled> {
  return new Promise((resolve, reject) => {
    const all = ['-s', '-S', '--max-time', '20', '-w', '\n%{http_code} %{http_version}', ...args]
    const child = execFile('curl', all, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error) return reject(new Error(`curl: ${stderr}`, { cause: error }))
      const end = stdout.lastIndexOf('\n')
      resolve({ stdout: stdout.slice(0, end), info: stdout.slice(end + 1), stderr })
    })
    child.stdin!.on('error', () => {})
    child.stdin!.end(input)
  })
}

/** HTTP/2 is served beside each engine by one and the same server. */
const ways: [engine: SocketEngineName, protocol: string, args: string[], version: string][] = [
  ['node', 'HTTP/1.1', ['--http1.1'], '1.1'],
  ['splice', 'HTTP/1.1', ['--http1.1'], '1.1'],
  ['splice', 'HTTP/1.1 by TLS', ['--http1.1'], '1.1'],
  ['splice', 'HTTP/2 by prior knowledge', ['--http2-prior-knowledge'], '2'],
  ['splice', 'HTTP/2 by TLS', ['--http2'], '2'],
]
const whole = randomBytes(1_000_000)
const sumOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const key = ['-u', `${live.text}:`]

/** Tells the sum of what came and how it was framed, and serves ranges. */
const service: RequestListener = (request, response) => {
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')
  if (range) {
    const [from, to] = [Number(range[1]), Number(range[2])]
    response.writeHead(206, { 'content-range': `bytes ${from}-${to}/${whole.length}` })
    return void response.end(whole.subarray(from, to + 1))
  }
  if (request.headers['accept-encoding']?.includes('gzip')) {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    return void response.end(gzipSync('small'))
  }
  void readAll(request).then((body) => {
    const { 'transfer-encoding': coding, 'content-length': length } = request.headers
    const text = JSON.stringify({ sum: sumOf(body), coding, length })
    response.writeHead(200, { 'content-length': Buffer.byteLength(text), etag: '"1"' })
    response.end(request.method === 'HEAD' ? undefined : text)
  })
}

describe.each(ways)('engine %s: curl by %s', (engine, protocol, args, version) => {
  async function open(listener: RequestListener = service) {
    const tls = protocol.endsWith('TLS') ? makeCertificate(temporaryFolder()) : undefined
    const gateway = await listenerGatewayFor(listener, { engine, ...(tls && { tls }) })
    const url = `${tls ? 'https' : 'http'}://127.0.0.1:${gateway.port}/harbor/items`
    const trust = tls ? ['--cacert', tls.cert] : []
    return (more: string[], input?: Buffer) => curl([...args, ...trust, ...key, ...more, url], input)
  }

  test('uploads what it reads from its input, of a length that nobody knows', async () => {
    const ask = await open()
    const { stdout, info } = await ask(['-T', '-'], whole)
    expect(info).toBe(`200 ${version}`)
    expect(JSON.parse(stdout)).toEqual({ sum: sumOf(whole), coding: 'chunked' })
  })

  test('gets ranges as the service serves them', async () => {
    const ask = await open()
    const { stdout, info } = await ask(['-r', '1000-1999', '-D', '-', '-o', '/dev/null'])
    expect(info).toBe(`206 ${version}`)
    expect(stdout.toLowerCase()).toContain('content-range: bytes 1000-1999/1000000')
    const part = await ask(['-r', '0-9', '--output', '-', '-w', '\n%{size_download}'])
    expect(part.info).toBe('10')
  })

  test('asks by HEAD and gets the length alone', async () => {
    const ask = await open()
    const { stdout, info } = await ask(['-I'])
    expect(info).toBe(`200 ${version}`)
    expect(stdout.toLowerCase()).toMatch(/content-length: \d\d/)
    expect(stdout).not.toContain('sum')
  })

  test('gets what is compressed as it is, and unpacks it', async () => {
    const ask = await open()
    expect((await ask(['--compressed'])).stdout).toBe('small')
  })

  test('is refused with a problem where its key does not count', async () => {
    const ask = await open()
    const { stdout, info } = await ask(['-u', 'rp_live_forged:'])
    expect(info).toBe(`401 ${version}`)
    expect(JSON.parse(stdout)).toMatchObject({ code: 'credential_unknown' })
  })
})

describe.each(Object.keys(socketEngines) as SocketEngineName[])('engine %s: curl', (engine) => {
  const expecting = ['--http1.1', ...key, '-H', 'Expect: 100-continue', '--expect100-timeout', '15', '-v']

  test('waits for 100 Continue before it sends a body, and gets it once the service reads', async () => {
    const gateway = await listenerGatewayFor(service, { engine })
    const began = performance.now()
    const args = [...expecting, '-T', '-', `${gateway.url}/harbor/items`]
    const { stdout, stderr } = await curl(args, whole)
    expect(stderr).toContain('< HTTP/1.1 100 Continue')
    expect(JSON.parse(stdout)).toMatchObject({ sum: sumOf(whole) })
    // It did not send only because it lost patience.
    expect(performance.now() - began).toBeLessThan(10_000)
  })

  test('sends no body where it is refused before', async () => {
    const gateway = await listenerGatewayFor(service, { engine })
    const args = [...expecting, '-u', 'rp_live_forged:', '-T', '-', '-w', '\n%{http_code} %{size_upload}']
    const { info, stderr } = await curl([...args, `${gateway.url}/harbor/items`], whole)
    expect(info).toBe('401 0')
    expect(stderr).not.toContain('100 Continue')
  })

  test('that tries again by itself is served once the service is there', async () => {
    let calls = 0
    const gateway = await listenerGatewayFor(
      (request, response) => {
        if (++calls === 1) request.socket.destroy()
        else response.end('there')
      },
      { engine },
    )
    const args = ['--http1.1', ...key, '--retry', '3', '-X', 'POST', `${gateway.url}/harbor/items`]
    const { stdout, info } = await curl(args)
    expect(info).toBe('200 1.1')
    expect(stdout).toMatch(/there$/)
  })

  test('asks many times on one connection', async () => {
    const gateway = await listenerGatewayFor(service, { engine })
    const url = `${gateway.url}/harbor/items?[1-20]`
    const { stdout } = await curl(['--http1.1', ...key, '-w', '\n%{http_code} %{num_connects}\n', url])
    const lines = stdout.split('\n').filter((line) => /^\d+ \d$/.test(line))
    expect(lines).toEqual(['200 1', ...Array.from({ length: 19 }, () => '200 0')])
  })
})

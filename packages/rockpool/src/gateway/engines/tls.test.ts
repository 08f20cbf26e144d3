import { execFile } from 'node:child_process'
import { renameSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeCertificate, type TestCertificate } from '../../../test/support/certificates.ts'
import { bearer, echo, live, seen, sendRaw } from '../../../test/support/gateway-client.ts'
import {
  http2Session,
  listenerGatewayFor,
  sendHttp2,
  socketEngines,
  type SocketEngineName,
} from '../../../test/support/gateway-http2.ts'
import { readAll, temporaryFolder, until, type TestGateway } from '../../../test/support/gateway.ts'
import { preface } from '../../../test/support/http2-frames.ts'
import type { Log } from '../../kernel/index.ts'

const run = promisify(execFile)

/** A TLS connection after its handshake; closed after the test. */
function handshake(gateway: TestGateway, options: object): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: gateway.port, ...options })
    onTestFinished(() => void socket.destroy())
    socket.once('secureConnect', () => resolve(socket)).on('error', reject)
  })
}

const subjectOf = (socket: TLSSocket) => socket.getPeerCertificate().subject.CN

describe.each(Object.keys(socketEngines) as SocketEngineName[])('TLS, with engine %s', (engine) => {
  const gatewayWith = (tls: TestCertificate, more: { log?: Log; everyMs?: number } = {}) =>
    listenerGatewayFor(echo, { engine, tls, ...more })

  test('HTTP/1.1 and HTTP/2 are chosen by ALPN, and each tells services that it was https', async () => {
    const tls = makeCertificate(temporaryFolder())
    const gateway = await gatewayWith(tls)
    const session = http2Session(gateway, { scheme: 'https', ca: tls.ca })
    const second = await sendHttp2(session, { headers: bearer(live) })
    expect(session.alpnProtocol).toBe('h2')
    expect(seen({ ...second, headers: {}, trailers: [] }).headers.get('x-forwarded-proto')).toEqual(['https'])
    const body = await new Promise<string>((resolve, reject) => {
      const headers = { authorization: `Bearer ${live.text}` }
      get(
        `https://127.0.0.1:${gateway.port}/harbor/items`,
        { ca: tls.ca, agent: false, headers },
        (response) => {
          readAll(response).then((bytes) => resolve(bytes.toString()), reject)
        },
      ).once('error', reject)
    })
    expect(body).toContain('"X-Forwarded-Proto","https"')
    const first = await handshake(gateway, { ca: tls.ca, ALPNProtocols: ['http/1.1'] })
    expect(first.alpnProtocol).toBe('http/1.1')
    const none = await handshake(gateway, { ca: tls.ca })
    expect(none.alpnProtocol).toBe(false)
    await expect(handshake(gateway, { ca: tls.ca, ALPNProtocols: ['spdy/3'] })).rejects.toThrow(/protocol/)
  })

  test('RFC 9113 9.2: TLS 1.2 or later, and of 1.2 nothing that is forbidden for HTTP/2', async () => {
    const tls = makeCertificate(temporaryFolder())
    const gateway = await gatewayWith(tls)
    const client = (...options: string[]) =>
      run('sh', [
        '-c',
        `echo | openssl s_client -connect 127.0.0.1:${gateway.port} -CAfile ${tls.cert} -verify_return_error ${options.join(' ')} 2>&1`,
      ]).then(
        ({ stdout }) => stdout,
        (error: { stdout: string }) => error.stdout,
      )
    expect(await client('-tls1_3', '-alpn', 'h2')).toMatch(/TLSv1\.3[\s\S]*ALPN protocol: h2/)
    expect(await client('-tls1_2')).toMatch(/Cipher is ECDHE-ECDSA-AES\d+-GCM/)
    expect(await client('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')).toMatch(/alert protocol version/)
    expect(await client('-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-SHA')).toMatch(/alert handshake failure/)
  })

  test('a certificate that is renewed is served to new connections, and those that are there stay', async () => {
    const folder = temporaryFolder()
    const tls = makeCertificate(folder)
    const gateway = await gatewayWith(tls, { everyMs: 10 })
    const before = await handshake(gateway, { ca: tls.ca })
    expect(subjectOf(before)).toBe('server')
    const session = http2Session(gateway, { scheme: 'https', ca: tls.ca })
    expect((await sendHttp2(session, { headers: bearer(live) })).status).toBe(200)
    const next = makeCertificate(folder, 'next')
    renameSync(next.key, tls.key)
    renameSync(next.cert, tls.cert)
    const subject = async () => {
      const socket = await handshake(gateway, { rejectUnauthorized: false })
      const found = subjectOf(socket)
      socket.destroy()
      return found
    }
    await until('the new one is served', async () => (await subject()) === 'next')
    expect((await sendHttp2(session, { headers: bearer(live) })).status).toBe(200)
    expect(before.destroyed).toBe(false)
  })

  test('a pair that cannot be served is told once, and the one before goes on', async () => {
    const folder = temporaryFolder()
    const tls = makeCertificate(folder)
    const warnings: unknown[] = []
    const log = { info: () => {}, warn: (...told: unknown[]) => void warnings.push(told) } as unknown as Log
    const gateway = await gatewayWith(tls, { everyMs: 10, log })
    const other = makeCertificate(folder, 'other')
    renameSync(other.cert, tls.cert)
    await until('it is told', () => warnings.length > 0)
    expect(JSON.stringify(warnings)).toContain('it is not the key of this certificate')
    const socket = await handshake(gateway, { ca: tls.ca })
    expect(subjectOf(socket)).toBe('server')
    // Looked at again and again, and told no second time.
    writeFileSync(tls.cert, 'no PEM')
    await until('the next one is told', () => warnings.length > 1)
    expect(warnings).toHaveLength(2)
    expect(subjectOf(await handshake(gateway, { ca: tls.ca }))).toBe('server')
  })

  test('without a certificate that can be served it does not begin', async () => {
    const folder = temporaryFolder()
    const tls = makeCertificate(folder)
    writeFileSync(tls.cert, 'no PEM')
    await expect(gatewayWith(tls)).rejects.toMatchObject({
      code: 'config_invalid',
      findings: [{ path: 'gateway.tls.cert', message: 'this is no certificate in PEM' }],
    })
  })

  test('what speaks no TLS gets nothing', async () => {
    const tls = makeCertificate(temporaryFolder())
    const gateway = await gatewayWith(tls)
    const answer = await sendRaw(gateway, 'GET /harbor/items HTTP/1.1\r\nHost: a\r\n\r\n').catch(() => '')
    expect(answer).not.toContain('HTTP')
  })
})

describe.each(Object.keys(socketEngines) as SocketEngineName[])(
  'one plain port, with engine %s',
  (engine) => {
    test('the preface is HTTP/2 however it is cut, and all else is HTTP/1.1 (RFC 9113 3.3)', async () => {
      const gateway = await listenerGatewayFor(echo, { engine })
      for (const cut of [1, 3, 14, 23]) {
        const socket = connectPlain(gateway.port, '127.0.0.1').setNoDelay()
        onTestFinished(() => void socket.destroy())
        let received = Buffer.alloc(0)
        socket.on('data', (chunk: Buffer) => (received = Buffer.concat([received, chunk])))
        await new Promise((resolve) => socket.write(preface.slice(0, cut), resolve))
        await new Promise((resolve) => setImmediate(resolve))
        socket.write(`${preface.slice(cut)}\0\0\0\u0004\0\0\0\0\0`)
        await until('SETTINGS come', () => received.length >= 9)
        expect(received[3]).toBe(4)
      }
      const head = `Host: a\r\nAuthorization: Bearer ${live.text}\r\nConnection: close\r\n`
      for (const text of [
        `GET /harbor/items HTTP/1.1\r\n${head}\r\n`,
        `POST /harbor/items HTTP/1.1\r\n${head}Content-Length: 2\r\n\r\nhi`,
        `PUT /harbor/items HTTP/1.1\r\n${head}Content-Length: 0\r\n\r\n`,
      ])
        expect(await sendRaw(gateway, text)).toMatch(/^HTTP\/1\.1 200 /)
      expect(await sendRaw(gateway, 'PRI * HTTP/2.0\r\n\r\nSX\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    })

    test('who says nothing, or too little, is not waited for', async () => {
      const gateway = await listenerGatewayFor(echo, { engine, limits: { headMs: 100 } })
      expect(await sendRaw(gateway, '')).toBe('')
      expect(await sendRaw(gateway, 'P')).toMatch(/^HTTP\/1\.1 4\d\d |^$/)
      expect(await sendRaw(gateway, 'PRI * HTTP/2.0\r\n\r\nSM')).toMatch(/^HTTP\/1\.1 4\d\d |^$/)
    })

    test('a close lets what is in flight finish, of both protocols', async () => {
      const finish: (() => void)[] = []
      const gateway = await listenerGatewayFor(
        (_, response) => void finish.push(() => response.end('done')),
        { engine },
      )
      const second = sendHttp2(gateway, { headers: bearer(live) })
      const first = sendRaw(
        gateway,
        `GET /harbor/items HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${live.text}\r\nConnection: close\r\n\r\n`,
      )
      await until('the service works', () => finish.length === 2)
      const closed = gateway.close(5_000)
      for (const end of finish) end()
      expect((await second).body).toBe('done')
      expect(await first).toContain('done')
      await closed
      await expect(sendRaw(gateway, '')).rejects.toThrow(/ECONNREFUSED/)
    })

    test.each([
      ['--http2-prior-knowledge', '2'],
      ['--http1.1', '1.1'],
      ['--http2', '1.1'],
    ])('curl %s is served by HTTP/%s', async (option, version) => {
      const gateway = await listenerGatewayFor(echo, { engine })
      const { stdout } = await run('curl', [
        '-s',
        option,
        '-w',
        '\n%{http_version} %{http_code}',
        '-H',
        bearer(live).join(': '),
        '-X',
        'POST',
        '-d',
        'hello',
        `${gateway.url}/harbor/items`,
      ])
      expect(stdout.split('\n').at(-1)).toBe(`${version} 200`)
      expect(JSON.parse(stdout.split('\n')[0]!)).toMatchObject({ method: 'POST', body: 'hello' })
    })
  },
)

test('curl --http2 speaks HTTP/2 by TLS, and sees the certificate', async () => {
  const tls = makeCertificate(temporaryFolder())
  const gateway = await listenerGatewayFor(echo, { tls })
  const { stdout } = await run('curl', [
    '-s',
    '--http2',
    '--cacert',
    tls.cert,
    '-w',
    '\n%{http_version} %{http_code}',
    '-H',
    bearer(live).join(': '),
    `https://127.0.0.1:${gateway.port}/harbor/items`,
  ])
  expect(stdout.split('\n').at(-1)).toBe('2 200')
})

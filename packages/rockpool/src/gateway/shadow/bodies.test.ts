import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { eventually } from '../../../test/support/eventually.ts'
import { startShadow } from './shadow.ts'

/** Only it makes a certificate; without it the one test that needs one is skipped. */
const opensslMissing = spawnSync('openssl', ['version']).error !== undefined

const running: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const stop of running.splice(0)) await stop()
})

async function start(server: Server, protocol: 'http' | 'https', authority?: string) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const host = protocol === 'https' ? 'localhost' : '127.0.0.1'
  const troubles: string[] = []
  const shadow = await startShadow({
    upstream: new URL(`${protocol}://${host}:${port}`),
    port: 0,
    onTrouble: (message) => troubles.push(message),
    ...(authority === undefined ? {} : { authority }),
  })
  running.push(
    () => shadow.stop(0),
    () => {
      server.close()
      server.closeAllConnections()
    },
  )
  return { shadow, troubles }
}

const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const echo: RequestListener = (request, response) => {
  const length = request.headers['content-length']
  response.writeHead(200, length ? { 'content-length': length } : {})
  request.pipe(response)
}

test.each([
  ['with a length', { 'content-length': String(10 * 1024 * 1024) }],
  ['in chunks', { 'transfer-encoding': 'chunked' }],
])('10 MB go up and come down as they are, %s', async (_how, headers) => {
  const { shadow } = await start(createServer(echo), 'http')
  const sent = randomBytes(10 * 1024 * 1024)
  const asking = request(new URL('/echo', shadow.url), { method: 'POST', headers })
  asking.end(sent)
  const [answer] = (await once(asking, 'response')) as [AsyncIterable<Buffer>]
  const parts: Buffer[] = []
  for await (const part of answer) parts.push(part)
  expect(sha(Buffer.concat(parts))).toBe(sha(sent))
})

test('a client that does not read holds the upstream back, and its body is not kept in memory', async () => {
  const chunk = Buffer.alloc(64 * 1024, 1)
  const whole = 400 * 1024 * 1024
  let written = 0
  const { shadow } = await start(
    createServer((_request, response) => {
      const write = () => {
        while (written < whole && !response.destroyed) {
          written += chunk.length
          if (!response.write(chunk)) return void response.once('drain', write)
        }
      }
      write()
    }),
    'http',
  )
  const socket = connect({ port: Number(new URL(shadow.url).port), host: '127.0.0.1' })
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  socket.pause()
  let last = 0
  let same = 0
  await eventually('the upstream waits', async () => {
    same = written === last ? same + 1 : 0
    last = written
    return written > 0 && same >= 5
  })
  expect(written).toBeLessThan(whole / 4)
  socket.resume()
  await eventually('it goes on', async () => written > last)
  socket.destroy()
})

test.skipIf(opensslMissing)(
  'an upstream with a certificate is reached by its name; one with a wrong certificate is not talked to',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shadow-'))
    running.push(() => rmSync(folder, { recursive: true }))
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    const wanted = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
    execFileSync('openssl', ['req', '-x509', ...wanted, '-keyout', key, '-out', cert, ...subject], {
      stdio: 'ignore',
    })
    const hosts: (string | undefined)[] = []
    const tls = () =>
      createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
        hosts.push(request.headers.host)
        echo(request, response)
      })
    const sent = randomBytes(1024 * 1024)
    const trusted = await start(tls(), 'https', readFileSync(cert, 'utf8'))
    const answer = await fetch(trusted.shadow.url, { method: 'POST', body: sent })
    expect(sha(Buffer.from(await answer.arrayBuffer()))).toBe(sha(sent))
    expect(hosts[0]).toMatch(/^localhost:\d+$/)

    const untrusted = await start(tls(), 'https')
    await expect(fetch(untrusted.shadow.url)).rejects.toThrow()
    expect(hosts).toHaveLength(1)
    expect(untrusted.troubles.join()).toMatch(/self-signed certificate/)
  },
)

test('told to stop, it ends idle connections at once and lets an answer that is under way come to its end', async () => {
  let finish: () => void = () => {}
  const { shadow } = await start(
    createServer((request, response) => {
      if (request.url === '/quick') return void response.end('quick')
      response.write('slow ')
      finish = () => response.end('and whole')
    }),
    'http',
  )
  expect(await (await fetch(new URL('/quick', shadow.url))).text()).toBe('quick')
  const slow = await fetch(new URL('/slow', shadow.url), { headers: { connection: 'close' } })
  const stopped = shadow.stop(10_000)
  finish()
  expect(await slow.text()).toBe('slow and whole')
  await stopped
  await expect(fetch(shadow.url)).rejects.toThrow()
}, 8_000)

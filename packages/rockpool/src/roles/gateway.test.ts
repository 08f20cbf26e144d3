import { spawn } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { makeCertificate } from '../../test/support/certificates.ts'
import { http2Session, sendHttp2 } from '../../test/support/gateway-http2.ts'
import { temporaryFolder, until } from '../../test/support/gateway.ts'
import { freePort } from '../kernel/index.ts'

/** The role gateway as a process of its own, with no control to be reached. */
async function startProcess(files: Record<string, string>) {
  const { port } = await freePort()
  const started = spawn(
    process.execPath,
    ['--conditions=@rockpool/source', fileURLToPath(new URL('./main.ts', import.meta.url)), 'gateway'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        ROCKPOOL_CONTROL_URL: 'http://127.0.0.1:1',
        ROCKPOOL_ROLE_TOKEN: 'token',
        ROCKPOOL_DATA: temporaryFolder(),
        ROCKPOOL_GATEWAY_ORIGIN: `https://localhost:${port}`,
        HOST: '127.0.0.1',
        PORT: String(port),
        ...files,
      },
    },
  )
  let told = ''
  let exit: number | null = null
  for (const stream of [started.stdout, started.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (told += text))
  const ended = new Promise<void>((resolve) => {
    started.once('exit', (code) => {
      exit = code
      resolve()
    })
  })
  onTestFinished(async () => {
    started.kill('SIGKILL')
    await ended
  })
  return { port, told: () => told, exit: () => exit, stop: () => void started.kill('SIGTERM') }
}

test(
  'a gateway with a certificate speaks TLS and HTTP/2 from its start on, and stops when it is told',
  { timeout: 60_000 },
  async () => {
    const tls = makeCertificate(temporaryFolder())
    const gateway = await startProcess({ ROCKPOOL_TLS_CERT: tls.cert, ROCKPOOL_TLS_KEY: tls.key })
    await until('it listens', () => /listens|not reached|unreachable/.test(gateway.told()), 30_000)
    const session = http2Session(gateway, { scheme: 'https', ca: tls.ca })
    const health = await sendHttp2(session, { path: '/.rockpool/health' })
    expect([session.alpnProtocol, health.status]).toEqual(['h2', 503])
    expect(JSON.parse(health.body)).toMatchObject({ ready: false })
    gateway.stop()
    await until('it is gone', () => gateway.exit() !== null, 30_000)
    expect(gateway.exit()).toBe(0)
  },
)

test('one whose certificate cannot be served does not start, and says why', { timeout: 60_000 }, async () => {
  const tls = makeCertificate(temporaryFolder())
  chmodSync(tls.key, 0o644)
  const gateway = await startProcess({ ROCKPOOL_TLS_CERT: tls.cert, ROCKPOOL_TLS_KEY: tls.key })
  await until('it is gone', () => gateway.exit() !== null, 30_000)
  expect(gateway.exit()).not.toBe(0)
  expect(gateway.told()).toContain('everybody on this machine may use it')
  expect(gateway.told()).not.toContain('PRIVATE KEY')
})

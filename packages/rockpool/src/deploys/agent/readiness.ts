import { readFile } from 'node:fs/promises'
import { get } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { get as getSecurely } from 'node:https'
import { connect, isIP } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { checkServerIdentity, rootCertificates } from 'node:tls'
import type { PeerCertificate } from 'node:tls'
import { messageOf } from '../../kernel/index.ts'
import type { Output } from './output.ts'
import type { Readiness } from './types.ts'

/**
 * Resolves to null once the process is ready, or to what was seen last when `withinMs` are over.
 * Rejects with the signal's reason when the process ended or is being stopped.
 */
export async function waitUntilReady(
  ready: Readiness,
  options: { port: number | null; output: Output; withinMs: number; signal: AbortSignal },
): Promise<string | null> {
  const { port, signal, withinMs } = options
  const deadline = performance.now() + withinMs
  const probe = probeOf(ready, port, options.output, signal)
  let seen: string | null = null
  for (let wait = 10; performance.now() < deadline; wait = Math.min(wait * 1.5, 200)) {
    signal.throwIfAborted()
    seen = await probe()
    if (seen === null) return null
    await pause(wait, undefined, { signal })
  }
  return seen ?? 'it was not asked in time'
}

/** A probe answers null when the process is ready, else what it saw instead. */
type Probe = () => Promise<string | null>

function probeOf(ready: Readiness, port: number | null, output: Output, signal: AbortSignal): Probe {
  if ('http' in ready) return httpProbe(new URL(ready.http, `http://127.0.0.1:${port}`))
  if ('https' in ready) return httpsProbe(ready, new URL(ready.https, `https://127.0.0.1:${port}`))
  if ('tcp' in ready) return tcpProbe(port ?? 0)
  let seen = false
  const close = output.onLine((line) => (seen ||= line.includes(ready.line)))
  signal.addEventListener('abort', close, { once: true })
  return async () => {
    if (!seen) return `it has not said "${ready.line}"`
    close()
    return null
  }
}

const asked = { agent: false, timeout: 2_000 } as const

function httpProbe(url: URL): Probe {
  return () => judged(url, (answered) => get(url, asked, answered))
}

/** It listens on loopback, under a certificate for the name that others know it by. */
function httpsProbe({ host, ca }: Extract<Readiness, { https: string }>, url: URL): Probe {
  return async () => {
    const authorities = ca === undefined ? {} : { ca: [...rootCertificates, await readFile(ca, 'utf8')] }
    const trust = {
      ...authorities,
      ...(isIP(host) ? {} : { servername: host }),
      checkServerIdentity: (_: string, shown: PeerCertificate) => checkServerIdentity(host, shown),
    }
    return judged(url, (answered) => getSecurely(url, { ...asked, ...trust }, answered))
  }
}

function judged(
  url: URL,
  ask: (answered: (response: IncomingMessage) => void) => ClientRequest,
): Promise<string | null> {
  return new Promise((resolve) => {
    const request = ask((response) => {
      const status = response.statusCode ?? 0
      response.destroy()
      resolve(status < 500 ? null : `${url.pathname} answered ${status}`)
    })
    request.once('timeout', () => request.destroy(new Error('no answer within 2 s')))
    request.once('error', (error) => resolve(`${url.href} does not answer: ${messageOf(error)}`))
  })
}

function tcpProbe(port: number): Probe {
  return () =>
    new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', timeout: 2_000 })
      const done = (answer: string | null) => {
        socket.destroy()
        resolve(answer)
      }
      socket.once('connect', () => done(null))
      socket.once('timeout', () => done(`port ${port} does not answer`))
      socket.once('error', (error) => done(`port ${port} does not answer: ${messageOf(error)}`))
    })
}

import { constants } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import { problem, readCertificate } from '../../../kernel/index.ts'
import type { Certificate, CertificateFiles, Log } from '../../../kernel/index.ts'
import type { Duties, Engine, EngineLimits, SocketEngine } from '../engine.ts'
import { createLateHttp2 } from '../http2/late.ts'
import { watchCertificate } from './certificate.ts'
import { createPeek } from './peek.ts'
import { createPerClient } from './per-client.ts'

/*
 *                   ┌─ plain: the first bytes ─┐   the preface of HTTP/2   ┌────────┐
 *   connection ─────┤                          ├──────────────────────────►│ http2  │──► Duties
 *                   └─ TLS: ALPN ──────────────┤   h2                      ├────────┤
 *                                              └──────────────────────────►│ engine │──► Duties
 *                                                  all else: HTTP/1.1      └────────┘
 */

const tellEveryMs = 60_000

export interface ListenerOptions {
  duties: Duties
  /** Serves HTTP/1.1. */
  engine: SocketEngine
  log: Log
  limits?: Partial<EngineLimits>
  /** With it TLS alone is spoken. */
  tls?: CertificateFiles | undefined
  /** How often the certificate's files are looked at; 2 s unless said. */
  everyMs?: number
}

export interface Listener extends Engine {
  /** As `retire`, and resolves once the last connection is closed. */
  empty(): Promise<void>
}

/**
 * One port for HTTP/1.1 and HTTP/2, plain or by TLS. Rejects to listen with `config_invalid` and all findings where the
 * certificate cannot be served.
 */
export function createListener(options: ListenerOptions): Listener {
  const { engine, log, tls, limits = {} } = options
  const http2 = createLateHttp2(options.duties, { log, limits })
  const most = limits.maxConnectionsPerClient ?? 10_000
  const perClient = createPerClient(most, tellCrowded)
  let toldAt = Number.NEGATIVE_INFINITY
  /** Connections whose protocol is not known yet. */
  const undecided = createPeek(limits.headMs ?? 15_000, serve)
  let closing = false
  let listening: { server: Server; stop(): void } | undefined

  /** Whoever stands behind a load balancer, with all others, has to learn why they are closed. */
  function tellCrowded(client: string): void {
    if (performance.now() - toldAt < tellEveryMs) return
    toldAt = performance.now()
    log.warn({ client, most }, 'a client has all connections that one may have: more of it are closed')
  }

  function accept(socket: Socket): void {
    if (!perClient.admits(socket)) return
    undecided.begin(socket)
  }

  function serve(socket: Socket, protocol: 'h2' | 'http/1.1'): void {
    if (protocol === 'h2') return http2.serve(socket)
    engine.serve(socket)
    // Peeking has paused it.
    socket.resume()
  }

  function acceptTls(socket: TLSSocket): void {
    // Its handshake was under way when the server was closed.
    if (closing) socket.destroy()
    else if (socket.alpnProtocol === 'h2') http2.serve(socket)
    else engine.serve(socket)
  }

  async function createListening(): Promise<NonNullable<typeof listening>> {
    // Most clients speak HTTP/2 where they may.
    if (tls) await http2.load()
    if (!tls) return { server: createServer({ noDelay: true }, accept), stop: () => {} }
    const read = await readCertificate(tls)
    if ('findings' in read)
      throw problem('config_invalid', 'the gateway’s certificate cannot be served', {
        findings: read.findings.map((finding) => ({ ...finding, path: `gateway.tls.${finding.path}` })),
      })
    const server = createTlsServer({ ...secureOptions(read.certificate), ...tlsOptions }, acceptTls)
    // A handshake that fails is the client's matter; Node closes its connection.
    server.on('tlsClientError', () => {})
    // Before their handshake.
    server.on('connection', (socket: Socket) => void perClient.admits(socket))
    const watch = watchCertificate(tls, {
      everyMs: options.everyMs ?? 2_000,
      log,
      onChange: (certificate) => server.setSecureContext(secureOptions(certificate)),
    })
    return { server, stop: watch.close }
  }

  function retire(): void {
    engine.retire()
    http2.retire()
    listening?.stop()
    listening?.server.close()
  }

  return {
    async listen({ host, port }) {
      listening = await createListening()
      const { server } = listening
      server.maxConnections = limits.maxConnections ?? 10_000
      return new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          resolve((server.address() as AddressInfo).port)
        })
      })
    },
    async forget(origin) {
      await Promise.all([engine.forget(origin), http2.forget(origin)])
    },
    retire,
    empty: () =>
      new Promise((resolve) => {
        retire()
        if (listening) listening.server.once('close', resolve)
        else resolve()
      }),
    async close(graceMs) {
      closing = true
      listening?.stop()
      listening?.server.close()
      undecided.close()
      await Promise.all([engine.close(graceMs), http2.close(graceMs)])
    },
  }
}

/** Whether others may listen for the engine. */
export function servesSockets(engine: Engine): engine is SocketEngine {
  return 'serve' in engine
}

/** RFC 9113 9.2: TLS 1.2 or later; of 1.2 nothing that its appendix A forbids; neither renegotiation nor compression. */
const tlsOptions = {
  ALPNProtocols: ['h2', 'http/1.1'],
  handshakeTimeout: 10_000,
  noDelay: true,
}

function secureOptions({ cert, key }: Certificate) {
  return {
    cert,
    key,
    minVersion: 'TLSv1.2' as const,
    ciphers: [
      'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256',
      'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256',
      'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384',
      'ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305',
    ].join(':'),
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
  }
}

// A gateway in a process of its own, whose memory and connections can be looked at: '<json of HeldGatewayOptions>'.
// It needs --expose-gc.
import { silentLog, systemClock } from '../../src/kernel/index.ts'
import { createGateway, createSigner, createState, engines, openLedger } from '../../src/gateway/index.ts'
import type { EngineName } from '../../src/gateway/index.ts'
import type { EngineLimits } from '../../src/gateway/engines/engine.ts'
import { createListener, servesSockets } from '../../src/gateway/engines/listening/listener.ts'
import { organization, service, snapshotOf } from './gateway-entries.ts'
import type { SnapshotCredential } from '../../src/gateway/index.ts'

export interface HeldGatewayOptions {
  engine: EngineName
  folder: string
  /** Of the one service, which serves `/{organization}/items`. */
  url: string
  deadlineMs: number
  limits: Partial<EngineLimits>
  key: SnapshotCredential
}

/** What it uses up, after everything that can be thrown away has been. */
export interface Usage {
  rss: number
  heapUsed: number
  arrayBuffers: number
  /** Sockets that are open, on either side. */
  sockets: number
}

const options = JSON.parse(process.argv[2]!) as HeldGatewayOptions
const signer = createSigner()
const state = createState({ clock: systemClock, kid: signer.publicKey.kid })
const path = '/{organization}/items'
const routes = ['GET', 'POST'].map((method) => ({ method, path, operationId: method, anonymous: false }))
state.open(
  snapshotOf({
    organizations: [organization('harbor')],
    credentials: [options.key],
    services: [
      service('catalog', { url: options.url, routes, deadlineMs: options.deadlineMs, concurrency: 10_000 }),
    ],
    keys: [signer.publicKey],
  }),
  Date.now(),
)
const { folder, limits } = options
const ship = () => Promise.resolve()
const ledger = await openLedger({ folder, ship, clock: systemClock, log: silentLog })
const accessLog = { write: () => {}, dropped: () => 0 }
const duties = createGateway({ state, signer, ledger, accessLog, clock: systemClock, log: silentLog })
const http1 = engines[options.engine](duties, limits)
// As the role does it.
const engine = servesSockets(http1)
  ? createListener({ duties, engine: http1, log: silentLog, limits })
  : http1
const port = await engine.listen({ host: '127.0.0.1', port: 0 })

function usage(): Usage {
  globalThis.gc!()
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
  const sockets = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
  return { rss, heapUsed, arrayBuffers, sockets }
}
process.on('message', () => process.send!(usage()))
process.on('disconnect', () => process.exit())
process.send!({ port })

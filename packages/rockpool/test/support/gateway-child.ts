// A gateway in a process of its own, to be killed: folder and the service's URL as arguments.
import { join } from 'node:path'
import { silentLog, systemClock } from '../../src/kernel/index.ts'
import { createGateway, createSigner, createState, engines, openLedger } from '../../src/gateway/index.ts'
import { credential, sandbox, service, snapshotOf } from './gateway-entries.ts'

const [folder, url] = process.argv.slice(2) as [string, string]
const key = credential('sandbox')
const signer = createSigner()
const state = createState({ clock: systemClock, kid: signer.publicKey.kid })
const routes = [
  { method: 'POST', path: '/{organization}/items', operationId: 'createItem', anonymous: false },
]
state.open(
  snapshotOf({
    organizations: [sandbox('box')],
    credentials: [key],
    services: [service('catalog', { url, routes })],
    keys: [signer.publicKey],
  }),
  Date.now(),
)
const ship = () => Promise.reject(new Error('control is down'))
const ledger = await openLedger({ folder: join(folder, 'ledger'), ship, clock: systemClock, log: silentLog })
const accessLog = { write: () => {}, dropped: () => 0 }
const engine = engines.node(
  createGateway({ state, signer, ledger, accessLog, clock: systemClock, log: silentLog }),
)
const port = await engine.listen({ host: '127.0.0.1', port: 0 })
process.send!({ port })
process.on('message', () => process.send!({ key: key.text }))

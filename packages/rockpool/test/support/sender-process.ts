// A sender of notices in a process of its own, for tests that kill it: node sender-process.ts '<json of SenderProcessOptions>'.
// Its time stands still, where that of the tests' registry begins.
import { createEndpoints, createNoticeSender } from '../../src/contracts/registry/notify/index.ts'
import { createSimulatedClock, openDatabase, silentLog } from '../../src/kernel/index.ts'
import { registrySecret } from './registry-secret.ts'

export interface SenderProcessOptions {
  /** Rockpool's own database. */
  url: string
  origins: string[]
}

const { url, origins } = JSON.parse(process.argv[2]!) as SenderProcessOptions
const database = openDatabase({ url, log: silentLog, applicationName: 'sender process' })
createNoticeSender({
  database,
  endpoints: createEndpoints({ origins, secret: registrySecret }),
  clock: createSimulatedClock(),
  log: silentLog,
}).start()

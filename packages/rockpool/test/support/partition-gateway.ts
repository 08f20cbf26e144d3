// The gateway's process as its role starts it, to be cut off and killed: '<json of PartitionGatewayOptions>'.
import { startGateway, type EngineName } from '../../src/gateway/index.ts'
import { silentLog, systemClock } from '../../src/kernel/index.ts'

export interface PartitionGatewayOptions {
  name: string
  host: string
  port: number
  controlUrl: string
  folder: string
  engine: EngineName
  /** Of run credentials; by default what is promised. */
  runMs?: number
}

const { runMs, ...options } = JSON.parse(process.argv[2]!) as PartitionGatewayOptions
const { port } = await startGateway({
  ...options,
  roleToken: 'token',
  accessLog: { write: () => true, once: () => {} },
  clock: systemClock,
  log: silentLog,
  ...(runMs === undefined ? {} : { cutOff: { runMs, keyMs: 24 * 60 * 60 * 1000 } }),
})
process.on('disconnect', () => process.exit())
process.send!({ port })

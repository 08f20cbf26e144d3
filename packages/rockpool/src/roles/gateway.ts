import { hostname } from 'node:os'
import { join } from 'node:path'
import { startGateway as startGatewayProcess } from '../gateway/index.ts'
import { systemClock } from '../kernel/index.ts'
import type { Log } from '../kernel/index.ts'
import { readDrain, readEngine, readTls, takeRoleEnvironment } from './environment.ts'
import type { Role } from './process.ts'

/** The role gateway: needs control alone, and no database. Its access log is its standard output. */
export async function startGateway(log: Log): Promise<Role> {
  const { controlUrl, roleToken, data, gatewayOrigin, host, port } = takeRoleEnvironment([
    'controlUrl',
    'roleToken',
    'data',
    'gatewayOrigin',
    'host',
    'port',
  ])
  const gateway = await startGatewayProcess({
    name: `${hostname()}:${port}`,
    host,
    port,
    controlUrl,
    roleToken,
    folder: join(data, 'gateway'),
    secure: new URL(gatewayOrigin).protocol === 'https:',
    engine: readEngine(),
    tls: readTls(),
    accessLog: process.stdout,
    drainMs: readDrain(),
    clock: systemClock,
    log,
  })
  return { close: () => gateway.stop() }
}

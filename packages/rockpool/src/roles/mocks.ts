import { loadMockHost } from '../contracts/light.ts'
import { systemClock } from '../kernel/index.ts'
import type { Log } from '../kernel/index.ts'
import { takeRoleEnvironment } from './environment.ts'
import type { Role } from './process.ts'

/**
 * The role mocks: answers for services in sandboxes that ask for it. It needs control alone, and remembers what mocks were told
 * as long as it lives: one of them runs.
 */
export async function startMocks(log: Log): Promise<Role> {
  const { controlUrl, roleToken, host, port } = takeRoleEnvironment([
    'controlUrl',
    'roleToken',
    'host',
    'port',
  ])
  const { createMockSource, startMockHost } = await loadMockHost()
  const source = createMockSource({ controlUrl, roleToken })
  const mocks = await startMockHost({ source, host, port, clock: systemClock, log })
  log.info({ port: mocks.port }, 'mocks listen')
  return { close: () => mocks.close() }
}

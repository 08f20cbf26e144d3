import { contractsMigrations, createEndpoints, createRegistry } from '../../src/contracts/index.ts'
import type { Bundle, Registry, Traffic } from '../../src/contracts/index.ts'
import type { Endpoints } from '../../src/contracts/registry/notify/index.ts'
import { createJudge } from '../../src/contracts/registry/judge.ts'
import { createSimulatedClock, migrate, openDatabase, silentLog } from '../../src/kernel/index.ts'
import type { Database, SimulatedClock } from '../../src/kernel/index.ts'
import { freshDatabase } from './database.ts'
import { registrySecret } from './registry-secret.ts'

export interface TestRegistry {
  registry: Registry
  database: Database
  clock: SimulatedClock
  endpoints: Endpoints
  close(): Promise<void>
}

/** Its threads are warm for all tests of a file. */
const judge = createJudge({ idleMs: 60_000 })

/** The registry on a database of its own. `origins`: where watchers may be told. */
export async function startRegistry(
  traffic?: Traffic,
  origins: readonly string[] = [],
): Promise<TestRegistry> {
  const fresh = await freshDatabase()
  const database = openDatabase({ url: fresh.url, log: silentLog, applicationName: 'test contracts' })
  await migrate(database, [contractsMigrations])
  const clock = createSimulatedClock()
  const endpoints = createEndpoints({ origins, secret: registrySecret })
  return {
    registry: createRegistry({
      database,
      clock,
      judge,
      endpoints,
      ...(traffic === undefined ? {} : { traffic }),
    }),
    database,
    clock,
    endpoints,
    async close() {
      await database.close()
      await fresh.drop()
    },
  }
}

/** A contract in one file: `GET /things`, which takes a `kind` of these, and says whatever else is given. */
export function thingsContract(version: string, kinds: readonly string[], more: object = {}): Bundle {
  const kind = { name: 'kind', in: 'query', schema: { type: 'string', enum: kinds } }
  const document = {
    openapi: '3.1.0',
    info: { title: 'Things', version },
    paths: {
      '/things': {
        get: { operationId: 'listThings', parameters: [kind], responses: { 204: { description: '' } } },
      },
    },
    ...more,
  }
  return { main: 'things.json', files: { 'things.json': JSON.stringify(document, null, 2) } }
}

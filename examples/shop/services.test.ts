import { expect, test } from 'vitest'
import config from './rockpool.config.ts'
import { createServiceDatabase } from './testing/database.ts'
import { startProgram } from './testing/program.ts'

// Each service as the agent starts it: by its command in the config, with what the agent puts into its environment.

const typescript = Object.entries(config.services).flatMap(([name, service]) =>
  'start' in service && service.start[0] === 'node' ? [[name, service] as const] : [],
)

test.each(typescript)(
  '%s starts by its command, and ends by itself when told to',
  { timeout: 60_000 },
  async (name, service) => {
    const folder = new URL(`${service.folder}/`, import.meta.url)
    const database = await createServiceDatabase(new URL('migrations/', folder))
    const program = await startProgram([process.execPath, ...service.start.slice(1)], {
      folder,
      env: {
        ROCKPOOL_SERVICE: name,
        ROCKPOOL_GATEWAY_URL: 'http://127.0.0.1:9',
        ROCKPOOL_JWKS_URL: 'http://127.0.0.1:9/.well-known/jwks.json',
        ROCKPOOL_SERVICE_CREDENTIAL: 'rp_service_test',
        ROCKPOOL_CONSUMES: ('consumes' in service ? service.consumes : []).join(','),
        DATABASE_URL: database.url,
        BANK_URL: 'http://127.0.0.1:9',
      },
    })
    expect(await (await fetch(`${program.url}/.rockpool/health`)).json()).toEqual({ service: name })
    expect((await fetch(`${program.url}/harbor/items`)).status).toBe(401)
    expect(await program.stop()).toBe(0) // although fetch holds a connection open
    await database.drop()
  },
)

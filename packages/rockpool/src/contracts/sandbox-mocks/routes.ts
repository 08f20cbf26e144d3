import type { Hono } from 'hono'
import { problem } from '../../kernel/index.ts'
import type { SandboxMocks } from './mocks.ts'

/** Control's routes for the role mocks, as control mounts them: what is asked for, and the contracts of that alone. */
export function createMockRoutes({ mocks }: { mocks: Pick<SandboxMocks, 'list' | 'contract'> }) {
  return {
    prefix: '/internal/mocks' as const,
    roles: ['mocks'],
    mount(routes: Hono) {
      routes.get('/', async (c) => {
        const items = (await mocks.list()).map(({ id, organization, service, address, seed }) => ({
          id,
          organization,
          service,
          address,
          seed,
        }))
        return c.json({ items }, 200, { 'Cache-Control': 'no-store' })
      })
      routes.get('/contracts/:address', async (c) => {
        const text = await mocks.contract(c.req.param('address'))
        if (text === undefined)
          throw problem('not_found', 'no mock here answers by a contract of this address')
        return c.body(text, 200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
      })
    },
  }
}

import { describe, expect, test } from 'vitest'
import { bearer, echo, live, routes, seen, send } from '../../../test/support/gateway-client.ts'
import { organization, service, testGateway, upstream } from '../../../test/support/gateway.ts'
import { engineNames } from '../index.ts'
import { isSampled } from './sampling.ts'
import { toSpan } from './spans.ts'
import type { Span } from './spans.ts'
import type { SamplingRule, Tracer } from './types.ts'

const never: SamplingRule = { environment: 'production', actor: 'customer', service: 'catalog', share: 0 }

describe.each(engineNames)('the engine %s', (engine) => {
  async function start(rules: readonly SamplingRule[]) {
    const { url } = await upstream(echo)
    const spans: Span[] = []
    const tracer: Tracer = {
      samples: (request, traceId) => isSampled(rules, request, traceId),
      add: (record, trace) => void spans.push(toSpan(record, trace)),
    }
    const parts = {
      organizations: [organization('harbor')],
      credentials: [live],
      services: [service('catalog', { url, routes })],
    }
    return { gateway: await testGateway(engine, parts, undefined, { tracer }), spans }
  }

  test('the span that is told is the parent that the service hears of', async () => {
    const { gateway, spans } = await start([])
    const [heard] = seen(await send(gateway, { headers: bearer(live) })).headers.get('traceparent')!
    await expect.poll(() => spans).toHaveLength(1)
    expect(heard).toBe(`00-${spans[0]!.traceId}-${spans[0]!.spanId}-01`)
    expect(spans[0]).toMatchObject({ name: 'GET /{organization}/items', status: { code: 0 } })
    expect(spans[0]!.parentSpanId).toBeUndefined()
  })

  test('a trace that a rule does not sample is told to nobody, and the service hears so', async () => {
    const { gateway, spans } = await start([never])
    const [heard] = seen(await send(gateway, { headers: bearer(live) })).headers.get('traceparent')!
    expect(heard).toMatch(/-00$/)
    // The one after it is: its client has decided.
    const client = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await send(gateway, { headers: [...bearer(live), 'traceparent', client] })
    await expect.poll(() => spans.length).toBeGreaterThan(0)
    expect(spans.map(({ traceId, parentSpanId }) => [traceId, parentSpanId])).toEqual([
      ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'],
    ])
  })

  test('what the gateway refuses is a span too, with the reason', async () => {
    const { gateway, spans } = await start([])
    await send(gateway, {})
    await expect.poll(() => spans).toHaveLength(1)
    const refused = { key: 'rockpool.refused', value: { stringValue: 'credential_missing' } }
    expect(spans[0]!.attributes).toContainEqual(refused)
  })
})

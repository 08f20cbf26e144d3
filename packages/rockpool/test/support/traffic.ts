import fc from 'fast-check'
import type { AccessRecord } from '../../src/gateway/index.ts'

/** A request as the gateway records it: a customer's `GET` in production, answered in 12 ms. */
export function accessRecord(more: Partial<AccessRecord> = {}): AccessRecord {
  return {
    time: '2026-11-22T14:42:07.640Z',
    request: 'req_01a203b4-0000-7000-8000-000000000001',
    trace: '0af7651916cd43dd8448eb211c80319c',
    method: 'GET',
    path: '/{organization}/items',
    service: 'catalog',
    release: null,
    upstream: '127.0.0.1:41234',
    status: 200,
    organization: 'harbor',
    parent: null,
    environment: 'production',
    actor: 'customer',
    run: null,
    credential: 'key_1',
    caller: null,
    bytesIn: 0,
    bytesOut: 120,
    ms: 12,
    decideMs: 0,
    connectMs: 0,
    upstreamMs: 11,
    retries: 0,
    refused: null,
    aborted: null,
    stripped: 0,
    ...more,
  }
}

const who = fc.constantFrom(
  { environment: 'production', organization: 'harbor', parent: null, actor: 'customer' },
  { environment: 'production', organization: 'harbor', parent: null, actor: 'bot' },
  { environment: 'sandbox', organization: 'harbor-s-1', parent: 'harbor', actor: 'check' },
  { environment: 'sandbox', organization: 'harbor-s-2', parent: 'harbor', actor: 'customer' },
  { environment: null, organization: null, parent: null, actor: null },
) as fc.Arbitrary<Partial<AccessRecord>>

/** Many requests of a few minutes in two quarters of an hour: of all sides, with every way to end. */
export const records: fc.Arbitrary<AccessRecord[]> = fc.array(
  fc
    .record({
      who,
      minute: fc.integer({ min: 12, max: 16 }),
      method: fc.constantFrom('GET', 'POST', 'PROPFIND', 'X-MADE-UP'),
      path: fc.constantFrom('/{organization}/items', '/{organization}/orders', null),
      status: fc.constantFrom(101, 200, 201, 301, 404, 429, 500, 503, 999, null),
      caller: fc.constantFrom(null, null, 'orders'),
      ms: fc.integer({ min: 0, max: 90_000 }),
      aborted: fc.constantFrom(null, null, null, 'client', 'upstream'),
    })
    .map(({ who, minute, ...more }) =>
      accessRecord({ ...who, ...more, time: `2026-11-22T14:${minute}:00.000Z` }),
    ),
  { maxLength: 120, size: 'max' },
)

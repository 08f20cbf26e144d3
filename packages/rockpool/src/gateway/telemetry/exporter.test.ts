import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { until } from '../../../test/support/gateway.ts'
import { silentLog, systemClock } from '../../kernel/index.ts'
import type { AccessRecord } from '../access-log.ts'
import { createCounters } from '../overview/counters.ts'
import { continueTrace } from '../trace.ts'
import { createExporter } from './exporter.ts'
import type { Exporter } from './exporter.ts'

/*
 * What a collector takes (opentelemetry-proto 1.x in JSON: ids in hex, 64-bit numbers as texts, enumerations as numbers).
 * Strict: a member that the protocol does not know is a mistake.
 */
const value = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }),
  z.strictObject({ doubleValue: z.number() }),
])
const attributes = z.array(z.strictObject({ key: z.string().min(1), value }))
const nanoseconds = z.string().regex(/^\d{19}$/)
const resource = z.strictObject({ attributes })
const scope = z.strictObject({ name: z.string(), version: z.string() })
const spans = z.array(
  z.strictObject({
    traceId: z.string().regex(/^[0-9a-f]{32}$/),
    spanId: z.string().regex(/^[0-9a-f]{16}$/),
    parentSpanId: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .optional(),
    flags: z.int(),
    name: z.string().min(1),
    kind: z.int().min(1).max(5),
    startTimeUnixNano: nanoseconds,
    endTimeUnixNano: nanoseconds,
    attributes,
    status: z.strictObject({ code: z.int().min(0).max(2) }),
  }),
)
const point = { attributes, startTimeUnixNano: nanoseconds, timeUnixNano: nanoseconds }
const whole = z.string().regex(/^\d+$/)
const metrics = z.array(
  z.strictObject({
    name: z.string().min(1),
    description: z.string(),
    unit: z.string(),
    sum: z
      .strictObject({
        aggregationTemporality: z.literal(2),
        isMonotonic: z.boolean(),
        dataPoints: z.array(z.strictObject({ ...point, asInt: whole })),
      })
      .optional(),
    histogram: z
      .strictObject({
        aggregationTemporality: z.literal(2),
        dataPoints: z.array(
          z.strictObject({
            ...point,
            count: whole,
            sum: z.number(),
            bucketCounts: z.array(whole),
            explicitBounds: z.array(z.number()),
          }),
        ),
      })
      .optional(),
  }),
)
const traceDocument = z.strictObject({
  resourceSpans: z.array(z.strictObject({ resource, scopeSpans: z.array(z.strictObject({ scope, spans })) })),
})
const metricDocument = z.strictObject({
  resourceMetrics: z.array(
    z.strictObject({ resource, scopeMetrics: z.array(z.strictObject({ scope, metrics })) }),
  ),
})

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Got {
  path: string
  headers: IncomingHttpHeaders
  body: string
}

/** A collector on loopback that answers what it is told to, and 200 when it has been told nothing. */
async function startCollector(
  answers: { status: number; headers?: Record<string, string>; body?: string }[] = [],
) {
  const got: Got[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      got.push({ path: request.url!, headers: request.headers, body })
      const answer = answers.shift() ?? { status: 200, body: '{}' }
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
      response.end(answer.body ?? '')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return { got, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

function start(endpoint: string, more: Partial<Parameters<typeof createExporter>[0]> = {}) {
  const counters = createCounters()
  const exporter = createExporter({
    settings: { endpoint, headers: { 'x-key': 'k-1' }, rules: [] },
    instance: 'here:8470',
    version: '1.2.3',
    counters,
    clock: systemClock,
    log: silentLog,
    tracesEveryMs: 20,
    metricsEveryMs: 20,
    ...more,
  })
  closing.push(() => exporter.close())
  return { exporter, counters }
}

const record = (more: Partial<AccessRecord> = {}): AccessRecord =>
  ({
    time: '2026-11-23T10:00:00.250Z',
    request: 'req_1',
    method: 'GET',
    path: '/{organization}/orders/{id}',
    service: 'orders',
    release: null,
    upstream: '127.0.0.1:41234',
    status: 200,
    organization: 'harbor',
    environment: 'production',
    actor: 'customer',
    run: null,
    credential: 'key_1',
    caller: null,
    bytesIn: 0,
    bytesOut: 12,
    ms: 30,
    decideMs: 1,
    connectMs: 0,
    upstreamMs: 27,
    retries: 0,
    refused: null,
    aborted: null,
    stripped: 0,
    ...more,
  }) as AccessRecord

const client = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

function spansOf(got: readonly Got[]) {
  return got
    .filter(({ path }) => path === '/v1/traces')
    .flatMap(({ body }) => traceDocument.parse(JSON.parse(body)).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap((each) => each.spans)
}

function add(exporter: Exporter, records: readonly AccessRecord[]) {
  for (const one of records) exporter.add(one, continueTrace([client]))
}

test('a request is a span of the client’s trace, as the semantic conventions name it', async () => {
  const { got, endpoint } = await startCollector()
  const { exporter } = start(endpoint)
  const trace = continueTrace([client])
  exporter.add(record(), trace)
  await until('a span came', () => spansOf(got).length > 0)
  const [span] = spansOf(got)
  expect(span).toMatchObject({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    parentSpanId: 'b7ad6b7169203331',
    spanId: trace.traceparent.split('-')[2],
    name: 'GET /{organization}/orders/{id}',
    kind: 2,
    startTimeUnixNano: '1795428000250000000',
    endTimeUnixNano: '1795428000280000000',
    status: { code: 0 },
  })
  expect(span!.attributes).toContainEqual({
    key: 'http.response.status_code',
    value: { intValue: '200' },
  })
  expect(span!.attributes).toContainEqual({ key: 'rockpool.organization', value: { stringValue: 'harbor' } })
  expect(got[0]!.headers).toMatchObject({ 'content-type': 'application/json', 'x-key': 'k-1' })
})

test('a span tells which way its request went and where its time did, and nothing where it went nowhere', async () => {
  const { got, endpoint } = await startCollector()
  const { exporter } = start(endpoint)
  const nowhere = { status: 401, upstream: null, decideMs: null, connectMs: null, upstreamMs: null }
  add(exporter, [record({ retries: 1, connectMs: 2, upstreamMs: 25 }), record(nowhere)])
  await until('both came', () => spansOf(got).length === 2)
  const of = (span: ReturnType<typeof spansOf>[0]) =>
    span.attributes.filter(({ key }) => /upstream|resend|_ms$|^server\.|^network\./.test(key))
  expect(spansOf(got).map(of)).toEqual([
    [
      { key: 'rockpool.upstream', value: { stringValue: '127.0.0.1:41234' } },
      { key: 'http.request.resend_count', value: { intValue: '1' } },
      { key: 'rockpool.decide_ms', value: { intValue: '1' } },
      { key: 'rockpool.connect_ms', value: { intValue: '2' } },
      { key: 'rockpool.upstream_ms', value: { intValue: '25' } },
    ],
    [],
  ])
})

test.each([
  [{ status: 503, refused: 'overloaded' }, 'overloaded'],
  [{ status: 200, aborted: 'upstream' }, 'upstream'],
  [{ status: 500 }, '500'],
])('%o is an error, and says of what type', async (more, type) => {
  const { got, endpoint } = await startCollector()
  const { exporter } = start(endpoint)
  add(exporter, [record(more), record({ status: 404 })])
  await until('both came', () => spansOf(got).length === 2)
  const [failed, missing] = spansOf(got)
  expect(failed!.status.code).toBe(2)
  expect(failed!.attributes).toContainEqual({ key: 'error.type', value: { stringValue: type } })
  // By the conventions a 404 is the client's doing.
  expect(missing!.status.code).toBe(0)
})

test('what the process counted is told as cumulative metrics, and again', async () => {
  const { got, endpoint } = await startCollector()
  const { counters } = start(endpoint)
  counters.add(record())
  counters.add(record({ ms: 3, status: 404, refused: 'route_unknown' }))
  const told = () =>
    got
      .filter(({ path }) => path === '/v1/metrics')
      .flatMap(
        ({ body }) => metricDocument.parse(JSON.parse(body)).resourceMetrics[0]!.scopeMetrics[0]!.metrics,
      )
  await until('durations were told twice', () => {
    return told().filter(({ name }) => name === 'http.server.request.duration').length >= 2
  })
  const durations = told().findLast(({ name }) => name === 'http.server.request.duration')!
  const [cell] = durations.histogram!.dataPoints
  expect(cell).toMatchObject({ count: '2', sum: 0.033 })
  expect(cell!.bucketCounts.map(Number).reduce((a, b) => a + b)).toBe(2)
  expect(cell!.bucketCounts).toHaveLength(cell!.explicitBounds.length + 1)
  const refusals = told().findLast(({ name }) => name === 'rockpool.gateway.refusals')!
  expect(refusals.sum!.dataPoints[0]).toMatchObject({ asInt: '1' })
})

test('what the collector asks to be sent again is sent again, and nothing twice', async () => {
  const { got, endpoint } = await startCollector([
    { status: 503, headers: { 'retry-after': '0' } },
    { status: 429, headers: { 'retry-after': '0' } },
  ])
  const { exporter } = start(endpoint, { metricsEveryMs: 60_000 })
  add(exporter, [record()])
  await until('it came in the third try', () => got.length >= 3)
  expect(new Set(got.map(({ body }) => body)).size).toBe(1)
  add(exporter, [record({ request: 'req_2' })])
  await until('the next one came', () => got.length >= 4)
  expect(spansOf(got.slice(3))).toHaveLength(1)
  expect(exporter.dropped()).toBe(0)
})

test('what a collector refuses, does not take in time, or rejects in part, is counted as dropped', async () => {
  const refusing = await startCollector([{ status: 400 }])
  const one = start(refusing.endpoint, { metricsEveryMs: 60_000 }).exporter
  add(one, [record()])
  await until('it was dropped', () => one.dropped() === 1)

  const partial = await startCollector([{ status: 200, body: '{"partialSuccess":{"rejectedSpans":"2"}}' }])
  const other = start(partial.endpoint, { metricsEveryMs: 60_000 }).exporter
  add(other, [record(), record(), record()])
  await until('two were rejected', () => other.dropped() === 2)
})

test('spans that nobody takes are bounded in number, and told at the end', async () => {
  const { got, endpoint } = await startCollector()
  const { exporter } = start(endpoint, { tracesEveryMs: 60_000, metricsEveryMs: 60_000 })
  add(
    exporter,
    Array.from({ length: 2_100 }, () => record()),
  )
  expect(exporter.dropped()).toBe(52)
  await exporter.close()
  expect(spansOf(got).length).toBe(512)
  expect(got.some(({ path }) => path === '/v1/metrics')).toBe(true)
})

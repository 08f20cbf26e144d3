import { describe, expect, test } from 'vitest'
import { until, type TestGateway } from '../../../test/support/gateway.ts'
import { bearer, echo, gatewayFor, live, seen, send } from '../../../test/support/gateway-client.ts'
import { engines, type EngineName } from '../engines/index.ts'

// W3C Trace Context, Level 1 (Recommendation of 23 November 2021), by its sections: what a service receives.

const traceId = '0af7651916cd43dd8448eb211c80319c'
const parentId = 'b7ad6b7169203331'
const ours = /^00-([0-9a-f]{32})-([0-9a-f]{16})-(0[01])$/

interface Trace {
  traceId: string
  parentId: string
  flags: string
  /** Every header of that name, in order. */
  states: string[]
  /** What the access log says. */
  logged: string
}

async function traced(gateway: TestGateway, headers: string[]): Promise<Trace> {
  const before = gateway.records.length
  const received = seen(await send(gateway, { headers: [...bearer(live), ...headers] })).headers
  await until('logged', () => gateway.records.length > before)
  const traceparents = received.get('traceparent')!
  expect(traceparents).toHaveLength(1)
  const [, id, parent, flags] = ours.exec(traceparents[0]!)!
  const states = received.get('tracestate') ?? []
  return { traceId: id!, parentId: parent!, flags: flags!, states, logged: gateway.records.at(-1)!.trace }
}

describe.each(Object.keys(engines) as EngineName[])('engine %s: W3C Trace Context', (engine) => {
  const gatewayOf = () => gatewayFor(engine, echo)

  async function expectContinued(headers: string[], flags?: string): Promise<Trace> {
    const trace = await traced(await gatewayOf(), headers)
    expect([trace.traceId, trace.logged]).toEqual([traceId, traceId])
    // 3.4: the parent is our own span.
    expect(trace.parentId).not.toBe(parentId)
    expect(trace.parentId).not.toMatch(/^0+$/)
    if (flags !== undefined) expect(trace.flags).toBe(flags)
    return trace
  }

  async function expectBegun(...given: string[][]): Promise<void> {
    const gateway = await gatewayOf()
    for (const headers of given) {
      const trace = await traced(gateway, [...headers, 'tracestate', 'a=1'])
      expect([headers, trace.traceId]).not.toEqual([headers, traceId])
      expect(trace.logged).toBe(trace.traceId)
      expect(trace.traceId).not.toMatch(/^0+$/)
      // 3.3: without a traceparent that counts, tracestate does not either.
      expect([headers, trace.states]).toEqual([headers, []])
    }
  }

  const of = (version: string, id = traceId, parent = parentId, flags = '01', more = '') => [
    'traceparent',
    `${version}-${id}-${parent}-${flags}${more}`,
  ]

  test('3.2.1: the header is found in any letter case, and sent in lower case', async () => {
    const value = `00-${traceId}-${parentId}-01`
    for (const name of ['traceparent', 'Traceparent', 'TRACEPARENT', 'TraceParent'])
      await expectContinued([name, value])
    const gateway = await gatewayOf()
    const echoed = await send(gateway, { headers: [...bearer(live), 'TraceParent', value] })
    expect((JSON.parse(echoed.body) as { raw: string[] }).raw).toContain('traceparent')
  })

  test('3.2.2.1 version: 00 is continued, ff and what is no version is not', async () => {
    await expectContinued(of('00'))
    await expectBegun(of('ff'), of('FF'), of('0'), of('000'), of(''), of('0x'), of('.0'))
  })

  test('3.2.2.2 version-format: of 00 nothing may be missing, nothing added, nothing malformed', async () => {
    await expectBegun(
      of('00', traceId, parentId, '01', '-'),
      of('00', traceId, parentId, '01', '-what'),
      of('00', traceId, parentId, '01', '.'),
      of('00', traceId, parentId, ''),
      of('00', traceId, parentId, '1'),
      of('00', traceId, parentId, '001'),
      of('00', traceId, parentId, '.0'),
      ['traceparent', `00-${traceId}-${parentId}`],
      ['traceparent', `00_${traceId}_${parentId}_01`],
      ['traceparent', ''],
    )
  })

  test('3.2.2.3 trace-id: 32 digits of lower case, not all of them zero', async () => {
    await expectBegun(
      of('00', '0'.repeat(32)),
      of('00', traceId.toUpperCase()),
      of('00', traceId.slice(1)),
      of('00', `${traceId}0`),
      of('00', `.${traceId.slice(1)}`),
    )
    await expectContinued(of('00', traceId))
  })

  test('3.2.2.4 parent-id: 16 digits of lower case, not all of them zero', async () => {
    await expectBegun(
      of('00', traceId, '0'.repeat(16)),
      of('00', traceId, parentId.toUpperCase()),
      of('00', traceId, parentId.slice(1)),
      of('00', traceId, `${parentId}0`),
      of('00', traceId, `.${parentId.slice(1)}`),
    )
  })

  test('3.2.2.5 trace-flags: sampled goes on as it came; of other flags none does, and upper case is malformed', async () => {
    await expectContinued(of('00', traceId, parentId, '01'), '01')
    await expectContinued(of('00', traceId, parentId, '00'), '00')
    await expectContinued(of('00', traceId, parentId, '03'), '01')
    await expectContinued(of('00', traceId, parentId, '02'), '00')
    await expectContinued(of('00', traceId, parentId, 'ff'), '01')
    await expectBegun(of('00', traceId, parentId, 'FF'), of('00', traceId, parentId, '0G'))
  })

  test('3.2.4: a later version is read as far as it is known, and goes on as 00', async () => {
    await expectContinued(of('01'), '01')
    await expectContinued(of('cc', traceId, parentId, '01', '-what-the-future-will-be-like'), '01')
    await expectContinued(of('fe', traceId, parentId, '00', '-'), '00')
    await expectBegun(
      of('cc', traceId, parentId, '01', '.what'),
      of('cc', traceId, parentId, '01x'),
      of('cc', '0'.repeat(32)),
      of('cc', traceId, parentId, ''),
    )
  })

  test('3.2: two of them are none, equal or not', async () => {
    await expectBegun([...of('00'), ...of('00')], [...of('00'), ...of('00', '1'.repeat(32))])
  })

  test('3.3.1: tracestate goes on with its trace, several headers in their order, whatever their letter case', async () => {
    const one = await expectContinued([...of('00'), 'tracestate', 'foo=1'])
    expect(one.states).toEqual(['foo=1'])
    const many = [...of('00'), 'tracestate', 'foo=1,bar=2', 'TraceState', 'rojo=3', 'TRACESTATE', 'congo=4']
    expect((await expectContinued(many)).states.join(',')).toBe('foo=1,bar=2,rojo=3,congo=4')
  })

  test('3.3.1: at least 512 characters of it go on, and members in forms of their own', async () => {
    const members = Array.from({ length: 32 }, (_, index) => `vendor${index}@sys=${'x'.repeat(8)}`)
    const values = [members.join(','), 'a=1, ,b=2\t,c=~!"#$%&', 'key=with=equals']
    for (const value of values) {
      const trace = await expectContinued([...of('00'), 'tracestate', value])
      expect(trace.states).toEqual([value])
    }
    expect(members.join(',').length).toBeGreaterThan(512)
  })

  test('4.2: without a traceparent a trace begins, another one each time, sampled', async () => {
    const gateway = await gatewayOf()
    const traces = [await traced(gateway, []), await traced(gateway, [])]
    expect(new Set(traces.map((trace) => trace.traceId)).size).toBe(2)
    expect(traces.map(({ flags }) => flags)).toEqual(['01', '01'])
    await expectBegun([])
  })

  test('4.3: calls of one trace have a parent each', async () => {
    const gateway = await gatewayOf()
    const parents: string[] = []
    for (let count = 0; count < 3; count++) parents.push((await traced(gateway, of('00'))).parentId)
    expect(new Set(parents).size).toBe(3)
  })
})

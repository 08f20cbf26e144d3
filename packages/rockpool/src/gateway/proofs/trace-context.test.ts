import { describe, expect, test } from 'vitest'
import { until, type TestGateway } from '../../../test/support/gateway.ts'
import { bearer, echo, gatewayFor, live, seen, send } from '../../../test/support/gateway-client.ts'
import { engines, type EngineName } from '../engines/index.ts'
import { listenerGatewayFor } from '../../../test/support/gateway-http2.ts'
import {
  frameClient,
  headers as frameHeaders,
  request,
  types,
  type Frame,
} from '../../../test/support/http2-frames.ts'
import { isTracestate } from '../tracestate.ts'

// W3C Trace Context, Level 1 (Recommendation of 23 November 2021), by its sections: what a service receives. The cases of
// tracestate are those of the public suite (github.com/w3c/trace-context, test/test.py, strict), and more.

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
    for (const name of ['traceparent', 'Traceparent', 'TRACEPARENT', 'TraceParent', 'TrAcEpArEnT'])
      await expectContinued([name, value])
    const gateway = await gatewayOf()
    const echoed = await send(gateway, { headers: [...bearer(live), 'TraceParent', value] })
    expect((JSON.parse(echoed.body) as { raw: string[] }).raw).toContain('traceparent')
  })

  test('3.2.1: a header whose name is only similar is none', async () => {
    const value = `00-${traceId}-${parentId}-01`
    await expectBegun(['trace-parent', value], ['trace.parent', value], ['trace_parent', value])
    const { states } = await expectContinued([...of('00'), 'trace-state', 'foo=1', 'trace.state', 'foo=1'])
    expect(states).toEqual([])
  })

  test('3.2.2: blanks around it are none of it, within it they are', async () => {
    const value = `00-${traceId}-${parentId}-01`
    for (const given of [` ${value}`, `\t${value}`, `${value} `, `${value}\t`, `\t ${value} \t`])
      await expectContinued(['traceparent', given], '01')
    await expectBegun(['traceparent', value.replace('-', ' -')], ['traceparent', `${value} x`])
    await expectBegun(['traceparent', `${value},${value}`])
  })

  test('3.2.2.1 version: 00 is continued, ff and what is no version is not', async () => {
    await expectContinued(of('00'))
    await expectBegun(
      of('ff'),
      of('FF'),
      of('0'),
      of('000'),
      of('0000'),
      of(''),
      of('0x'),
      of('.0'),
      of('0.'),
    )
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
      of('00', traceId, parentId, '0.'),
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
      of('00', `${traceId.slice(1)}.`),
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
      of('00', traceId, `${parentId.slice(1)}.`),
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

  /** Each of `given` goes on with its members in their order, or nothing of it does; the trace goes on in any case. */
  async function expectStates(passes: boolean, ...given: string[][]): Promise<void> {
    for (const fields of given) {
      const sent = fields.flatMap((field) => ['tracestate', field])
      const { states } = await expectContinued([...of('00'), ...sent])
      const read = (values: string[]) => values.flatMap((value) => value.split(',').map((one) => one.trim()))
      expect([fields, read(states)]).toEqual([fields, passes ? read(fields) : []])
    }
  }
  const members = (count: number) => Array.from({ length: count }, (_, index) => `bar${index}=${index}`)

  test('3.3.1.1 list: at most 32 members, in one field or in several; empty ones do not count', async () => {
    const all = members(32)
    await expectStates(true, [all.join(',')], [all.slice(0, 20).join(','), all.slice(20).join(',')])
    await expectStates(true, [`,${all.join(' , ,\t')},`])
    await expectStates(false, [members(33).join(',')], [members(32).join(','), 'foo=1'])
  })

  test('3.3.1.2 list-members: blanks around one are none of it, an empty one is allowed, alone it is none', async () => {
    await expectStates(
      true,
      ['foo=1 \t , \t bar=2, \t baz=3'],
      ['foo=1\t \t,\t \tbar=2,\t \tbaz=3'],
      ['a=1, ,b=2\t,c=3'],
    )
    await expectStates(true, [' foo=1'], ['\tfoo=1'], ['foo=1 '], ['foo=1\t'], ['\t foo=1 \t'])
    await expectStates(true, ['foo=1', ''], ['', 'foo=1'])
    await expectStates(false, [''], [', ,'], [',', ''])
  })

  test('3.3.1.2 list-members: no key twice, in one field or in two, with one value or two', async () => {
    await expectStates(false, ['foo=1,foo=1'], ['foo=1,foo=2'], ['foo=1', 'foo=1'], ['foo=1', 'foo=2'])
    await expectStates(true, ['foo=1,foo@sys=1,sys@foo=foo'])
  })

  const keyCharacters = 'abcdefghijklmnopqrstuvwxyz0123456789_-*/'

  test('3.3.1.3.1 key: small letters, digits and _-*/, and @ between tenant and system', async () => {
    await expectStates(
      true,
      [`${keyCharacters}=1`],
      [`${keyCharacters}@a-z0-9_-*/=1`],
      ['0tenant@sys=1'],
      ['0=1'],
    )
    await expectStates(false, ['foo =1'], ['FOO=1'], ['foo.bar=1'], ['=1'], ['foo'], ['-foo=1'], ['föö=1'])
    await expectStates(
      false,
      ['foo@=1,bar=2'],
      ['@foo=1,bar=2'],
      ['foo@@bar=1,bar=2'],
      ['foo@bar@baz=1,bar=2'],
    )
    await expectStates(false, ['bar=2,foo@0bar=1'])
  })

  test('3.3.1.3.1 key: at most 256 characters, 241 of a tenant and 14 of a system', async () => {
    const [z, t, v] = [256, 241, 14].map((length, index) => 'ztv'[index]!.repeat(length))
    await expectStates(true, [`foo=1,${z}=1`], [`foo=1,${t}@${v}=1`])
    await expectStates(false, [`foo=1,${z}z=1`], [`foo=1,${t}t@v=1`], [`foo=1,t@${v}v=1`])
  })

  test('3.3.1.3.2 value: printable ASCII without comma and equals sign, not empty, at most 256 characters', async () => {
    const range = (from: number, to: number) =>
      String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, index) => from + index))
    const characters = range(0x20, 0x2b) + range(0x2d, 0x3c) + range(0x3e, 0x7e)
    await expectStates(true, [`foo=${characters}`], [`foo=${'x'.repeat(256)}`])
    await expectStates(
      false,
      ['foo=bar=baz'],
      ['foo=,bar=3'],
      ['foo=a\tb'],
      ['foo=é'],
      [`foo=${'x'.repeat(257)}`],
    )
  })

  test('3.3.1.4: one that is discarded goes whole, and the traceparent stays', async () => {
    const { states } = await expectContinued(
      [...of('00'), 'tracestate', 'good=1', 'TraceState', 'BAD=1'],
      '01',
    )
    expect(states).toEqual([])
  })

  test('3.3.1.5 limits: at least 512 characters of it go on', async () => {
    const value = Array.from({ length: 32 }, (_, index) => `vendor${index}@sys=${'x'.repeat(8)}`).join(',')
    expect(value.length).toBeGreaterThan(512)
    expect((await expectContinued([...of('00'), 'tracestate', value])).states).toEqual([value])
  })

  test('3.3.1: blanks without end are read in a moment', () => {
    const blank = ' \t'.repeat(8_000)
    expect(isTracestate([`a=1${blank}b`, `a=${blank}`])).toBe(false)
    expect(isTracestate([`${blank}a=1${blank},${blank}`])).toBe(true)
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

  test('4.3: calls whose traceparent does not count have a trace and a parent each', async () => {
    const gateway = await gatewayOf()
    const traces: Trace[] = []
    for (let count = 0; count < 3; count++) traces.push(await traced(gateway, of('00', '0'.repeat(32))))
    expect(new Set(traces.flatMap((trace) => [trace.traceId, trace.parentId])).size).toBe(6)
  })
})

describe('HTTP/2: W3C Trace Context', () => {
  const value = (id: string) => `00-${id}-${parentId}-01`
  /** What the service receives, by name. */
  async function received(headers: string[]): Promise<Map<string, string[]>> {
    const gateway = await listenerGatewayFor(echo)
    const answer = await frameClient(gateway)
    const [name, key] = bearer(live)
    answer.write(frameHeaders(1, [...request(), name!.toLowerCase(), key!, ...headers]))
    expect(await answer.outcome(1)).toBe('status 200')
    const isEnd = ({ stream, type, flags }: Frame) => stream === 1 && type === types.data && flags === 1
    await answer.frame('its end', isEnd)
    const body = Buffer.concat(
      answer.received.flatMap(({ type, payload }) => (type === types.data ? [payload] : [])),
    )
    return seen({ body: body.toString(), status: 200, headers: {}, raw: [], trailers: [] }).headers
  }

  test('3.2: one is continued, two are none', async () => {
    const one = await received(['traceparent', value(traceId)])
    expect(ours.exec(one.get('traceparent')![0]!)![1]).toBe(traceId)
    const two = await received(['traceparent', value(traceId), 'traceparent', value('1'.repeat(32))])
    expect(two.get('traceparent')).toHaveLength(1)
    expect([traceId, '1'.repeat(32)]).not.toContain(ours.exec(two.get('traceparent')![0]!)![1])
  })

  test('3.3: fields of tracestate go on in their order, or none of them does', async () => {
    const states = async (...fields: string[]) =>
      (await received(['traceparent', value(traceId), ...fields.flatMap((one) => ['tracestate', one])])).get(
        'tracestate',
      ) ?? []
    expect((await states('foo=1,bar=2', '', 'baz=3')).filter(Boolean).join(',')).toBe('foo=1,bar=2,baz=3')
    expect(await states('foo=1', 'foo=2')).toEqual([])
  })
})

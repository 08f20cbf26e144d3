import { expect, test } from 'vitest'
import { nextTraceparent, readRequestId, readTrace } from './trace.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'

test('a trace goes on with a span of its own', () => {
  const trace = readTrace(`00-${traceId}-00f067aa0ba902b7-00`)
  expect(trace).toEqual({ traceId, traceFlags: '00' })
  expect(nextTraceparent(trace)).toMatch(new RegExp(`^00-${traceId}-(?!00f067aa0ba902b7)[0-9a-f]{16}-00$`))
})

test.each([
  undefined,
  '',
  `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `ff-${traceId}-00f067aa0ba902b7-01`,
  `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`,
])('a traceparent that is not valid (%j) begins a new trace', (traceparent) => {
  const trace = readTrace(traceparent)
  expect(trace.traceId).toMatch(/^[0-9a-f]{32}$/)
  expect(trace.traceId).not.toBe(traceId)
})

test('a request id that is not fit for a log is replaced', () => {
  expect(readRequestId('req_1')).toBe('req_1')
  for (const bad of [undefined, '', 'a b', 'a\n', 'x'.repeat(101)])
    expect(readRequestId(bad)).toMatch(/^req_[0-9a-f-]{36}$/)
})

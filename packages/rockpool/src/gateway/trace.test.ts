import { expect, test } from 'vitest'
import { continueTrace } from './trace.ts'

test('of traces that begin here each id is its own, and has the digits that it must have', () => {
  const ids = new Set<string>()
  for (let turn = 0; turn < 1_000; turn += 1) {
    const { traceId, spanId, traceparent } = continueTrace([])
    expect(traceparent).toBe(`00-${traceId}-${spanId}-01`)
    expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    ids.add(traceId).add(spanId)
  }
  expect(ids.size).toBe(2_000)
})

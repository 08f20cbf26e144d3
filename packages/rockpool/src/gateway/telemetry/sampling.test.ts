import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSampled } from './sampling.ts'
import type { Sampled, SamplingRule } from './types.ts'

const rule = (share: number, fits: Partial<SamplingRule> = {}): SamplingRule => ({
  environment: null,
  actor: null,
  service: null,
  share,
  ...fits,
})
const request: Sampled = { environment: 'production', actor: 'customer', service: 'orders' }
const traceId = fc
  .tuple(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }))
  .map(([high, low]) => `${high.toString(16).padStart(16, '0')}${low.toString(16).padStart(16, '0')}`)

describe('what is sampled', () => {
  test('all is, where no rule fits', () => {
    expect(isSampled([], request, 'f'.repeat(32))).toBe(true)
    expect(isSampled([rule(0, { service: 'payments' })], request, 'f'.repeat(32))).toBe(true)
  })

  test('the first rule that fits counts, by environment, actor and service', () => {
    const rules = [
      rule(1, { service: 'payments' }),
      rule(1, { actor: 'check' }),
      rule(0, { environment: 'production' }),
      rule(1),
    ]
    expect(isSampled(rules, request, 'f'.repeat(32))).toBe(false)
    expect(isSampled(rules, { ...request, actor: 'check' }, 'f'.repeat(32))).toBe(true)
    expect(isSampled(rules, { ...request, service: 'payments' }, 'f'.repeat(32))).toBe(true)
    expect(isSampled(rules, { ...request, environment: null }, 'f'.repeat(32))).toBe(true)
  })

  test('a share is kept by the ids of traces, and whoever keeps more keeps the same ones too', () => {
    fc.assert(
      fc.property(traceId, fc.double({ min: 0, max: 1, noNaN: true }), (id, share) => {
        if (!isSampled([rule(share)], request, id)) return
        expect(isSampled([rule(Math.min(1, share + 0.1))], request, id)).toBe(true)
      }),
    )
    const ids = Array.from({ length: 4_000 }, (_, n) => hash('sha256', String(n), 'hex').slice(0, 32))
    const kept = ids.filter((id) => isSampled([rule(0.25)], request, id)).length
    expect(kept).toBeGreaterThan(800)
    expect(kept).toBeLessThan(1_200)
    expect(ids.some((id) => isSampled([rule(0)], request, id))).toBe(false)
  })
})

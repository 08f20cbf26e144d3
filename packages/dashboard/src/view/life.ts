/** How much of a proof's life is left, in percent: `old` at a tenth of it, `over` when there is none. Pure. */
export function lifeOf(ageMs: number, lifeMs: number): { left: number; state: 'fresh' | 'old' | 'over' } {
  const left = lifeMs > 0 ? Math.max(0, Math.min(100, Math.round(100 - (ageMs / lifeMs) * 100))) : 0
  if (left === 0) return { left, state: 'over' }
  return { left, state: left <= 10 ? 'old' : 'fresh' }
}

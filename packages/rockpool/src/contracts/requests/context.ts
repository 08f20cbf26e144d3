import type { Judge } from './judge.ts'
import type { Shapes } from './shapes.ts'

/** What all requests of one contract are read with. */
export interface Context {
  shapes: Shapes
  judge: Judge
  coerceJson: boolean
}

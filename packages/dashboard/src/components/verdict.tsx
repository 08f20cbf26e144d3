import type { ReactNode } from 'react'

export type Shape = 'pass' | 'fail' | 'unsure' | 'busy' | 'none' | 'open'

/** The words that the pages use for states, and the shape that goes with each. */
const shapes: Record<string, Shape> = {
  pass: 'pass',
  fail: 'fail',
  uncheckable: 'unsure',
  running: 'busy',
  'not run': 'none',
  yes: 'pass',
  no: 'fail',
  'cannot tell': 'unsure',
  'not measured yet': 'none',
}

export const shapeOf = (word: string): Shape => shapes[word] ?? 'none'

/** Shape and word, then colour. `bare` keeps the word for screen readers: for lists whose rows are named beside it. */
export function Verdict({
  is,
  shape = shapeOf(is),
  bare = false,
  children,
}: {
  /** A verdict, or another word with the `shape` to go with it. */
  is: string
  shape?: Shape
  bare?: boolean
  children?: ReactNode
}) {
  return <span className={`v ${bare ? 'bare ' : ''}${shape}`}>{children ?? is}</span>
}

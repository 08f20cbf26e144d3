import type { Json } from '../../types.ts'
import type { Impossible } from '../impossible.ts'
import type { Place } from '../place.ts'
import type { Run } from '../run.ts'
import type { Node } from '../shape/node.ts'

/** Makes what stands within something. */
export type Generate = (run: Run, node: Node, place: Place) => Json | Impossible

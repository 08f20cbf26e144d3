import type { Contract } from '../types.ts'
import { shapeOf } from './paths.ts'
import type { Difference, OperationName } from './types.ts'

/** What somebody asks for: the differences of which one of the three answers is yes. */
export type Aspect = 'breaks' | 'code' | 'meaning'

/** Whether a difference is of an aspect. */
export const aspectsOf: Readonly<
  Record<Aspect, (difference: Pick<Difference, 'wire' | 'source' | 'meaning'>) => boolean>
> = {
  breaks: ({ wire }) => wire !== 'keeps',
  code: ({ source }) => source === 'breaks',
  meaning: ({ meaning }) => meaning === 'changes',
}

/**
 * The differences of one aspect, or that one operation meets by itself or by a schema. Pure.
 * @param wanted `operations`: as `operationsOf` gives them
 */
export function chooseDifferences(
  differences: readonly Difference[],
  { only, operations }: { only?: Aspect | undefined; operations?: readonly OperationName[] | undefined },
): Difference[] {
  const names = operations && new Set(operations.map(keyOf))
  const isMet = ({ operation, uses }: Difference) =>
    names === undefined ||
    [...(operation === null ? [] : [operation]), ...uses.map((use) => use.operation)].some((one) =>
      names.has(keyOf(one)),
    )
  return differences.filter((each) => (only === undefined || aspectsOf[only](each)) && isMet(each))
}

/** The operations that have this id in one of the versions; none: there is no such operation. Pure. */
export function operationsOf(id: string, ...versions: readonly Contract[]): OperationName[] {
  return versions.flatMap(({ operations, webhooks }) =>
    [...operations, ...webhooks].filter((operation) => operation.id === id),
  )
}

/** Operations are matched by the shape of their path: another version may name its parameters otherwise. */
function keyOf({ method, path }: OperationName): string {
  return `${method} ${shapeOf(path)}`
}

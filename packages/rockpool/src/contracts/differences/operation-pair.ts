import type { Operation } from '../types.ts'
import type { OperationName, Use } from './types.ts'

/** One operation of both versions. */
export interface OperationPair {
  before: Operation
  after: Operation
  name: OperationName
  /** Who sends its request: of webhooks and callbacks the service does. */
  caller: 'client' | 'service'
  /** How its places begin: '' of an operation of its own, else such as `callback paid `. */
  within: string
}

export function nameOf({ method, path }: Operation): OperationName {
  return { method, path }
}

export function usesOf(pairs: readonly OperationPair[], place: string): Use[] {
  return pairs.map(({ name }) => ({ operation: name, place }))
}

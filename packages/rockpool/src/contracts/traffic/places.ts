import { shapeOf } from '../differences/index.ts'
import type { OperationName } from '../differences/index.ts'

/** An operation by method and shape of its path, as differences match them: `GET /pets/{}`. */
export function operationKey({ method, path }: OperationName): string {
  return `${method} ${shapeOf(path)}`
}

export const ofOperation = 'operation'
export const ofBody = 'request body'

export function ofSchema(name: string): string {
  return `schema ${name}`
}

export function ofResponse(status: string): string {
  return `response ${status}`
}

/** `schema Pet` and `/born`, of `schema Pet` below ''. */
export function below(place: string, token: string): string {
  return place.includes(' /') ? `${place}/${token}` : `${place} /${token}`
}

export interface PlaceParts {
  root: string
  /** Tokens of the path, as they are escaped. */
  tokens: string[]
}

/** The parts of a place: what it begins with, of the roots that there are, and the path that follows. Null: none of them. */
export function partsOf(place: string, isRoot: (root: string) => boolean): PlaceParts | null {
  // Names may hold what separates: the longest root counts.
  for (let at = place.length; at > 0; at = place.lastIndexOf(' /', at - 1)) {
    const root = place.slice(0, at)
    if (isRoot(root)) return { root, tokens: at === place.length ? [] : place.slice(at + 2).split('/') }
  }
  return null
}

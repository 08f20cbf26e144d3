const placeholder = /\{([^{}]*)\}/g

/** A path without the names of its parameters: paths of one shape are one path. */
export function shapeOf(path: string): string {
  return path.replace(placeholder, '{}')
}

/** The names of a path's parameters, in the order in which they stand there. */
export function namesIn(path: string): string[] {
  return Array.from(path.matchAll(placeholder), ([, name]) => name!)
}

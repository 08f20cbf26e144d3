import type { Operation } from '../types.ts'

export type Routing =
  | { kind: 'match'; operation: Operation; parameters: Record<string, string> }
  | { kind: 'method'; allow: string[] }
  | { kind: 'none' }

interface Node {
  literals: Map<string, Node>
  /** Segments with parameters in them; those with more letters of their own come first. */
  patterns: Pattern[]
  operations: Map<string, { operation: Operation; names: readonly string[] }>
}

interface Pattern {
  /** What stands before, between and behind its parameters. */
  literals: readonly string[]
  node: Node
}

/** Finds the operation of a method and a path: what is written out before what a parameter stands for. */
export class Routes {
  private readonly root = newNode()

  constructor(operations: readonly Operation[]) {
    for (const operation of operations) this.add(operation)
  }

  find(method: string, path: string): Routing {
    const segments = path.slice(1).split('/')
    const values: string[] = []
    const found =
      search(this.root, segments, 0, values, method) ??
      (method === 'HEAD' ? search(this.root, segments, 0, values, 'GET') : undefined)
    if (found !== undefined) {
      const parameters: Record<string, string> = Object.create(null) as Record<string, string>
      found.names.forEach((name, index) => (parameters[name] = decoded(values[index]!)))
      return { kind: 'match', operation: found.operation, parameters }
    }
    const allow = methodsAt(this.root, segments, 0)
    if (allow.has('GET')) allow.add('HEAD')
    return allow.size === 0 ? { kind: 'none' } : { kind: 'method', allow: [...allow].toSorted() }
  }

  private add(operation: Operation): void {
    let node = this.root
    const names: string[] = []
    for (const segment of operation.path.slice(1).split('/')) node = childOf(node, segment, names)
    if (!node.operations.has(operation.method)) node.operations.set(operation.method, { operation, names })
  }
}

function childOf(node: Node, segment: string, names: string[]): Node {
  const parameters = [...segment.matchAll(/\{([^{}]+)\}/g)]
  if (parameters.length === 0) {
    const known = node.literals.get(segment)
    if (known !== undefined) return known
    const made = newNode()
    node.literals.set(segment, made)
    return made
  }
  names.push(...parameters.map((match) => match[1]!))
  // Of two that differ in their names alone, nobody could tell which is meant.
  const literals = segment.split(/\{[^{}]+\}/)
  const known = node.patterns.find((pattern) => pattern.literals.join('{}') === literals.join('{}'))
  if (known !== undefined) return known.node
  const made = { literals, node: newNode() }
  node.patterns.push(made)
  const lettersOf = (pattern: Pattern) => pattern.literals.join('').length
  node.patterns.sort((one, other) => lettersOf(other) - lettersOf(one))
  return made.node
}

/** Values of the parameters in a segment, each as short as it can be; in one pass, whatever the segment. Null: it is another one. */
function matchSegment(literals: readonly string[], segment: string): string[] | null {
  const [first = '', ...others] = literals
  const last = others.pop()!
  if (!segment.startsWith(first)) return null
  const values: string[] = []
  let at = first.length
  for (const literal of others) {
    const end = literal === '' ? at + 1 : segment.indexOf(literal, at + 1)
    if (end < 0 || end > segment.length) return null
    values.push(segment.slice(at, end))
    at = end + literal.length
  }
  const end = segment.length - last.length
  if (end <= at || !segment.endsWith(last)) return null
  return [...values, segment.slice(at, end)]
}

function search(
  node: Node,
  segments: readonly string[],
  index: number,
  values: string[],
  method: string,
): { operation: Operation; names: readonly string[] } | undefined {
  const segment = segments[index]
  if (segment === undefined) return node.operations.get(method)
  const literal = node.literals.get(segment)
  const found = literal && search(literal, segments, index + 1, values, method)
  if (found) return found
  for (const { literals, node: next } of node.patterns) {
    const match = matchSegment(literals, segment)
    if (match === null) continue
    const before = values.length
    values.push(...match)
    const entry = search(next, segments, index + 1, values, method)
    if (entry !== undefined) return entry
    values.length = before
  }
  return undefined
}

function methodsAt(node: Node, segments: readonly string[], index: number): Set<string> {
  const segment = segments[index]
  if (segment === undefined) return new Set(node.operations.keys())
  const literal = node.literals.get(segment)
  const methods = literal ? methodsAt(literal, segments, index + 1) : new Set<string>()
  for (const { literals, node: next } of node.patterns)
    if (matchSegment(literals, segment) !== null)
      for (const method of methodsAt(next, segments, index + 1)) methods.add(method)
  return methods
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function newNode(): Node {
  return { literals: new Map(), patterns: [], operations: new Map() }
}

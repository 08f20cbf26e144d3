import type { Finding } from '../kernel/index.ts'
import { decode, readTarget } from './target.ts'
import type { Route, SnapshotService } from './types.ts'

export { readTarget } from './target.ts'

export interface Match {
  service: string
  route: Route
  /** Names of the path's parameters. */
  names: readonly string[]
  /** Their values, decoded. */
  values: readonly string[]
}

/** The value of a path parameter; undefined: the path has none of this name. Of two of one name it is the last one's. */
export function parameterOf({ names, values }: Match, name: string): string | undefined {
  const index = names.lastIndexOf(name)
  return index < 0 ? undefined : values[index]
}

/** All path parameters, by their names. */
export function parametersOf({ names, values }: Match): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, values[index]!]))
}

export type Routing =
  | { kind: 'match'; match: Match }
  | { kind: 'method'; allow: string[]; match: Match }
  | { kind: 'none' }

export type RoutedService = Pick<SnapshotService, 'name' | 'routes'>

export interface Router {
  find(method: string, segments: readonly string[]): Routing
  /**
   * Takes the routes of the services `removed` out, and puts those of `set` in the place of what they had: it costs as
   * much as these have routes, however many others there are. `undo` puts back what was there.
   */
  replace(removed: readonly string[], set: readonly RoutedService[]): { findings: Finding[]; undo(): void }
}

/** Segments of a path template; a parameter is `{ name }`. */
type Template = readonly (string | { name: string })[]

/** A route that stands in the tree, and where. */
interface Placed {
  template: Template
  entry: Entry
}

interface Entry {
  service: string
  route: Route
  names: readonly string[]
}

interface Node {
  literals: Map<string, Node>
  parameter: Node | undefined
  methods: Map<string, Entry>
}

/** Segments of a path template; a parameter is `{ name }`. Undefined when it is no template that can be routed. */
export function readTemplate(template: string): Template | undefined {
  const target = readTarget(template.replaceAll(/\{[A-Za-z_][\w-]*\}/g, '-'))
  if (!target.ok || target.query !== '' || target.path.endsWith('//')) return undefined
  if (template === '/') return []
  const segments = template
    .slice(1)
    .split('/')
    .map((segment) => {
      const name = /^\{([A-Za-z_][\w-]*)\}$/.exec(segment)?.[1]
      if (name !== undefined) return { name }
      return segment.includes('{') ? undefined : (decode(segment) ?? undefined)
    })
  return segments.every((segment) => segment !== undefined) ? segments : undefined
}

/** Builds the routes of all services into one tree. Two of one method and one shape are a finding; the first stays. */
export function createRouter(services: readonly RoutedService[]): { router: Router; findings: Finding[] } {
  const root = newNode()
  /** What stands in the tree of each service. */
  const placed = new Map<string, Placed[]>()

  /** Puts all routes of a service into the tree that find a place there. */
  function place({ name, routes }: RoutedService): Finding[] {
    const findings: Finding[] = []
    const own = placed.get(name) ?? []
    for (const [index, route] of routes.entries()) {
      const path = `services.${name}.routes.${index}`
      const template = readTemplate(route.path)
      if (!template) {
        findings.push({ path, message: `${route.path} is not a path template` })
        continue
      }
      let node = root
      for (const segment of template) node = child(node, segment)
      const taken = node.methods.get(route.method)
      if (taken) {
        findings.push({
          path,
          message: `${route.method} ${route.path} of ${name} is already ${taken.route.method} ${taken.route.path} of ${taken.service}`,
        })
        continue
      }
      const names = template.flatMap((segment) => (typeof segment === 'string' ? [] : [segment.name]))
      const entry = { service: name, route, names }
      node.methods.set(route.method, entry)
      own.push({ template, entry })
    }
    if (own.length > 0) placed.set(name, own)
    return findings
  }

  /** Takes a service out of the tree; gives what it had there. */
  function displace(name: string): Placed[] {
    const own = placed.get(name) ?? []
    placed.delete(name)
    for (const { template, entry } of own) removeFrom(root, template, 0, entry.route.method)
    return own
  }

  function putBack(name: string, own: Placed[]): void {
    for (const { template, entry } of own) {
      let node = root
      for (const segment of template) node = child(node, segment)
      node.methods.set(entry.route.method, entry)
    }
    if (own.length > 0) placed.set(name, own)
  }

  const router: Router = {
    find: (method, segments) => find(root, method, segments),
    replace(removed, set) {
      const before = new Map<string, Placed[]>()
      for (const name of [...removed, ...set.map((service) => service.name)])
        if (!before.has(name)) before.set(name, displace(name))
      // Of two that have one name the last one counts, as it does everywhere.
      const last = new Map(set.map((service) => [service.name, service]))
      const findings = [...last.values()].flatMap(place)
      const undo = () => {
        for (const name of before.keys()) displace(name)
        for (const [name, own] of before) putBack(name, own)
      }
      return { findings, undo }
    },
  }
  return { router, findings: services.flatMap(place) }
}

/** Takes a route out of the tree below `node`, with what then leads nowhere. Gives whether nothing is left there. */
function removeFrom(node: Node, template: Template, index: number, method: string): boolean {
  const segment = template[index]
  if (segment === undefined) node.methods.delete(method)
  else if (typeof segment === 'string') {
    const next = node.literals.get(segment)
    if (next && removeFrom(next, template, index + 1, method)) node.literals.delete(segment)
  } else if (node.parameter && removeFrom(node.parameter, template, index + 1, method))
    node.parameter = undefined
  return node.methods.size === 0 && node.literals.size === 0 && node.parameter === undefined
}

/*
 * Static segments come before parameters, from left to right. The most specific template that has the method wins;
 * when none has it, the most specific template names the route that the 405 is about. HEAD is served by GET's route.
 */
function find(root: Node, method: string, segments: readonly string[]): Routing {
  const values: string[] = []
  const entry = search(root, method, segments, 0, values)
  return entry ? { kind: 'match', match: toMatch({ entry, values }) } : explain(root, segments)
}

/** The most specific entry that has the method; `values` are its parameters then. */
function search(
  node: Node,
  method: string,
  segments: readonly string[],
  index: number,
  values: string[],
): Entry | undefined {
  const segment = segments[index]
  if (segment === undefined)
    return node.methods.get(method) ?? (method === 'HEAD' ? node.methods.get('GET') : undefined)
  // Where no literal stands, as mostly where organizations and ids do, the segment need not be hashed.
  const literal = node.literals.size === 0 ? undefined : node.literals.get(segment)
  const found = literal && search(literal, method, segments, index + 1, values)
  if (found || segment === '' || node.parameter === undefined) return found
  values.push(segment)
  const entry = search(node.parameter, method, segments, index + 1, values)
  if (!entry) values.pop()
  return entry
}

/** Why no route has the method: there is none, or others have. */
function explain(root: Node, segments: readonly string[]): Routing {
  const allow = new Set<string>()
  let nearest: { entry: Entry; values: string[] } | undefined

  const visit = (node: Node, index: number, values: string[]): void => {
    const segment = segments[index]
    if (segment === undefined) {
      for (const [name, entry] of node.methods) {
        allow.add(name)
        nearest ??= { entry, values }
      }
      return
    }
    const literal = node.literals.get(segment)
    if (literal) visit(literal, index + 1, values)
    if (segment !== '' && node.parameter !== undefined) visit(node.parameter, index + 1, [...values, segment])
  }

  visit(root, 0, [])
  if (!nearest) return { kind: 'none' }
  if (allow.has('GET')) allow.add('HEAD')
  return { kind: 'method', allow: [...allow, 'OPTIONS'].filter(unique).toSorted(), match: toMatch(nearest) }
}

function toMatch({ entry, values }: { entry: Entry; values: readonly string[] }): Match {
  const { service, route, names } = entry
  return { service, route, names, values }
}

function child(node: Node, segment: string | { name: string }): Node {
  if (typeof segment !== 'string') return (node.parameter ??= newNode())
  const known = node.literals.get(segment)
  if (known) return known
  const made = newNode()
  node.literals.set(segment, made)
  return made
}

function newNode(): Node {
  return { literals: new Map(), parameter: undefined, methods: new Map() }
}

function unique<T>(value: T, index: number, all: readonly T[]): boolean {
  return all.indexOf(value) === index
}

import { stringify } from 'yaml'
import { mergePlaces } from './learner.ts'
import type { Learned, Operation, Place } from './learner.ts'
import { camel, parameterName } from './segments.ts'

/** A route as it was learned: a template and what was seen at it. */
export interface LearnedRoute {
  method: string
  path: string
  /** The words of the path and the names of its parameters, in order. */
  parts: { text: string; isParameter: boolean }[]
  operation: Operation
}

const methods = new Set(['GET', 'PUT', 'POST', 'DELETE', 'PATCH'])

/** The routes, by path; those that nothing answered (404 and 405 alone) are left out and counted. */
export function learnedRoutes(learned: Learned): { routes: LearnedRoute[]; unanswered: number } {
  const routes: LearnedRoute[] = []
  let unanswered = 0
  const { organization } = learned

  function walk(place: Place, parts: LearnedRoute['parts']): void {
    for (const [method, operation] of place.operations) {
      if (!methods.has(method)) continue
      const answered = [...operation.statuses.keys()].some((status) => status !== 404 && status !== 405)
      if (answered) routes.push({ method, path: pathOf(parts), parts, operation })
      else unanswered += 1
    }
    const isOrganizations = organization.by === 'path' && organization.position === parts.length
    const named = isOrganizations
      ? [...place.literals].filter(([text]) => organization.isOne(text)).map(([, child]) => child)
      : []
    for (const [text, child] of place.literals)
      if (!named.includes(child)) walk(child, [...parts, { text, isParameter: false }])
    const unnamed = place.parameter ? [...named, place.parameter] : named
    if (unnamed.length === 0) return
    const name = isOrganizations ? 'organization' : uniqueName(parts)
    walk(mergePlaces(unnamed), [...parts, { text: name, isParameter: true }])
  }
  walk(learned.root, [])
  return {
    routes: routes.toSorted((a, b) => compare(a.path, b.path) || compare(a.method, b.method)),
    unanswered,
  }
}

/** An OpenAPI 3.1 document of what was seen: a beginning, to be read and completed. Pure. */
export function toDocument(learned: Learned, upstream: URL): string {
  const { routes } = learnedRoutes(learned)
  const ids = new Set<string>()
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const item = (paths[route.path] ??= parametersOf(route))
    item[route.method.toLowerCase()] = toOperation(route, ids)
  }
  const schemes = securitySchemes(learned)
  return stringify({
    openapi: '3.1.0',
    info: {
      title: upstream.hostname,
      version: '0.0.0',
      description: `What was seen of ${upstream.origin}: paths, parameters, status codes and content types. No schemas: bodies were not looked at.`,
    },
    servers: [{ url: upstream.origin }],
    ...(schemes.length > 0 ? { security: schemes.map(([name]) => ({ [name]: [] })) } : {}),
    paths,
    ...(schemes.length > 0 ? { components: { securitySchemes: Object.fromEntries(schemes) } } : {}),
  })
}

function toOperation({ method, parts, operation }: LearnedRoute, ids: Set<string>): Record<string, unknown> {
  const { statuses, requestTypes, query, anonymous } = operation
  return {
    operationId: uniqueId(method, parts, ids),
    // Somebody without any credential was served.
    ...(anonymous > 0 ? { security: [] } : {}),
    ...(query.size > 0
      ? {
          parameters: [...query]
            .toSorted()
            .map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
        }
      : {}),
    ...(requestTypes.size > 0 ? { requestBody: { content: contentOf(requestTypes) } } : {}),
    responses: Object.fromEntries(
      [...statuses]
        .toSorted(([a], [b]) => a - b)
        .map(([status, { count, types }]) => [
          String(status),
          {
            description: `Seen ${count === 1 ? 'once' : `${count} times`}.`,
            ...(types.size > 0 ? { content: contentOf(types) } : {}),
          },
        ]),
    ),
  }
}

function parametersOf({ parts }: LearnedRoute): Record<string, unknown> {
  const names = parts.filter(({ isParameter }) => isParameter).map(({ text }) => text)
  if (names.length === 0) return {}
  return {
    parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
  }
}

function securitySchemes({ credentials }: Learned): [string, object][] {
  return [...credentials.keys()].toSorted().map((kind) => {
    const [where = '', name = ''] = kind.split(' ')
    const id = camel(['by', ...kind.split(/[^A-Za-z0-9]+/).filter(Boolean)])
    if (where === 'authorization' && name !== 'other') return [id, { type: 'http', scheme: name }]
    if (where === 'authorization') return [id, { type: 'apiKey', in: 'header', name: 'Authorization' }]
    return [id, { type: 'apiKey', in: where, name }]
  })
}

const contentOf = (types: ReadonlySet<string>) =>
  Object.fromEntries([...types].toSorted().map((type) => [type, {}]))

const pathOf = (parts: LearnedRoute['parts']) =>
  `/${parts.map(({ text, isParameter }) => (isParameter ? `{${text}}` : text)).join('/')}`

function uniqueName(parts: LearnedRoute['parts']): string {
  const before = parts.at(-1)
  const name = parameterName(before && !before.isParameter ? before.text : undefined)
  const taken = new Set(parts.filter(({ isParameter }) => isParameter).map(({ text }) => text))
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}${number}`
    if (!taken.has(candidate)) return candidate
  }
}

/** `GET /{organization}/orders/{orderId}` → `getOrdersByOrderId`; the organization goes without saying. */
function uniqueId(method: string, parts: LearnedRoute['parts'], ids: Set<string>): string {
  const words = parts
    .filter(({ text, isParameter }) => !isParameter || text !== 'organization')
    .flatMap(({ text, isParameter }) => [...(isParameter ? ['by'] : []), ...text.split(/[^A-Za-z0-9]+/)])
    .filter(Boolean)
  const name = camel([method.toLowerCase(), ...(words.length > 0 ? words : ['root'])])
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}${number}`
    if (ids.has(candidate)) continue
    ids.add(candidate)
    return candidate
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

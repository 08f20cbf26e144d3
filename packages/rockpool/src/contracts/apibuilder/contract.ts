import { nameOfOperation } from '../openapi/names.ts'
import { standsWhere } from '../source/origins.ts'
import type { Contract, JsonObject, Operation, Server } from '../types.ts'
import { pathOfResource, templateOf } from './exchange.ts'
import type { Exchange } from './exchange.ts'
import { extensionsOf, extensionsOfDescribed } from './extensions.ts'
import { shorten } from './nodes.ts'
import type { Report } from './nodes.ts'
import { operationOf } from './operations.ts'
import { SchemaWriter } from './schemas.ts'
import type { Scope } from './scope.ts'
import type { Resource, Service } from './service.ts'
import { writeType } from './type-expression.ts'

/** The model of a service that was found sound. */
export function contractOf(scope: Scope, exchanges: readonly Exchange[], report: Report): Contract {
  const { service } = scope
  const writer = new SchemaWriter(scope)
  const context = { scope, nameOf: writer.nameOf }
  const nameFor = createNames()
  const operations = distinct(exchanges, report).map((exchange): Operation => {
    const id = nameFor(exchange.node.method, templateOf(exchange.path))
    return operationOf(context, exchange, id)
  })
  const contract: Contract = {
    title: service.name,
    version: service.version,
    summary: null,
    description: service.description,
    info: service.info,
    servers: service.baseUrl === null ? [] : [serverOf(service.baseUrl)],
    security: null,
    securitySchemes: new Map(),
    tags: service.resources.map((resource) => tagOf(resource, scope)),
    externalDocs: null,
    operations,
    webhooks: [],
    schemas: writer.finish(),
    extensions: extensionsOfService(service),
  }
  return standsWhere(contract, service.at)
}

/**
 * One answer to one call: of two operations with one method and path the first one counts. Those of one path follow each
 * other, in the order of OpenAPI's path item (3.1, 4.8.9.1).
 */
function distinct(exchanges: readonly Exchange[], report: Report): Exchange[] {
  const byPath = new Map<string, Map<string, Exchange>>()
  for (const exchange of exchanges) {
    const { method, at } = exchange.node
    const path = templateOf(exchange.path)
    const ofPath = byPath.get(path) ?? new Map<string, Exchange>()
    byPath.set(path, ofPath)
    if (ofPath.has(method))
      report.doubtful(at, `there is another ${method} ${shorten(path)}: the first one counts`, 'path')
    else ofPath.set(method, exchange)
  }
  const rank = ({ node }: Exchange) => methods.indexOf(node.method) >>> 0
  return [...byPath.values()].flatMap((ofPath) =>
    [...ofPath.values()].toSorted((one, other) => rank(one) - rank(other)),
  )
}

const methods = ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE']

function createNames(): (method: string, path: string) => string {
  const taken = new Set<string>()
  return (method, path) => {
    const base = nameOfOperation(method, path)
    let name = base
    for (let count = 2; taken.has(name); count++) name = `${base}_${count}`
    taken.add(name)
    return name
  }
}

function serverOf(url: string): Server {
  return { url, description: null, variables: {}, extensions: {} }
}

/** A resource is a tag of its operations; what else is said of it stands beside it. */
function tagOf(resource: Resource, scope: Scope): JsonObject {
  const { at, type, plural, description } = resource
  const tag: JsonObject = { name: writeType(type) }
  if (description !== null) tag['description'] = description
  const path = pathOfResource(resource, scope)
  Object.assign(tag, extensionsOf({ path, plural }), extensionsOfDescribed(resource))
  return standsWhere(tag, at)
}

function extensionsOfService(service: Service) {
  const { key, namespace, about, attributes } = service
  return extensionsOf({
    key,
    namespace,
    ...about,
    attributes,
    imports: service.imports.map(({ at }) => at),
    headers: service.headers.map(({ at }) => at),
    annotations: service.annotations.map(({ at, name }): JsonObject => ({ name, ...at })),
  })
}

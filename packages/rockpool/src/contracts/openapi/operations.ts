import { isObject } from '../json-object.ts'
import { standsWhere } from '../source/origins.ts'
import type { Body, Callback, JsonObject, Operation, Parameter, Response } from '../types.ts'
import { readBody, readResponses } from './content.ts'
import { extensionsOf, flagOf, objectOf, textOf, textsOf } from './context.ts'
import type { Context } from './context.ts'
import { createNames } from './names.ts'
import type { Names } from './names.ts'
import { readParameters } from './parameters.ts'
import { checkPath, matchParameters } from './paths.ts'
import { readSecurity, readServers } from './document-parts.ts'

const partsOfOperation = ['description', 'parameters', 'responses', 'callbacks', 'security', 'servers']

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const

const partsOfItem = [...methods, 'description', 'parameters', 'servers', 'additionalOperations']

/** What an operation takes and gives, which each generation of OpenAPI says in its own way. */
export interface Exchange {
  parameters: Parameter[]
  body: Body | null
  responses: Response[]
}

export type ReadExchange = (context: Context, operation: JsonObject, item: JsonObject) => Exchange

/** As OpenAPI 3 says it. */
export const readExchange: ReadExchange = (context, operation, item) => {
  const { parameters, bodies } = readParameters(context, operation, item)
  return {
    parameters,
    body: readBody(context, operation, bodies),
    responses: readResponses(context, operation),
  }
}

/** All operations below `holder[member]`: `paths`, or `webhooks`. */
export function readOperations(
  context: Context,
  member: 'paths' | 'webhooks' | 'x-webhooks',
  read: ReadExchange,
): Operation[] {
  const paths = objectOf(context.root, member, context.findings)
  if (paths === null) return []
  const names = createNames()
  const reader = { context, names, read, open: new Set<JsonObject>() }
  // Who has a name keeps it, whoever comes first.
  const items = Object.keys(paths).flatMap((path) => {
    if (path.startsWith('x-')) return []
    const item = context.documents.resolvePath(paths[path], paths, path)
    if (item === undefined) return []
    const isPath = member === 'paths'
    return [{ path: isPath ? checkPath(context, paths, path) : path, item, isPath }]
  })
  for (const { item } of items)
    for (const [, operation] of operationsIn(context, item)) names.reserve(operation)
  const operations = items.flatMap(({ path, item, isPath }) => readItem(reader, item, path, isPath))
  refuseRepeated(context, operations)
  return operations
}

/** Paths may be told apart in a document, and be the same on the wire. */
function refuseRepeated({ findings }: Context, operations: readonly Operation[]): void {
  const seen = new Set<string>()
  for (const operation of operations) {
    const name = `${operation.method} ${operation.path}`
    if (seen.has(name)) findings.error(operation, `${name} stands here twice`)
    seen.add(name)
  }
}

interface OperationReader {
  context: Context
  names: Names
  /** Paths that are being read, one within the other by callbacks. */
  open: Set<JsonObject>
  read: ReadExchange
}

function readItem(reader: OperationReader, item: JsonObject, path: string, isPath: boolean): Operation[] {
  const { context, open } = reader
  if (open.has(item)) return (context.findings.error(item, 'its callbacks lead to itself'), [])
  if (!context.budget.spend(1, item)) return []
  open.add(item)
  const operations = readMethods(reader, item, path, isPath)
  open.delete(item)
  return operations
}

function readMethods(reader: OperationReader, item: JsonObject, path: string, isPath: boolean): Operation[] {
  return operationsIn(reader.context, item).map(([method, operation]) => {
    const made = readOperation(reader, { item, operation, method, path })
    return isPath ? matchParameters(reader.context, made, operation) : made
  })
}

/** Methods in capitals, and what stands there. */
function operationsIn({ documents, findings }: Context, given: JsonObject): [string, JsonObject][] {
  const found: [string, JsonObject][] = []
  const item = documents.followed(given, ...partsOfItem)
  for (const method of methods) {
    const operation = item[method]
    if (isObject(operation))
      found.push([method.toUpperCase(), documents.followed(operation, ...partsOfOperation)])
    else if (operation !== undefined) findings.error(item, `${method} must be an object`, method)
  }
  // OpenAPI 3.2, 4.9: methods as they are sent; and how they are kept in OpenAPI 3.1.
  for (const member of ['additionalOperations', 'x-rockpool-operations']) {
    const others = objectOf(item, member, findings)
    for (const method of Object.keys(others ?? {})) {
      const operation = others![method]
      if (isObject(operation)) found.push([method, operation])
    }
  }
  return found
}

function readOperation(
  reader: OperationReader,
  given: { item: JsonObject; operation: JsonObject; method: string; path: string },
): Operation {
  const { context, names, read } = reader
  const { documents, findings } = context
  const { operation, method, path } = given
  const item = documents.followed(given.item, ...partsOfItem)
  const exchange = read(context, operation, item)
  return standsWhere(
    {
      ...names.take(context, operation, method, path),
      method,
      path,
      summary: textOf(operation, 'summary', findings) ?? textOf(item, 'summary', findings),
      description: textOf(operation, 'description', findings) ?? textOf(item, 'description', findings),
      tags: textsOf(operation, 'tags', findings),
      externalDocs: objectOf(operation, 'externalDocs', findings),
      deprecated: flagOf(operation, 'deprecated', findings),
      ...exchange,
      callbacks: readCallbacks(reader, operation),
      security: readSecurity(context, operation),
      servers: readServers(context, operation) ?? readServers(context, item),
      extensions: { ...extensionsOf(item, 'x-rockpool-operations'), ...extensionsOf(operation) },
    },
    operation,
  )
}

function readCallbacks({ context, read, open }: OperationReader, operation: JsonObject): Callback[] {
  const callbacks = objectOf(operation, 'callbacks', context.findings)
  return Object.keys(callbacks ?? {}).flatMap((name) => {
    const callback = context.documents.resolve(callbacks![name], callbacks!, name)
    if (callback === undefined) return []
    // Their names are their own: nobody calls them by these.
    const reader = { context, names: createNames(), read, open }
    const operations = Object.keys(callback).flatMap((expression) => {
      if (expression.startsWith('x-')) return []
      const item = context.documents.resolvePath(callback[expression], callback, expression)
      return item === undefined ? [] : readItem(reader, item, expression, false)
    })
    return [standsWhere({ name, operations }, callback)]
  })
}

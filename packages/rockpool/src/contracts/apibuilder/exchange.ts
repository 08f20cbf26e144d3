import { nameInType, renameType, text, unit } from './type-expression.ts'
import type { TypeExpression } from './type-expression.ts'
import { qualifiedName } from './scope.ts'
import type { Scope } from './scope.ts'
import { shorten } from './nodes.ts'
import type { Report } from './nodes.ts'
import { pluralOf } from './plural.ts'
import type {
  Field,
  OperationNode,
  ParameterLocation,
  ParameterNode,
  Resource,
  ResponseNode,
  UnionType,
} from './service.ts'

/*
 * What an operation is once nothing about it is left to be inferred.
 *
 *   resource's path + operation's path ──► path ──► names in it ──► parameters with places and types
 */

export interface Exchange {
  node: OperationNode
  resource: Resource
  /** With `:name` for each parameter. */
  path: string
  parameters: PlacedParameter[]
  responses: ResponseNode[]
}

export interface PlacedParameter extends ParameterNode {
  location: ParameterLocation
}

const locations: ReadonlySet<string> = new Set<ParameterLocation>(['path', 'query', 'form', 'header'])

/** Where a resource is found: its own path, or the plural of its type. */
export function pathOfResource(resource: Resource, scope: Scope): string {
  if (resource.path !== null) return resource.path
  const found = scope.find(nameInType(resource.type))
  if (found === undefined || found.kind === 'primitive') return ''
  const plural = found.kind === 'unknown' ? pluralOf(found.name.split('.').at(-1)!) : found.type.plural
  return `/${resource.plural ?? plural}`
}

export function exchangeOf(node: OperationNode, resource: Resource, scope: Scope, report: Report): Exchange {
  const prefix = report.format === 'service.json' ? '' : pathOfResource(resource, scope)
  const path = prefix + node.path || '/'
  const names = namesInPath(path)
  const declared = new Map(node.parameters.map((parameter) => [parameter.name, parameter]))
  const inPath = names.map((name): PlacedParameter => {
    const parameter = declared.get(name) ?? inferred(name, node, resource, scope)
    return { ...parameter, location: 'path' }
  })
  const otherwise = defaultLocation(node)
  const others = node.parameters
    .filter(({ name }) => !names.includes(name))
    .flatMap((parameter): PlacedParameter[] => {
      const location = placeOf(parameter, otherwise, report)
      return location === undefined ? [] : [{ ...parameter, location }]
    })
  const responses = node.responses.length > 0 ? node.responses : [noContent(node)]
  return { node, resource, path, parameters: [...inPath, ...others], responses }
}

/** `/:id.csv` names `id`: a name goes to the next `/` or `.`. */
export function namesInPath(path: string): string[] {
  const names = path
    .split('/')
    .flatMap((segment) => (segment.startsWith(':') ? [segment.slice(1).split('.')[0]!] : []))
  return [...new Set(names)]
}

/** With `{name}` for each parameter (OpenAPI 3.1, 4.8.8.1). */
export function templateOf(path: string): string {
  const segments = path.split('/').map((segment) => segment.replace(/^:([^.]+)/s, '{$1}'))
  return segments.join('/').replace(/^(?!\/)/, '/')
}

function defaultLocation({ method, body }: OperationNode): ParameterLocation {
  return body !== null || method === 'GET' || method === 'DELETE' ? 'query' : 'form'
}

function placeOf(
  parameter: ParameterNode,
  otherwise: ParameterLocation,
  report: Report,
): ParameterLocation | undefined {
  const { location, at, name } = parameter
  if (location === null) return otherwise
  if (!locations.has(location)) {
    report.impossible(at, `“${shorten(location)}” is no location: path, query, form or header is`, 'location')
    return undefined
  }
  if (location !== 'path') return location as ParameterLocation
  report.broken(at, `the path has no :${shorten(name)}`, 'location')
  return undefined
}

/** A parameter that only the path names has the type of the resource's field of that name. */
function inferred(name: string, node: OperationNode, resource: Resource, scope: Scope): ParameterNode {
  return {
    at: node.at,
    description: null,
    deprecation: null,
    attributes: [],
    name,
    type: typeOfField(resource, name, scope),
    required: true,
    default: undefined,
    example: null,
    minimum: null,
    maximum: null,
    location: 'path',
  }
}

function typeOfField(resource: Resource, name: string, scope: Scope): TypeExpression {
  const found = scope.find(nameInType(resource.type))
  if (found?.kind !== 'model' && found?.kind !== 'union') return text
  const { home } = found
  const type =
    found.kind === 'model' ? fieldType(found.type.fields, name) : commonType(found.type, name, home)
  if (home === scope) return type
  return renameType(type, (local) => {
    const meant = home.find(local)
    return meant !== undefined && 'home' in meant ? qualifiedName(meant) : local
  })
}

/** What all types of a union agree on. */
function commonType({ types }: UnionType, name: string, scope: Scope): TypeExpression {
  const all = types.map(({ type }) => {
    const found = scope.find(nameInType(type))
    if (found?.kind === 'primitive') return type
    return found?.kind === 'model' ? fieldType(found.type.fields, name) : text
  })
  const [first, ...rest] = all
  const isCommon = rest.every((type) => JSON.stringify(type) === JSON.stringify(first))
  return first !== undefined && isCommon ? first : text
}

function fieldType(fields: readonly Field[], name: string): TypeExpression {
  return fields.find((field) => field.name === name)?.type ?? text
}

function noContent({ at }: OperationNode): ResponseNode {
  return { at, description: null, deprecation: null, attributes: [], code: '204', type: unit, headers: [] }
}

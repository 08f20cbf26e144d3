import { shorten } from '../nodes.ts'
import type { Report } from '../nodes.ts'
import { namesInPath, pathOfResource } from '../exchange.ts'
import type { Exchange, PlacedParameter } from '../exchange.ts'
import type { Scope } from '../scope.ts'
import type { Header, ResponseNode } from '../service.ts'
import { nameInType, writeType } from '../type-expression.ts'
import type { TypeExpression } from '../type-expression.ts'
import { checkDistinct } from './distinct.ts'
import { checkType, checkTyped } from './fields.ts'

const methods: ReadonlySet<string> = new Set(
  'GET POST PUT PATCH DELETE HEAD CONNECT OPTIONS TRACE'.split(' '),
)

export function checkResources(scope: Scope, report: Report): void {
  const { resources } = scope.service
  checkDistinct(
    report,
    resources.map(({ at, type }) => ({ at, name: writeType(type) })),
    'the resource',
  )
  for (const resource of resources) {
    const { at, type, path, operations } = resource
    const found = checkType(type, at, scope, report) ? scope.find(nameInType(type)) : undefined
    if (found?.kind === 'primitive' || type.kind !== 'name')
      report.broken(at, `a resource is a model, an enum or a union: ${shorten(writeType(type))} is none`)
    if (found?.kind === 'unknown' && path === null)
      report.doubtful(
        at,
        `it is taken to be at ${shorten(pathOfResource(resource, scope))}: ${shorten(found.name)} may have another plural`,
      )
    if (operations.length === 0)
      report.broken(at, `the resource ${shorten(writeType(type))} must have an operation`, 'operations')
  }
}

export function checkExchange(exchange: Exchange, scope: Scope, report: Report): void {
  const { node, path, parameters, responses } = exchange
  if (!methods.has(node.method))
    report.impossible(node.at, `“${shorten(node.method)}” is no method`, 'method')
  checkPath(exchange, report)
  if (node.body !== null) {
    checkType(node.body.type, node.body.at, scope, report)
    if (node.method === 'GET') report.broken(node.at, 'GET has no body', 'body')
  }
  checkDistinct(report, node.parameters, `the parameter of ${node.method} ${shorten(path)},`)
  for (const parameter of parameters) checkParameter(parameter, exchange, scope, report)
  const seen = new Set<string>()
  for (const response of responses) {
    if (seen.has(response.code))
      report.broken(response.at, `the response ${shorten(response.code)} is there twice`)
    seen.add(response.code)
    checkResponse(response, scope, report)
  }
  checkOneType(exchange, report)
}

function checkPath({ node, path }: Exchange, report: Report): void {
  if (!path.startsWith('/')) report.doubtful(node.at, `${shorten(path)} must begin with “/”`, 'path')
  if (/[{}?#]/.test(path))
    report.impossible(node.at, `${shorten(path)} has a character that no path has`, 'path')
  const count = path.split('/').filter((segment) => segment.startsWith(':')).length
  const names = namesInPath(path)
  if (names.includes(''))
    report.impossible(node.at, `${shorten(path)} has a parameter without a name`, 'path')
  else if (names.length < count) report.impossible(node.at, `${shorten(path)} has a parameter twice`, 'path')
}

function checkParameter(parameter: PlacedParameter, { node }: Exchange, scope: Scope, report: Report): void {
  const { at, name, location, required } = parameter
  checkTyped(parameter, scope, report)
  if (location === 'path' && !required)
    report.broken(at, `the path parameter ${shorten(name)} cannot be optional`, 'required')
  if (!required && parameter.default !== undefined)
    report.broken(at, `the parameter ${shorten(name)} has a default: it must be required`, 'default')
  if (location === 'form' && (node.body !== null || node.method === 'GET'))
    report.broken(at, `${node.method} cannot have the form parameter ${shorten(name)}, too`, 'location')
  if (location === 'form' || isUrlType(parameter.type, location !== 'path', scope)) return
  const lists = location === 'path' ? '' : ', or a list of these'
  const isInferred = at === node.at
  const advice = isInferred
    ? ' (it has the type of that field: declare it among the parameters to say another)'
    : ''
  report.broken(
    at,
    `a ${location} parameter is a primitive or an enum${lists}: ${shorten(name)} is none${advice}`,
    'type',
  )
}

/** What can stand in a URL or a header. A type that nobody knows has its own finding. */
function isUrlType(type: TypeExpression, mayBeList: boolean, scope: Scope): boolean {
  if (type.kind === 'map') return false
  if (type.kind === 'list') return mayBeList && type.of.kind === 'name' && isUrlType(type.of, false, scope)
  const found = scope.find(type.name)
  if (found?.kind === 'primitive') return !['unit', 'object', 'json'].includes(found.primitive)
  return found === undefined || found.kind === 'enum' || (found.kind === 'unknown' && found.of === 'enum')
}

function checkResponse({ at, code, type, headers }: ResponseNode, scope: Scope, report: Report): void {
  const number = /^\d{1,9}$/.test(code) ? Number(code) : null
  if (number === null ? code !== 'default' : number < 100)
    report.impossible(at, `“${shorten(code)}” is no status: a number from 100 on is, or “default”`)
  checkType(type, at, scope, report)
  if ((number === 204 || number === 304) && writeType(type) !== 'unit')
    report.broken(at, `the response ${code} has no body: its type is unit`, 'type')
  checkHeaders(headers, scope, report)
}

export function checkHeaders(headers: readonly Header[], scope: Scope, report: Report): void {
  checkDistinct(report, headers, 'the header')
  for (const header of headers) {
    checkTyped(header, scope, report)
    const type = header.type.kind === 'list' ? header.type.of : header.type
    const found = type.kind === 'name' ? scope.find(type.name) : undefined
    const isText =
      found?.kind === 'enum' ||
      (found?.kind === 'unknown' && found.of === 'enum') ||
      (found?.kind === 'primitive' && found.primitive === 'string')
    if (found !== undefined && !isText)
      report.broken(
        header.at,
        `the header ${shorten(header.name)} must be a string or an enum, or a list of these`,
        'type',
      )
  }
}

/** Whatever succeeds is answered by one type. */
function checkOneType({ node, responses }: Exchange, report: Report): void {
  const types = new Set(
    responses.filter(({ code }) => /^2\d\d$/.test(code)).map(({ type }) => writeType(type)),
  )
  if (types.size > 1)
    report.broken(
      node.at,
      `all 2xx have one type: here they have ${shorten([...types].join(', '))}`,
      'responses',
    )
}

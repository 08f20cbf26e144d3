import { readFile, stat } from 'node:fs/promises'
import { LineCounter, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import { messageOf } from '../kernel/index.ts'
import type { Finding } from '../kernel/index.ts'
import { nameOfOperation } from '../contracts/light.ts'
import { foreignName } from './foreign-names.ts'
import { readTemplate } from './router.ts'
import { asksForNothing, isSecurity } from './security.ts'
import type { Route } from './types.ts'

export interface ContractParameter {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie'
  required: boolean
}

/** One operation of a contract: a route, and what a caller has to know to call it by its operationId. */
export interface ContractOperation extends Route {
  summary: string | null
  parameters: ContractParameter[]
  /** Null: the operation takes no body. */
  body: { required: boolean; contentTypes: string[] } | null
  /** Status codes as written, such as `201`, `4XX`, `default`. */
  answers: string[]
}

export interface Contract {
  title: string
  /** `info.version` */
  version: string
  operations: ContractOperation[]
}

export type ContractReading = { ok: true; contract: Contract } | { ok: false; findings: Finding[] }

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch'])
const places = ['path', 'query', 'header', 'cookie']
const maxBytes = 4 * 1024 * 1024
type Json = Record<string, unknown>
type Report = (path: readonly string[], message: string) => void

export interface ReadContractOptions {
  /**
   * The document is somebody else’s and cannot be mended here: an operationId that is missing, taken, or no name is
   * made from the method and the path, a path parameter need not be declared, of two paths that cannot be told apart
   * the first counts, and a “security” that is none opens nothing.
   */
  foreign?: boolean
}

/** Reads the contract in a file. Never throws for what is in it, or for a file that is not there. */
export async function loadContract(
  file: string,
  options: ReadContractOptions = {},
): Promise<ContractReading> {
  try {
    if ((await stat(file)).size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`)
    return readContract(await readFile(file, 'utf8'), file, options)
  } catch (error) {
    return {
      ok: false,
      findings: [{ path: '(the whole)', message: `cannot be read: ${messageOf(error)}`, file }],
    }
  }
}

/**
 * Reads an OpenAPI 3.0 or 3.1 document, YAML or JSON, as far as routing and calling by operationId need it. All
 * findings come at once, each with its path in the document. `servers` is not looked at: the paths are the gateway's.
 */
export function readContract(
  text: string,
  file?: string,
  { foreign = false }: ReadContractOptions = {},
): ContractReading {
  const findings: Finding[] = []
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const report: Report = (path, message) => {
    const line = lineOf(document, lines, path)
    findings.push({
      path: path.join('.') || '(the whole)',
      message,
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
    })
  }
  for (const error of document.errors) report([], error.message.split('\n')[0]!)
  const root: unknown = findings.length > 0 ? undefined : toValue(document, report)
  if (!isObject(root)) {
    if (findings.length === 0) report([], 'is not an OpenAPI document')
    return { ok: false, findings }
  }

  if (typeof root['openapi'] !== 'string' || !/^3\.[01]\.\d+$/.test(root['openapi']))
    report(['openapi'], 'must be a version 3.0.x or 3.1.x')
  const info = isObject(root['info']) ? root['info'] : {}
  if (typeof info['title'] !== 'string') report(['info', 'title'], 'must be a text')
  if (!isObject(root['paths'])) report(['paths'], 'must be an object of paths')
  if (!foreign) checkSecurity(root['security'], ['security'], report)
  const operations = isObject(root['paths']) ? readPaths(root, root['paths'], report, foreign) : []
  if (findings.length > 0) return { ok: false, findings }
  return {
    ok: true,
    contract: {
      title: String(info['title']),
      version: typeof info['version'] === 'string' ? info['version'] : '',
      operations,
    },
  }
}

/** What the gateway needs of a contract. */
export function routesOf(contract: Contract): Route[] {
  return contract.operations.map(({ method, path, operationId, anonymous }) => ({
    method,
    path,
    operationId,
    anonymous,
  }))
}

function readPaths(root: Json, paths: Json, report: Report, foreign: boolean): ContractOperation[] {
  const operations: ContractOperation[] = []
  const ids = new Map<string, string>()
  const shapes = new Map<string, string>()
  const served = new Set<string>()
  for (const [path, unresolved] of Object.entries(paths)) {
    if (path.startsWith('x-')) continue
    const at = ['paths', path]
    const template = readTemplate(path)
    if (!template) {
      report(at, 'must begin with /, and each segment must be a literal or one {parameter}')
      continue
    }
    if (path === '/.rockpool' || path.startsWith('/.rockpool/'))
      report(at, 'paths below /.rockpool are Rockpool’s own')
    const names = template.flatMap((segment) => (typeof segment === 'string' ? [] : [segment.name]))
    for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index)))
      report(at, `names the parameter ${name} twice`)
    const shape = JSON.stringify(template.map((segment) => (typeof segment === 'string' ? segment : {})))
    if (shapes.has(shape) && !foreign) report(at, `cannot be told from ${shapes.get(shape)}`)
    shapes.set(shape, path)

    const item = resolve(root, unresolved, at, report)
    if (!item) continue
    const shared = readParameters(root, item['parameters'], [...at, 'parameters'], report)
    for (const unrouted of ['trace', 'query'])
      if (unrouted in item) report([...at, unrouted], 'this method is never routed')
    for (const method of Object.keys(item)) {
      if (!methods.has(method)) continue
      const operation = readOperation(
        root,
        { path, names, method, shared, value: item[method], foreign },
        report,
      )
      if (!operation) continue
      if (foreign && served.has(`${method} ${shape}`)) continue
      served.add(`${method} ${shape}`)
      if (foreign && ids.has(operation.operationId)) operation.operationId = nameOfOperation(method, path)
      const taken = ids.get(operation.operationId)
      if (taken !== undefined)
        report([...at, method, 'operationId'], `${operation.operationId} is already at ${taken}`)
      ids.set(operation.operationId, `${operation.method} ${path}`)
      operations.push(operation)
    }
  }
  return operations
}

function readOperation(
  root: Json,
  given: {
    path: string
    names: string[]
    method: string
    shared: ContractParameter[]
    value: unknown
    foreign: boolean
  },
  report: Report,
): ContractOperation | undefined {
  const at = ['paths', given.path, given.method]
  const { value } = given
  if (!isObject(value)) return void report(at, 'must be an object')
  const operationId = given.foreign
    ? foreignName(value['operationId'], given.method, given.path)
    : value['operationId']
  if (typeof operationId !== 'string' || !/^[A-Za-z][A-Za-z0-9_]*$/.test(operationId))
    report(
      [...at, 'operationId'],
      'must be a name of letters, digits and _: checks and clients call the operation by it',
    )
  const own = readParameters(root, value['parameters'], [...at, 'parameters'], report)
  const parameters = [
    ...own,
    ...given.shared.filter((one) => !own.some((other) => other.name === one.name && other.in === one.in)),
  ]
  const declared = parameters
    .filter((parameter) => parameter.in === 'path')
    .map((parameter) => parameter.name)
  for (const name of given.names)
    if (!declared.includes(name) && !given.foreign) report(at, `the path parameter ${name} is not declared`)
  for (const name of declared)
    if (!given.names.includes(name)) report([...at, 'parameters'], `the path has no {${name}}`)

  const security = value['security']
  if (!given.foreign) checkSecurity(security, [...at, 'security'], report)
  const answers = isObject(value['responses'])
    ? Object.keys(value['responses']).filter((status) => !status.startsWith('x-'))
    : []
  if (answers.length === 0) report([...at, 'responses'], 'must name at least one answer')
  return {
    method: given.method.toUpperCase(),
    path: given.path,
    operationId: String(operationId),
    anonymous: asksForNothing(security === undefined ? root['security'] : security),
    summary: typeof value['summary'] === 'string' ? value['summary'] : null,
    parameters,
    body: readBody(root, value['requestBody'], [...at, 'requestBody'], report),
    answers,
  }
}

function checkSecurity(value: unknown, at: readonly string[], report: Report): void {
  if (value !== undefined && !isSecurity(value))
    report(at, 'must be a list of objects; an empty list says that no credential is needed')
}

function readParameters(
  root: Json,
  value: unknown,
  at: readonly string[],
  report: Report,
): ContractParameter[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) return (report(at, 'must be a list'), [])
  return value.flatMap((unresolved: unknown, index): ContractParameter[] => {
    const path = [...at, String(index)]
    const parameter = resolve(root, unresolved, path, report)
    if (!parameter) return []
    const { name, in: place } = parameter
    if (typeof name !== 'string' || name === '' || typeof place !== 'string' || !places.includes(place)) {
      report(path, `must have a name, and “in” one of ${places.join(', ')}`)
      return []
    }
    if (place === 'path' && parameter['required'] !== true)
      report(path, 'a path parameter must be required: true')
    return [{ name, in: place as ContractParameter['in'], required: parameter['required'] === true }]
  })
}

function readBody(
  root: Json,
  value: unknown,
  at: readonly string[],
  report: Report,
): ContractOperation['body'] {
  if (value === undefined) return null
  const body = resolve(root, value, at, report)
  if (!body) return null
  const contentTypes = isObject(body['content']) ? Object.keys(body['content']) : []
  if (contentTypes.length === 0) report([...at, 'content'], 'must name at least one media type')
  return { required: body['required'] === true, contentTypes }
}

/** Follows `$ref` within the document; a chain of them ends somewhere or is a finding. */
function resolve(root: Json, value: unknown, at: readonly string[], report: Report): Json | undefined {
  let current = value
  for (let hops = 0; hops < 20; hops++) {
    if (!isObject(current)) return void report(at, hops === 0 ? 'must be an object' : '$ref leads to nothing')
    const reference = current['$ref']
    if (reference === undefined) return current
    if (typeof reference !== 'string' || !reference.startsWith('#/'))
      return void report(
        at,
        '$ref must lead to a place in the same document, such as #/components/parameters/Id',
      )
    current = reference
      .slice(2)
      .split('/')
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>(
        (place, token) => (isObject(place) && Object.hasOwn(place, token) ? place[token] : undefined),
        root,
      )
  }
  report(at, '$ref leads in a circle')
  return undefined
}

function toValue(document: Document.Parsed, report: Report): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    report([], messageOf(error))
    return undefined
  }
}

/** Line (from 1) of the deepest node on the way to `path` that the document has. */
function lineOf(document: Document.Parsed, lines: LineCounter, path: readonly string[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length).map(toKey), true)
    const offset = isObject(node) && Array.isArray(node['range']) ? (node['range'][0] as number) : undefined
    if (offset !== undefined) return lines.linePos(offset).line
  }
  const error = document.errors[0]
  return error?.linePos?.[0].line
}

function toKey(token: string): string | number {
  return /^\d+$/.test(token) ? Number(token) : token
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

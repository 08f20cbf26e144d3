import { haveOneOrigin, loadReading } from '../contracts/light.ts'
import type { Contract, Findings, Format, Operation, OperationOutline } from '../contracts/light.ts'
import type { Finding } from '../kernel/index.ts'
import { createForeignNames } from './foreign-names.ts'
import { readTemplate } from './router.ts'
import { asksForNothing } from './security.ts'
import type { Route } from './types.ts'

/*
 * Routes of a contract. The contracts part says what a contract is; this says what a gateway and its checks ask of one
 * beyond that: paths that a router can tell apart, and names to call operations by.
 */

/** An operation that is routed. */
export interface RoutedOperation {
  route: Route
  operation: Operation
}

export type RouteReading =
  | { ok: true; contract: Contract; operations: RoutedOperation[]; warnings: Finding[] }
  | { ok: false; findings: Finding[] }

export interface RouteOptions {
  /**
   * The document is somebody else’s and cannot be mended here: an operationId that is missing, taken, or no name is
   * made from the method and the path, a path parameter need not be declared, of two paths that cannot be told apart
   * the first counts, what cannot be routed is left out, and a “security” that is none opens nothing.
   */
  foreign?: boolean
}

/**
 * Reads the contract in a file, in any format that contracts have, with its routes. `servers`, `basePath` and `base_url`
 * are not looked at: the paths are the gateway's. Never throws for what is in it, or for a file that is not there: all
 * findings come at once, each with its file, line and JSON pointer.
 */
export async function loadRoutes(
  file: string,
  { foreign = false }: RouteOptions = {},
): Promise<RouteReading> {
  let operations: RoutedOperation[] = []
  const { loadContract } = await loadReading()
  const reading = await loadContract(file, {
    foreign,
    demand(contract, format, findings) {
      operations = routesOf(contract, { format, foreign, findings })
    },
  })
  const errors = reading.findings.filter(({ level }) => level === 'error')
  return reading.ok
    ? { ok: true, contract: reading.contract, operations, warnings: reading.findings }
    : { ok: false, findings: errors }
}

const routed = new Set(['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'])

/**
 * The operations of a contract with their routes, in its order. What forbids them to be routed is added to the findings:
 * as an error, or, of a foreign document, as a warning with which the operation is left out. Pure but for that.
 */
export function routesOf(
  contract: Contract,
  { format, foreign, findings }: { format: Format; foreign: boolean; findings: Findings },
): RoutedOperation[] {
  // API Builder names no operation: what contracts make of method and path is the name, and parameters are told by paths.
  const isStrict = !foreign && format !== 'api.json' && format !== 'service.json'
  const refuse: Refuse<Operation> = (operation, message) => {
    if (foreign) findings.warning(operation, `${message}: it is left out`)
    else findings.error(operation, message)
  }
  const names = createForeignNames()
  const paths = createPaths(refuse, isStrict)
  const operations: RoutedOperation[] = []
  if (contract.title === '') findings.error(contract, 'info.title must be a text', 'info')

  for (const operation of contract.operations) {
    const { method, path, id } = operation
    if (!routed.has(method)) refuse(operation, `${method} ${path}: this method is never routed`)
    if (!paths.take(operation) || !routed.has(method)) continue
    if (isStrict) demandNames(operation, findings)
    operations.push({
      operation,
      route: {
        method,
        path,
        operationId: isStrict ? id : names.take(operation),
        anonymous: asksForNothing(operation.security ?? contract.security),
      },
    })
  }
  return operations
}

/**
 * Routes of a contract of which only its operations are known, and in which nothing can be mended here: as of a foreign one,
 * what cannot be routed is left out. Pure.
 */
export function routesOfOutline(outline: readonly OperationOutline[]): Route[] {
  const names = createForeignNames()
  const paths = createPaths<OperationOutline>(() => {}, false)
  return outline
    .filter((operation) => routed.has(operation.method) && paths.take(operation))
    .map((operation) => ({
      method: operation.method,
      path: operation.path,
      operationId: names.take(operation),
      anonymous: asksForNothing(operation.security),
    }))
}

type Refuse<At> = (operation: At, message: string) => void

function demandNames(operation: Operation, findings: Findings): void {
  if (!operation.isNamed || !/^[A-Za-z][A-Za-z0-9_]*$/.test(operation.id))
    findings.error(
      operation,
      'operationId must be a name of letters, digits and _ that no other operation has: checks and clients call the operation by it',
      'operationId',
    )
  // Contracts declare what a document does not: such a parameter stands where its operation does.
  for (const parameter of operation.parameters)
    if (parameter.in === 'path' && haveOneOrigin(parameter, operation))
      findings.error(operation, `the path parameter ${parameter.name} is not declared`)
}

/** Judges paths, each once. `take`: whether it can be routed, and leads to this operation. */
function createPaths<At extends Pick<Operation, 'method' | 'path'>>(
  refuse: Refuse<At>,
  isStrict: boolean,
): { take(operation: At): boolean } {
  /** Of each path what those have in common that cannot be told apart; undefined: it cannot be routed. */
  const judged = new Map<string, string | undefined>()
  const firstOf = new Map<string, string>()
  const served = new Map<string, string>()

  function judge(at: At): string | undefined {
    const { path } = at
    const template = readTemplate(path)
    if (!template)
      return void refuse(
        at,
        `${path} must begin with /, and each segment must be a literal or one {parameter}`,
      )
    if (path === '/.rockpool' || path.startsWith('/.rockpool/'))
      return void refuse(at, `${path}: paths below /.rockpool are Rockpool’s own`)
    const names = template.flatMap((segment) => (typeof segment === 'string' ? [] : [segment.name]))
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined) return void refuse(at, `${path} names the parameter ${twice} twice`)
    const shape = JSON.stringify(template.map((segment) => (typeof segment === 'string' ? segment : {})))
    const other = firstOf.get(shape)
    if (other === undefined) firstOf.set(shape, path)
    // OpenAPI 3.1, 4.8.8.2: such paths are one, and must not stand twice, whatever their methods are.
    else if (isStrict) refuse(at, `${path} cannot be told from ${other}`)
    return shape
  }

  return {
    take(operation) {
      const { method, path } = operation
      const isKnown = judged.has(path)
      const shape = isKnown ? judged.get(path) : judge(operation)
      if (!isKnown) judged.set(path, shape)
      if (shape === undefined) return false
      const key = `${method} ${shape}`
      const holder = served.get(key)
      if (holder === undefined) served.set(key, path)
      else if (!isStrict) refuse(operation, `${method} ${path} cannot be told from ${method} ${holder}`)
      return holder === undefined
    },
  }
}

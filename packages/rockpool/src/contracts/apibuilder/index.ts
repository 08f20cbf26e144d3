/*
 * Documents of API Builder (https://www.apibuilder.io) as contracts.
 *
 *   text ──► nodes ──► service: all written out ──► rules ──► contract
 *             │           ▲
 *             └ templates ┘ imports
 */
import type { Findings } from '../findings.ts'
import { isObject } from '../json-object.ts'
import type { Contract, JsonObject } from '../types.ts'
import { contractOf } from './contract.ts'
import { exchangeOf } from './exchange.ts'
import { scopeWithImports } from './imports.ts'
import type { GiveImport } from './imports.ts'
import { checkRules } from './rules/index.ts'
import type { ServiceFormat } from './service.ts'
import { formatOf, readService } from './service-reader.ts'
import type { Owner } from './service-reader.ts'

export { formatOf }
export type { ServiceFormat } from './service.ts'
export { pluralOf } from './plural.ts'
export { isLegalName, plainName } from './rules/distinct.ts'

export interface ApiBuilderOptions extends Owner {
  /** The service.json that stands at the URI of an import; without it, or where it gives none, a warning says so. */
  imports?: GiveImport
  /** Why one that may be fetched cannot be had; undefined: it may not be fetched. */
  faultOf?: (uri: string) => string | undefined
}

/** A document of API Builder, and not of OpenAPI. */
export function isApiBuilder(root: JsonObject): boolean {
  if (Object.hasOwn(root, 'openapi') || Object.hasOwn(root, 'swagger')) return false
  if (typeof root['name'] !== 'string') return false
  const isSection = (section: string) => isObject(root[section]) || Array.isArray(root[section])
  return ['enums', 'interfaces', 'models', 'unions', 'resources'].some(isSection)
}

/**
 * Reads api.json, which people write, and service.json, which API Builder makes of it. `root`: as readText gives it.
 * Undefined: there are errors among the findings.
 */
export function readApiBuilder(
  root: JsonObject,
  findings: Findings,
  options: ApiBuilderOptions = {},
): { contract: Contract; format: ServiceFormat } | undefined {
  const { service, report } = readService(root, findings, options)
  const scope = scopeWithImports(service, report, {
    give: (uri) => options.imports?.(uri),
    faultOf: (uri) => options.faultOf?.(uri),
  })
  const exchanges = service.resources.flatMap((resource) =>
    resource.operations.map((operation) => exchangeOf(operation, resource, scope, report)),
  )
  checkRules(scope, exchanges, report)
  if (findings.hasErrors) return undefined
  return { contract: contractOf(scope, exchanges, report), format: report.format }
}

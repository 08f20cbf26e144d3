import type { Findings } from '../findings.ts'
import { isObject } from '../json-object.ts'
import { fileOf, standsWhere } from '../source/origins.ts'
import type { Contract, Format, JsonObject } from '../types.ts'
import { Budget } from './budget.ts'
import { extensionsOf, objectOf } from './context.ts'
import type { Context } from './context.ts'
import { dialectOf } from './version.ts'
import type { Dialect } from './version.ts'
import { readInfo, readSecurity, readSecuritySchemes, readServers, readTags } from './document-parts.ts'
import { Documents } from './documents.ts'
import type { Sources } from './documents.ts'
import { readExchange, readOperations } from './operations.ts'
import { SchemaReader } from './schemas.ts'
import { isSwagger, readSwagger } from './swagger.ts'

/*
 *   root ──► schemas by name ──► paths: parameters, bodies, responses ──► schemas that references lead to ──► contract
 */

const parts = ['info', 'servers', 'tags', 'security', 'paths', 'webhooks', 'x-webhooks', 'components']
const partsOfSwagger = ['definitions', 'securityDefinitions']

/** Reads a document of OpenAPI 2.0 to 3.2. `sources`: it, and those that it is spread over. `foreign`: see `ReadOptions`. */
export function readOpenApi(
  root: JsonObject,
  sources: Sources,
  findings: Findings,
  foreign = false,
): { contract: Contract; format: Format } | undefined {
  const dialect = readDialect(root, findings)
  if (dialect === undefined) return undefined
  const documents = new Documents(sources, findings)
  const whole = documents.followed(root, ...parts, ...partsOfSwagger)
  const schemas = new SchemaReader({ dialect, documents, findings, mainFile: fileOf(root)?.name ?? '' })
  const budget = new Budget(findings)
  const context: Context = { dialect, root: whole, documents, schemas, findings, budget, foreign }
  const contract = isSwagger(dialect) ? readSwagger(context) : readVersion3(context)
  const format: Format = isSwagger(dialect) ? 'Swagger 2.0' : `OpenAPI ${dialect}`
  return { contract: standsWhere(contract, root), format }
}

function readDialect(root: JsonObject, findings: Findings): Dialect | undefined {
  const dialect = dialectOf(root)
  if (dialect !== undefined) return dialect
  if (root['openapi'] === undefined) return void findings.error(root, 'swagger must be "2.0"', 'swagger')
  return void findings.error(root, 'openapi must be a version 3.0.x, 3.1.x or 3.2.x', 'openapi')
}

function readVersion3(context: Context): Contract {
  const { root, findings, schemas, documents } = context
  const given = objectOf(root, 'components', findings) ?? {}
  const components = documents.followed(given, 'schemas', 'securitySchemes')
  schemas.declare(objectOf(components, 'schemas', findings) ?? {})
  if (!isObject(root['paths']) && !isObject(root['webhooks']) && Object.keys(components).length === 0)
    findings.error(root, 'there are no paths', 'paths')
  const operations = readOperations(context, 'paths', readExchange)
  const webhooks = [
    ...readOperations(context, 'webhooks', readExchange),
    // How OpenAPI 3.0 is extended by them.
    ...(context.dialect === '3.0' ? readOperations(context, 'x-webhooks', readExchange) : []),
  ]
  const extensions = extensionsOf(root)
  if (context.dialect === '3.0') delete extensions['x-webhooks']
  return {
    ...readInfo(context),
    servers: readServers(context, root) ?? [],
    security: readSecurity(context, root),
    securitySchemes: readSecuritySchemes(context, objectOf(components, 'securitySchemes', findings)),
    tags: readTags(context),
    externalDocs: objectOf(root, 'externalDocs', findings),
    operations,
    webhooks,
    schemas: schemas.finish(),
    extensions,
  }
}

import { isObject, setMember } from '../json-object.ts'
import { plainMediaType } from '../plain-media-type.ts'
import { standsWhere } from '../source/origins.ts'
import type { Body, Contract, JsonObject, Schema, SchemaObject } from '../types.ts'
import { extensionsOf, flagOf, objectOf, textOf, textsOf } from './context.ts'
import type { Context } from './context.ts'
import type { Dialect } from './version.ts'
import { readInfo, readSecurity, readSecuritySchemes, readTags } from './document-parts.ts'
import { readOperations } from './operations.ts'
import type { ReadExchange } from './operations.ts'
import { encodingOf, parametersOf, schemaOf, schemaOfBody, toParameter } from './swagger-parameters.ts'
import type { Given } from './swagger-parameters.ts'
import { readResponses } from './swagger-responses.ts'
import { readServers } from './swagger-servers.ts'

/* OpenAPI 2.0: bodies and forms are parameters, media types stand apart from schemas, a parameter is its own schema. */

const json = 'application/json'
const urlEncoded = 'application/x-www-form-urlencoded'
const multipart = 'multipart/form-data'

export function isSwagger(dialect: Dialect): dialect is '2.0' {
  return dialect === '2.0'
}

export function readSwagger(context: Context): Contract {
  const { root, findings, schemas } = context
  schemas.declare(objectOf(root, 'definitions', findings) ?? {})
  if (!isObject(root['paths'])) findings.error(root, 'there are no paths', 'paths')
  tellOfQueriedPaths(context)
  const operations = readOperations(context, 'paths', readExchange)
  return {
    ...readInfo(context),
    servers: readServers(context),
    security: readSecurity(context, root),
    securitySchemes: new Map(
      [...readSecuritySchemes(context, objectOf(root, 'securityDefinitions', findings))].map(
        ([name, scheme]) => [name, toScheme(scheme)],
      ),
    ),
    tags: readTags(context),
    externalDocs: objectOf(root, 'externalDocs', findings),
    operations,
    webhooks: [],
    schemas: schemas.finish(),
    extensions: extensionsOf(root),
  }
}

/** Of Azure's documents; a path of the model has no query. */
function tellOfQueriedPaths({ root, findings }: Context): void {
  const paths = root['x-ms-paths']
  const count = isObject(paths) ? Object.keys(paths).length : 0
  if (count === 0) return
  const left = count === 1 ? '1 of them is left out' : `${count} of them are left out`
  findings.warning(
    root,
    `x-ms-paths: what tells paths apart by their query is not read: ${left}`,
    'x-ms-paths',
  )
}

const flows: Readonly<Record<string, string>> = {
  implicit: 'implicit',
  password: 'password',
  application: 'clientCredentials',
  accessCode: 'authorizationCode',
}

/** As OpenAPI 3 says it. */
function toScheme(scheme: JsonObject): JsonObject {
  const { type, flow, authorizationUrl, tokenUrl, scopes, ...rest } = scheme
  if (type === 'basic') return standsWhere({ ...rest, type: 'http', scheme: 'basic' }, scheme)
  if (type !== 'oauth2') return scheme
  const urls = {
    ...(authorizationUrl === undefined ? {} : { authorizationUrl }),
    ...(tokenUrl === undefined ? {} : { tokenUrl }),
  }
  const name = typeof flow === 'string' && Object.hasOwn(flows, flow) ? flows[flow]! : 'implicit'
  return standsWhere({ ...rest, type, flows: { [name]: { ...urls, scopes: scopes ?? {} } } }, scheme)
}

const readExchange: ReadExchange = (context, operation, item) => {
  const given = parametersOf(context, operation, item)
  const parameters = given.flatMap((one) =>
    one.place === 'body' || one.place === 'formData'
      ? []
      : [toParameter(context, one.node, one.name, one.place)],
  )
  const body = given.find(({ place }) => place === 'body')
  const fields = given.filter(({ place }) => place === 'formData')
  if (body !== undefined)
    for (const { node } of fields)
      context.findings.warning(node, 'there is a body beside this field of a form: the field is left out')
  return {
    parameters,
    body: body
      ? toBody(context, operation, body.node)
      : fields.length > 0
        ? toForm(context, operation, fields)
        : null,
    responses: readResponses(context, operation),
  }
}

function consumed({ root, findings }: Context, operation: JsonObject): string[] {
  const own = textsOf(operation, 'consumes', findings)
  return Object.hasOwn(operation, 'consumes') ? own : textsOf(root, 'consumes', findings)
}

function toBody(context: Context, operation: JsonObject, given: JsonObject): Body {
  const { findings } = context
  const names = consumed(context, operation)
  const schema = schemaOfBody(context, given)
  return standsWhere(
    {
      description: textOf(given, 'description', findings),
      required: flagOf(given, 'required', findings),
      content: (names.length === 0 ? [json] : names).map((name) => plainMediaType(name, schema, given)),
      extensions: extensionsOf(given),
    },
    given,
  )
}

/** Fields of a form as the one object that they are. */
function toForm(context: Context, operation: JsonObject, fields: readonly Given[]): Body {
  const properties: Record<string, Schema> = {}
  const required: string[] = []
  const encoding: JsonObject = {}
  for (const { name, node: field } of fields) {
    const written = encodingOf(field)
    if (written !== null) setMember(encoding, name, standsWhere(written, field))
    const schema = schemaOf(context, field)
    const description = textOf(field, 'description', context.findings)
    const told =
      description === null || schema === true ? schema : { ...(schema as SchemaObject), description }
    setMember(properties, name, typeof told === 'object' ? standsWhere(told, field) : told)
    if (field['required'] === true) required.push(name)
  }
  const schema: SchemaObject = { type: 'object', properties, ...(required.length > 0 ? { required } : {}) }
  const forms = consumed(context, operation).filter((name) => name === urlEncoded || name === multipart)
  const hasFile = fields.some(
    ({ node }) => isFile(node) || (isObject(node['items']) && isFile(node['items'])),
  )
  const names = forms.length > 0 ? forms : [hasFile ? multipart : urlEncoded]
  return standsWhere(
    {
      description: null,
      required: required.length > 0,
      content: names.map((name) => ({
        ...plainMediaType(name, standsWhere(schema, operation), operation),
        encoding,
      })),
      extensions: {},
    },
    operation,
  )
}

const isFile = ({ type }: JsonObject): boolean => type === 'file'

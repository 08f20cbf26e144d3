import type { ServiceFormat } from './service.ts'

/** What a member must be; with `!` it must be there. */
export type MemberKind = 'text' | 'flag' | 'number' | 'object' | 'objects' | 'texts' | 'any'
export type Shape = Readonly<Record<string, MemberKind | `${MemberKind}!`>>

export type NodeKind = keyof typeof apiJson

const described = { description: 'text', deprecation: 'object', attributes: 'objects' } as const
const declared = { ...described, plural: 'text' } as const
const typed = {
  ...described,
  name: 'text!',
  type: 'any!',
  required: 'flag',
  default: 'any',
  example: 'text',
  minimum: 'number',
  maximum: 'number',
} as const

/** The members of each kind of node of api.json; there are no others. */
const apiJson = {
  service: {
    $schema: 'text',
    name: 'text!',
    key: 'text',
    namespace: 'text',
    base_url: 'text',
    description: 'text',
    apidoc: 'object',
    info: 'object',
    imports: 'objects',
    headers: 'objects',
    attributes: 'objects',
    enums: 'object',
    interfaces: 'object',
    models: 'object',
    unions: 'object',
    resources: 'object',
    annotations: 'object',
    templates: 'object',
  },
  info: { contact: 'object', license: 'object', description: 'text' },
  contact: { name: 'text', url: 'text', email: 'text' },
  license: { name: 'text!', url: 'text' },
  import: { uri: 'text!' },
  templates: { models: 'object', resources: 'object' },
  'template declaration': { name: 'text!', cast: 'object' },
  annotation: { description: 'text', deprecation: 'object' },
  deprecation: { description: 'text' },
  attribute: { name: 'text!', value: 'object!', description: 'text', deprecation: 'object' },
  enum: { ...declared, name: 'text', values: 'objects!' },
  'enum value': { ...described, name: 'text!', value: 'text' },
  interface: { ...declared, fields: 'objects' },
  model: { ...declared, fields: 'objects', interfaces: 'texts', templates: 'objects' },
  union: { ...declared, discriminator: 'text', types: 'objects!', interfaces: 'texts' },
  'union type': {
    ...described,
    type: 'any!',
    default: 'flag',
    discriminator_value: 'text',
    fields: 'objects',
  },
  field: { ...typed, annotations: 'any' },
  header: typed,
  resource: { ...described, path: 'text', templates: 'objects', operations: 'objects' },
  operation: {
    ...described,
    method: 'text!',
    path: 'text',
    body: 'object',
    parameters: 'objects',
    responses: 'object',
  },
  body: { ...described, type: 'any!' },
  parameter: { ...typed, location: 'text' },
  response: { ...described, type: 'any!', headers: 'objects' },
} as const satisfies Record<string, Shape>

/** Where service.json differs: names stand within what they name, sections are lists. */
const serviceJson: Partial<Record<NodeKind, Shape>> = {
  service: {
    ...apiJson.service,
    organization: 'object',
    application: 'object',
    version: 'text',
    enums: 'objects',
    interfaces: 'objects',
    models: 'objects',
    unions: 'objects',
    resources: 'objects',
    annotations: 'objects',
  },
  import: {
    uri: 'text!',
    namespace: 'text',
    organization: 'object',
    application: 'object',
    version: 'text',
    enums: 'texts',
    interfaces: 'texts',
    models: 'texts',
    unions: 'texts',
    annotations: 'objects',
  },
  annotation: { ...described, name: 'text!' },
  enum: { ...apiJson.enum, name: 'text!' },
  interface: { ...apiJson.interface, name: 'text!' },
  model: { ...apiJson.model, name: 'text!' },
  union: { ...apiJson.union, name: 'text!' },
  resource: { ...apiJson.resource, type: 'text!', plural: 'text' },
  operation: { ...apiJson.operation, responses: 'objects' },
  response: { ...apiJson.response, code: 'any!' },
}

export function shapeOf(kind: NodeKind, format: ServiceFormat): Shape {
  return (format === 'service.json' ? serviceJson[kind] : undefined) ?? apiJson[kind]
}

import { z } from 'zod'
import { bytesRuleOf, problems, type Operation } from '../kernel/index.ts'

type Json = Record<string, unknown>
type Schemas = Map<string, Json>

/** The OpenAPI 3.1 document of these operations; its schemas are JSON Schema 2020-12, as zod gives them. */
export function openapiDocument(operations: readonly Operation[], version: string): Json {
  const schemas: Schemas = new Map([['Problem', problemSchema]])
  const paths: Record<string, Json> = {}
  for (const operation of operations) {
    const item = (paths[operation.path] ??= {})
    item[operation.method.toLowerCase()] = describe(operation, schemas)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rockpool control API',
      version,
      description:
        'What `rockpool` on the command line uses. Lists have cursors; errors are RFC 9457 problems with a stable `code` and all findings at once.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: Object.fromEntries(schemas),
      responses: {
        Problem: {
          description: 'Refused',
          content: { 'application/problem+json': { schema: ref('Problem') } },
        },
      },
      securitySchemes: {
        control: { type: 'http', scheme: 'bearer', description: 'A control credential, `rp_control_…`' },
        parentKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'A parent’s key for all its sandboxes, `rp_sandbox_…`',
        },
        run: {
          type: 'http',
          scheme: 'bearer',
          description: 'The credential of a run in a sandbox, `rp_run_…`, with the scope that is named',
        },
      },
    },
  }
}

function describe(operation: Operation, schemas: Schemas): Json {
  const [[status, answer]] = Object.entries(operation.answers) as [[string, z.ZodType | null]]
  const { scope, runScope } = operation
  const others = [
    ...(operation.parentKey ? [{ parentKey: [] }] : []),
    ...(runScope ? [{ run: [runScope] }] : []),
  ]
  const security = scope === 'public' ? [] : [{ control: [scope] }, ...others]
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(operation.description ? { description: operation.description } : {}),
    tags: [operation.id.split('.')[0]],
    security,
    parameters: [
      ...parameters('path', operation.params, schemas),
      ...parameters('query', operation.query, schemas),
    ],
    ...(operation.body
      ? {
          requestBody: {
            required: !operation.body.safeParse(undefined).success,
            content: contentOf(operation.body, 'input', schemas),
          },
        }
      : {}),
    responses: {
      [status]: {
        description: operation.summary,
        ...(answer ? { content: contentOf(answer, 'output', schemas) } : {}),
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

/** JSON by its schema; bytes by their media types, without one (OpenAPI 3.1, 4.8.14.2). */
function contentOf(schema: z.ZodType, io: 'input' | 'output', schemas: Schemas): Json {
  const rule = bytesRuleOf(schema)
  if (!rule) return { 'application/json': { schema: schemaOf(schema, io, schemas) } }
  return Object.fromEntries(rule.types.map((type) => [type, {}]))
}

function parameters(place: 'path' | 'query', schema: z.ZodObject | undefined, schemas: Schemas): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input', schemas) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description ? { description } : {}),
    schema: property,
  }))
}

/** The JSON Schema; named ones (`.meta({ id })`) become components, and are referred to. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Schemas): Json {
  const {
    $schema: _,
    $defs = {},
    id,
    ...json
  } = z.toJSONSchema(schema, { io }) as Json & { $defs?: Record<string, Json> }
  for (const [name, definition] of Object.entries($defs)) addComponent(schemas, name, definition)
  if (typeof id !== 'string') return moveRefs(json) as Json
  addComponent(schemas, id, json)
  return ref(id)
}

function addComponent(schemas: Schemas, name: string, definition: Json): void {
  const { id: _, ...rest } = definition
  const moved = moveRefs(rest) as Json
  const known = schemas.get(name)
  if (known && JSON.stringify(known) !== JSON.stringify(moved)) {
    throw new Error(`two different schemas are named ${name}: name one of them otherwise in .meta({ id })`)
  }
  schemas.set(name, moved)
}

function moveRefs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moveRefs)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string'
        ? inner.replace('#/$defs/', '#/components/schemas/')
        : moveRefs(inner),
    ]),
  )
}

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })

const problemSchema: Json = {
  type: 'object',
  description: 'RFC 9457 problem details',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(problems), description: 'stable' },
    request: { type: 'string', description: 'id of the request, as in the log' },
    findings: {
      type: 'array',
      description: 'everything that is wrong, at once',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
}

import { follow } from '../../contracts/light.ts'
import type { Contract, Schema } from '../../contracts/light.ts'
import { asksForNothing, loadRoutes } from '../../gateway/index.ts'
import type { RoutedOperation } from '../../gateway/index.ts'
import { isObject } from './json.ts'

/* A contract as far as a check can be written from it: what each operation promises to answer. */

/** One operation with its promise. */
export interface Promised {
  operationId: string
  method: string
  path: string
  summary: string | null
  /** The status of its success: one, any of 200 to 299, or nothing that is said. */
  status: number | '2XX' | null
  /** Media types of that answer. */
  contentTypes: string[]
  /** What that answer's body must have; null: nothing that is said. */
  shape: Shape | null
  /** Its security asks for a credential. */
  needsCredential: boolean
  /** Names of parameters, or `body`, without which it cannot be called. A leading `{organization}` is filled in. */
  needs: string[]
}

export interface Shape {
  type: string | null
  /** Members that are promised, with their type where it is plain. */
  required: { name: string; type: string | null }[]
}

/** Absolute http URLs, variables at their defaults (OpenAPI 3.1, Server Object). */
export function serversOf({ servers }: Contract): string[] {
  return servers.slice(0, 20).flatMap(({ url: template, variables }) => {
    const text = template.replaceAll(/\{([^}]+)\}/g, (whole, name: string) => {
      const variable = Object.hasOwn(variables, name) ? variables[name] : undefined
      return isObject(variable) && typeof variable['default'] === 'string' ? variable['default'] : whole
    })
    const url = URL.parse(text)
    const isPlain = url !== null && /^https?:$/.test(url.protocol) && !/[{}]/.test(text)
    return isPlain && url.search + url.hash + url.username + url.password === ''
      ? [text.replace(/\/+$/, '')]
      : []
  })
}

/** All routed operations of a contract with what they promise, in its order; undefined where it cannot be read. */
export async function readPromises(file: string): Promise<Promised[] | undefined> {
  const reading = await loadRoutes(file, { foreign: true })
  if (!reading.ok) return undefined
  return reading.operations.map((routed) => promiseOf(reading.contract, routed))
}

function promiseOf(contract: Contract, { route, operation }: RoutedOperation): Promised {
  const { operationId, method, path } = route
  const { summary, parameters, body, responses } = operation
  const codes = responses.filter(({ status }) => /^2\d\d$/.test(status))
  const [code] = codes.toSorted((one, other) => Number(one.status) - Number(other.status))
  const answer = code ?? responses.find(({ status }) => status === '2XX')
  const content = answer?.content ?? []
  const json = content.find(({ name }) => /[/+]json\b/i.test(name))
  const security = operation.security ?? contract.security
  const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!)
  const filled = path.startsWith('/{organization}') ? ['organization'] : []
  return {
    operationId,
    method,
    path,
    summary,
    status: code ? Number(code.status) : answer ? '2XX' : null,
    contentTypes: content.map(({ name }) => name.split(';')[0]!.trim().toLowerCase()),
    shape: json === undefined ? null : shapeOf(contract, json.schema, 0),
    needsCredential: security !== null && !asksForNothing(security),
    needs: [
      ...inPath.filter((name) => !filled.includes(name)),
      ...parameters.filter(({ in: place, required }) => required && place !== 'path').map(({ name }) => name),
      ...(body?.required ? ['body'] : []),
    ],
  }
}

function shapeOf(contract: Contract, unresolved: Schema, depth: number): Shape | null {
  const schema = follow(contract, unresolved)
  if (typeof schema === 'boolean' || depth > 5) return null
  const parts = schema.allOf?.slice(0, 20) ?? []
  const shapes = parts.flatMap((part) => shapeOf(contract, part, depth + 1) ?? [])
  const required = (schema.required ?? []).slice(0, 20).map((name) => {
    const { properties = {} } = schema
    const property = Object.hasOwn(properties, name) ? follow(contract, properties[name]!) : true
    return { name, type: plainType(property) }
  })
  const type = plainType(schema) ?? shapes.find((shape) => shape.type)?.type ?? null
  const all = [...shapes.flatMap((shape) => shape.required), ...required].filter(
    ({ name }, index, list) => list.findIndex((other) => other.name === name) === index,
  )
  return type === null && all.length === 0 ? null : { type, required: all }
}

/** The one type that a value of the schema has; null where it may be null, or one of several. */
function plainType(schema: Schema): string | null {
  return typeof schema === 'object' && typeof schema.type === 'string' ? schema.type : null
}

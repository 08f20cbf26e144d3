import { readFile, stat } from 'node:fs/promises'
import { parse } from 'yaml'
import { asksForNothing, loadContract } from '../../gateway/index.ts'
import type { ContractOperation } from '../../gateway/index.ts'

/* An OpenAPI document as far as a check can be written from it: what each operation promises to answer. */

export type Json = Record<string, unknown>

/** One operation with its promise. */
export interface Promised extends Pick<ContractOperation, 'operationId' | 'method' | 'path' | 'summary'> {
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

const maxBytes = 4 * 1024 * 1024

/** Undefined where the file holds no object. */
export async function readDocument(file: string): Promise<Json | undefined> {
  try {
    if ((await stat(file)).size > maxBytes) return undefined
    const text = await readFile(file, 'utf8')
    // JSON is YAML too, and read in a fraction of the time as what it is.
    const root: unknown = jsonOf(text) ?? parse(text, { maxAliasCount: 100, logLevel: 'silent' })
    return isObject(root) ? root : undefined
  } catch {
    return undefined
  }
}

function jsonOf(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Absolute http URLs, variables at their defaults (OpenAPI 3.1, Server Object). */
export function serversOf(root: Json): string[] {
  const servers = Array.isArray(root['servers']) ? root['servers'].slice(0, 20) : []
  return servers.flatMap((server: unknown) => {
    if (!isObject(server) || typeof server['url'] !== 'string') return []
    const variables = isObject(server['variables']) ? server['variables'] : {}
    const text = server['url'].replaceAll(/\{([^}]+)\}/g, (whole, name: string) => {
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

/** All operations of a document with what they promise, in its order; undefined where it cannot be read. */
export async function readPromises(file: string): Promise<Promised[] | undefined> {
  const [reading, root] = await Promise.all([loadContract(file, { foreign: true }), readDocument(file)])
  if (!reading.ok || !root) return undefined
  return reading.contract.operations.map((operation) => promiseOf(root, operation))
}

function promiseOf(root: Json, operation: ContractOperation): Promised {
  const { operationId, method, path, summary, parameters, body, answers } = operation
  const item = follow(root, member(member(root, 'paths'), path))
  const raw = follow(root, member(item, method.toLowerCase()))
  const code = answers.filter((answer) => /^2\d\d$/.test(answer)).toSorted()[0]
  const range = code ?? answers.find((answer) => /^2xx$/i.test(answer))
  const answer = follow(root, member(member(raw, 'responses'), range ?? ''))
  const content = member(answer, 'content')
  const security = member(raw, 'security') ?? root['security']
  const media = isObject(content) ? Object.entries(content) : []
  const json = media.find(([type]) => /[/+]json\b/i.test(type))?.[1]
  const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!)
  const filled = path.startsWith('/{organization}') ? ['organization'] : []
  return {
    operationId,
    method,
    path,
    summary,
    status: code ? Number(code) : range ? '2XX' : null,
    contentTypes: media.map(([type]) => type.split(';')[0]!.trim().toLowerCase()),
    shape: json === undefined ? null : shapeOf(root, member(json, 'schema'), 0),
    needsCredential: Array.isArray(security) && !asksForNothing(security),
    needs: [
      ...inPath.filter((name) => !filled.includes(name)),
      ...parameters.filter(({ in: place, required }) => required && place !== 'path').map(({ name }) => name),
      ...(body?.required ? ['body'] : []),
    ],
  }
}

function shapeOf(root: Json, unresolved: unknown, depth: number): Shape | null {
  const schema = follow(root, unresolved)
  if (!isObject(schema) || depth > 5) return null
  const parts = Array.isArray(schema['allOf']) ? schema['allOf'].slice(0, 20) : []
  const shapes = parts.flatMap((part) => shapeOf(root, part, depth + 1) ?? [])
  const names = Array.isArray(schema['required']) ? schema['required'].slice(0, 20) : []
  const properties = member(schema, 'properties')
  const required = names.flatMap((name) =>
    typeof name === 'string' ? [{ name, type: plainType(follow(root, member(properties, name))) }] : [],
  )
  const type = plainType(schema) ?? shapes.find((shape) => shape.type)?.type ?? null
  const all = [...shapes.flatMap((shape) => shape.required), ...required].filter(
    ({ name }, index, list) => list.findIndex((other) => other.name === name) === index,
  )
  return type === null && all.length === 0 ? null : { type, required: all }
}

/** The one type that a value of the schema has; null where it may be null, or one of several. */
function plainType(schema: unknown): string | null {
  if (!isObject(schema) || schema['nullable'] === true) return null
  return typeof schema['type'] === 'string' ? schema['type'] : null
}

/** Follows `$ref` within the document. */
function follow(root: Json, value: unknown): unknown {
  let current = value
  for (let hops = 0; hops < 20; hops++) {
    const reference = isObject(current) ? current['$ref'] : undefined
    if (typeof reference !== 'string') return current
    if (!reference.startsWith('#/')) return undefined
    current = reference
      .slice(2)
      .split('/')
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((place, token) => member(place, token), root)
  }
  return undefined
}

function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

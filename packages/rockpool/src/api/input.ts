import type { z } from 'zod'
import {
  bytesRuleOf,
  problem,
  readBytes,
  readBytesBody,
  type Finding,
  type Operation,
} from '../kernel/index.ts'

/** A body of an operation is small; whatever is larger is refused before it is read to its end. */
export const maxBodyBytes = 1024 * 1024
const maxDepth = 32
const maxFindings = 100

export interface Input {
  params: unknown
  query: unknown
  body: unknown
}

/** Reads and validates params, query and body of a request; `invalid_input` with the findings of all three at once. */
export async function readInput(
  operation: Operation,
  request: Request,
  params: Record<string, string>,
): Promise<Input> {
  const findings: Finding[] = []
  const check = (part: keyof Input, schema: z.ZodType | undefined, value: unknown): unknown => {
    if (!schema) return undefined
    const result = schema.safeParse(value)
    if (result.success) return result.data
    for (const issue of result.error.issues) findings.push(toFinding(part, issue))
    return undefined
  }
  const { query, repeated } = readQuery(request.url)
  for (const name of repeated)
    findings.push({ path: `query.${shown(name)}`, message: 'is given more than once' })
  if (!operation.query) {
    for (const name of Object.keys(query))
      findings.push({ path: `query.${shown(name)}`, message: 'is not known here' })
  }
  const body = await readBody(operation, request)
  const input = {
    params: check('params', operation.params, params),
    query: check('query', operation.query, query),
    body: check('body', operation.body, body),
  }
  if (findings.length > 0) {
    const count = findings.length === 1 ? 'one thing is' : `${findings.length} things are`
    throw problem('invalid_input', `${count} not valid in this request`, {
      findings: findings.slice(0, maxFindings),
    })
  }
  return input
}

function readQuery(url: string): { query: Record<string, string>; repeated: string[] } {
  const given = new URL(url).searchParams
  const query: Record<string, string> = Object.create(null)
  const repeated = new Set<string>()
  for (const [name, value] of given) {
    if (name in query) repeated.add(name)
    query[name] = value
  }
  return { query: { ...query }, repeated: [...repeated] }
}

async function readBody(operation: Operation, request: Request): Promise<unknown> {
  const rule = bytesRuleOf(operation.body)
  if (rule) return readBytesBody(rule, request)
  const bytes = await readBytes(request, maxBodyBytes)
  if (bytes.length === 0) return undefined
  if (!operation.body)
    throw problem('malformed_request', `${operation.method} ${operation.path} takes no body`)
  const type = (request.headers.get('content-type') ?? '').toLowerCase()
  if (!/^application\/json *(; *charset="?utf-8"? *)?$/.test(type)) {
    throw problem('unsupported_media_type', 'send the body as “Content-Type: application/json”')
  }
  if (!['', 'identity'].includes((request.headers.get('content-encoding') ?? '').toLowerCase())) {
    throw problem('unsupported_media_type', 'send the body as it is, without a content encoding')
  }
  return parseJson(bytes)
}

/** JSON in strict UTF-8, nested at most 32 deep, so that no validation of it can run out of stack. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (depthOf(text) > maxDepth)
      throw problem('malformed_request', `the JSON is nested deeper than ${maxDepth} levels`)
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) {
      throw problem('malformed_request', `the body is not JSON: ${error.message.slice(0, 200)}`)
    }
    throw error
  }
}

/** How deep arrays and objects are nested at most; brackets within strings do not count. */
function depthOf(json: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let at = 0; at < json.length; at++) {
    const char = json[at]
    if (inString) {
      if (char === '\\') at++
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '[' || char === '{') deepest = Math.max(deepest, ++depth)
    else if (char === ']' || char === '}') depth--
  }
  return deepest
}

const shown = (text: string) => text.slice(0, 80)

function toFinding(part: keyof Input, issue: z.core.$ZodIssue): Finding {
  const path = issue.path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${shown(String(key))}`))
    .join('')
  return { path: `${part}${path}`, message: inOurWords(issue).slice(0, 300) }
}

/** The validator's commonest sentences, as the rest of Rockpool says them. */
function inOurWords({ code, message, ...issue }: z.core.$ZodIssue): string {
  if (code === 'invalid_type' && message.endsWith('received undefined')) return 'is missing'
  if (code === 'invalid_format' && 'format' in issue && issue.format === 'datetime')
    return 'write a time such as 2026-11-22T14:42:00Z'
  return message.replace(/^Invalid (input|option): /, '')
}

import { isObject, setMember } from '../json-object.ts'
import type { Json } from '../types.ts'
import { asText } from './nodes.ts'
import type { Scope } from './scope.ts'
import { asPrimitive } from './type-expression.ts'
import type { Primitive, TypeExpression } from './type-expression.ts'

/** A default or an example as it stands on the wire, or what is wrong with it. */
export type Value = { ok: true; value: Json } | { ok: false; fault: string }

const maxDepth = 32

/** service.json has texts for all of them, api.json what people write: `25`, `"25"`, `["a"]`, `"[\"a\"]"`. */
export function readValue(type: TypeExpression, written: Json, scope: Scope): Value {
  if (type.kind === 'name') return readNamed(type.name, written, scope)
  const value = typeof written === 'string' ? parse(written) : written
  if (type.kind === 'list') {
    if (!Array.isArray(value)) return fault('must be a list in JSON')
    const items = value.map((item) => readValue(type.of, item, scope))
    const wrong = items.find((item) => !item.ok)
    return wrong ?? { ok: true, value: items.map((item) => (item as { value: Json }).value) }
  }
  if (!isObject(value)) return fault('must be an object in JSON')
  const members: Record<string, Json> = {}
  for (const name of Object.keys(value)) {
    const member = readValue(type.of, value[name]!, scope)
    if (!member.ok) return member
    setMember(members, name, member.value)
  }
  return { ok: true, value: members }
}

function readNamed(name: string, written: Json, scope: Scope): Value {
  const primitive = asPrimitive(name)
  if (primitive !== undefined) return primitiveReaders[primitive](written)
  const found = scope.find(name)
  const word = typeof written === 'string' ? written.trim() : ''
  if (found?.kind === 'unknown' && found.of === 'enum' && word !== '') return { ok: true, value: word }
  if (found?.kind !== 'enum') return fault(`cannot be said of ${name}, which is no primitive and no enum`)
  const lower = word.toLowerCase()
  const { values } = found.type
  const value =
    values.find((one) => one.name === word || one.value === word) ??
    values.find((one) => one.name.toLowerCase() === lower || one.value.toLowerCase() === lower)
  return value === undefined ? fault(`must be a value of ${name}`) : { ok: true, value: value.value }
}

const fault = (text: string): Value => ({ ok: false, fault: text })

const primitiveReaders: Readonly<Record<Primitive, (written: Json) => Value>> = {
  boolean: (written) => {
    const text = asText(written)
    return text === 'true' || text === 'false'
      ? { ok: true, value: text === 'true' }
      : fault('must be true or false')
  },
  integer: (written) => wholeNumber(written, 'integer', 2 ** 31),
  long: (written) => wholeNumber(written, 'long', 2 ** 53),
  decimal: (written) => number(written, 'decimal'),
  double: (written) => number(written, 'double'),
  string: (written) => ({
    ok: true,
    value: typeof written === 'string' ? written : JSON.stringify(written),
  }),
  uuid: (written) => form(written, /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'a UUID'),
  'date-iso8601': (written) => form(written, /^\d{4}-\d\d-\d\d$/, 'a date such as 2024-05-31'),
  'date-time-iso8601': (written) => {
    const lenient = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/
    const value = form(written, lenient, 'a time such as 2024-05-31T12:00:00Z')
    // RFC 3339 5.6 wants seconds and a colon, as the format date-time does.
    const isStrict = /:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(asText(written).slice(16))
    return value.ok && !isStrict ? { ok: true, value: new Date(asText(value.value)).toISOString() } : value
  },
  json: (written) => {
    const value = typeof written === 'string' ? parse(written) : written
    return value === undefined ? fault('must be JSON') : { ok: true, value }
  },
  object: (written) => {
    const value = typeof written === 'string' ? parse(written) : written
    return isObject(value) ? { ok: true, value } : fault('must be an object in JSON')
  },
  unit: () => fault('cannot be said of unit'),
}

function wholeNumber(written: Json, type: string, limit: number): Value {
  const value = /^[+-]?\d+$/.test(asText(written).trim()) ? Number(asText(written)) : Number.NaN
  return value >= -limit && value < limit
    ? { ok: true, value }
    : fault(`must be a whole number that ${type} and JSON can tell`)
}

function number(written: Json, type: string): Value {
  const text = asText(written).trim()
  const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) ? { ok: true, value } : fault(`must be a ${type}`)
}

function form(written: Json, pattern: RegExp, called: string): Value {
  const text = typeof written === 'string' ? written.trim() : ''
  const isReal = pattern.test(text) && (called === 'a UUID' || !Number.isNaN(Date.parse(text)))
  return isReal ? { ok: true, value: text } : fault(`must be ${called}`)
}

function parse(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json
    return isDeeper(value, maxDepth) ? undefined : value
  } catch {
    return undefined
  }
}

function isDeeper(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some((child) => isDeeper(child, depth - 1))
}

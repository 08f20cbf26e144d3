import { setMember } from '../json-object.ts'
import type { Operation, Parameter, ParameterPlace, Schema, SchemaObject } from '../types.ts'
import { asJson } from './coerce/values.ts'
import type { Context } from './context.ts'
import { nestFields } from './fields.ts'
import { readFormText } from './forms.ts'
import { isJson, readContentType } from './media-types.ts'
import { asIs, byName, cookiePairs, decodeForm, decodePercent, headerValues, splitPairs } from './pairs.ts'
import type { Decode, Pair, Pairs } from './pairs.ts'
import type { Shape } from './shapes.ts'
import { badEncoding, readPairs, readText } from './styles.ts'
import { readJsonText } from './texts.ts'
import type { ParameterGroup, ReadRequest, Received, RequestFinding, Value } from './types.ts'

/** A parameter as it was found; `isTyped`: it came as JSON. Undefined: it is not there. */
type Found = { value: Value; isTyped?: boolean } | { faults: string[] } | undefined

/** The parameters of a request (OpenAPI 3.1, 4.8.12). Those that nobody declares are let through without a word. */
export function readParameters(
  context: Context,
  operation: Operation,
  request: Received,
): Pick<ReadRequest, 'parameters' | 'findings'> {
  const parameters: ReadRequest['parameters'] = { path: {}, query: {}, header: {}, cookie: {} }
  const findings: RequestFinding[] = []
  const reading = new ParameterReading(context, operation.parameters, request)
  if (reading.isTooMuch)
    findings.push({ in: 'query', path: '', message: 'the query has too many parameters', keyword: 'effort' })
  for (const parameter of operation.parameters) {
    const { name } = parameter
    const group = groupOf(parameter.in)
    const found = reading.find(parameter)
    if (found === undefined) {
      if (parameter.required)
        findings.push({
          in: group,
          path: name,
          message: `the ${group} parameter ${name} is required`,
          keyword: 'required',
        })
    } else if ('faults' in found) {
      for (const fault of found.faults)
        findings.push({ in: group, path: name, message: `${name}: ${fault}`, keyword: 'syntax' })
    } else if (found.value === '' && parameter.in === 'query' && parameter.allowEmptyValue) {
      setMember(parameters[group], name, '')
    } else {
      const source = found.isTyped ? (context.coerceJson ? 'json' : null) : 'text'
      const { value, faults } = context.judge.judge(parameter.schema, found.value, source)
      setMember(parameters[group], name, asJson(value))
      for (const { path, rule, keyword } of faults)
        findings.push({ in: group, path: name, message: `${name}${path}: ${rule}`, keyword })
    }
  }
  return { parameters, findings }
}

/** OpenAPI 3.2 has the whole of a query for one parameter. */
function groupOf(place: ParameterPlace): ParameterGroup {
  return place === 'querystring' ? 'query' : place
}

class ParameterReading {
  readonly isTooMuch: boolean
  private readonly context: Context
  private readonly declared: readonly Parameter[]
  private readonly request: Received
  private readonly query: readonly Pair[]
  private readonly queryByName: Pairs
  private cookies: Pair[] | null = null

  constructor(context: Context, declared: readonly Parameter[], request: Received) {
    this.context = context
    this.declared = declared
    this.request = request
    const pairs = declared.some((one) => one.in === 'query') ? splitPairs(request.query) : []
    this.isTooMuch = pairs === null
    this.query = pairs ?? []
    this.queryByName = byName(this.query)
  }

  find(parameter: Parameter): Found {
    const shape = this.context.shapes.of(parameter.schema)
    if (parameter.in === 'querystring') return this.findQueryString(parameter)
    if (parameter.mediaType !== null) return this.findContent(parameter, parameter.mediaType)
    if (parameter.style === 'deepObject') return this.findDeepObject(parameter)
    if (parameter.in === 'query') return this.findPairs(parameter, shape, this.queryByName)
    if (parameter.in === 'cookie')
      return this.findPairs(parameter, shape, byName(this.cookiesFor(parameter, shape)))
    const text = this.textOf(parameter)
    if (text === undefined) return undefined
    const isList = parameter.in === 'header' && (shape.list || shape.object)
    return found(readText(parameter, shape, isList ? withoutSpace(text) : text))
  }

  /** Of a parameter of the path or a header. */
  private textOf({ in: place, name }: Parameter): string | undefined {
    const { path, headers } = this.request
    if (place === 'path') return Object.hasOwn(path, name) ? path[name] : undefined
    const values = headerValues(headers, name)
    // RFC 9110 5.3.
    return values.length === 0 ? undefined : values.join(', ')
  }

  private findPairs(parameter: Parameter, shape: Shape, pairs: Pairs): Found {
    return found(
      readPairs(parameter, shape, pairs, this.membersOf(parameter, shape, pairs), decodeOf(parameter)),
    )
  }

  /** Names that may be those of members, where each stands for itself: not those of other parameters. */
  private membersOf(parameter: Parameter, shape: Shape, pairs: Pairs): string[] {
    if (!parameter.explode || !shape.object) return []
    const own = namesIn(shape)
    if (!takesOthers(shape)) return own
    const others = this.declared.filter((one) => one !== parameter && one.in === parameter.in)
    const taken = new Set(
      others.flatMap((one) => [
        one.name,
        ...(one.explode ? namesIn(this.context.shapes.of(one.schema)) : []),
      ]),
    )
    const more = [...pairs.keys()].filter((name) => !taken.has(name) && !name.includes('['))
    return [...new Set([...own, ...more])]
  }

  private cookiesFor({ style, explode }: Parameter, shape: Shape): Pair[] {
    this.cookies ??= cookiePairs(headerValues(this.request.headers, 'cookie'))
    if (style !== 'form' || !explode || (!shape.list && !shape.object)) return this.cookies
    // As the style is written, its pairs stand within the value of one cookie (RFC 6570 3.2.8).
    return this.cookies.flatMap(({ name, raw }) => {
      const [first = '', ...more] = raw.split('&')
      return [{ name: decodePercent(name) ?? name, raw: first }, ...(splitPairs(more.join('&')) ?? [])]
    })
  }

  private findDeepObject(parameter: Parameter): Found {
    const { name } = parameter
    const pairs = this.query.filter((pair) => pair.name === name || pair.name.startsWith(`${name}[`))
    if (pairs.length === 0) return undefined
    const decode = decodeOf(parameter)
    const fields = pairs.map(({ name: key, raw }) => ({ key, value: decode(raw) }))
    const isGood = (field: { value: string | undefined }) => field.value !== undefined
    if (!fields.every(isGood)) return { faults: [badEncoding] }
    const { value, faults } = nestFields(
      fields as { key: string; value: string }[],
      objectOf(parameter),
      this.context.shapes,
    )
    if (faults.length > 0) return { faults: faults.map(({ message }) => message) }
    return Object.hasOwn(value, name) ? { value: value[name]! } : undefined
  }

  private findContent(parameter: Parameter, mediaType: string): Found {
    const pairs = parameter.in === 'query' ? this.queryByName : byName(this.cookiesFor(parameter, noShape))
    const raw =
      parameter.in === 'path' || parameter.in === 'header'
        ? this.textOf(parameter)
        : pairs.get(parameter.name)?.[0]
    return raw === undefined ? undefined : readContent(decodeOf(parameter)(raw), mediaType)
  }

  private findQueryString(parameter: Parameter): Found {
    const { query } = this.request
    const mediaType = parameter.mediaType ?? ''
    if (query === '') return undefined
    if (isJson(readContentType(mediaType)?.name ?? '')) return readContent(decodePercent(query), mediaType)
    const { value, faults } = readFormText(query, parameter.schema, {}, this.context)
    return faults.length > 0 ? { faults: faults.map(({ rule }) => rule) } : { value }
  }
}

const noShape: Shape = { single: true, list: false, object: false, parts: [] }

function found(written: ReturnType<typeof readText>): Found {
  return written === undefined || 'value' in written ? written : { faults: [written.fault] }
}

function readContent(text: string | undefined, mediaType: string): Found {
  if (text === undefined) return { faults: [badEncoding] }
  if (!isJson(readContentType(mediaType)?.name ?? '')) return { value: text }
  const { value, faults } = readJsonText(text)
  return faults.length > 0
    ? { faults: faults.map((fault) => `is no good JSON: ${fault}`) }
    : { value, isTyped: true }
}

/** What is in a path was decoded where it was routed; headers are not encoded. */
function decodeOf({ in: place, style, allowReserved }: Parameter): Decode {
  if (place === 'query') return allowReserved ? decodePercent : decodeForm
  return place === 'cookie' && style !== 'cookie' ? decodePercent : asIs
}

/** RFC 9110 5.6.1: space around the commas of a list does not count. */
function withoutSpace(text: string): string {
  return text
    .split(',')
    .map((part) => part.trim())
    .join(',')
}

function namesIn({ parts }: Shape): string[] {
  return parts.flatMap(({ properties }) => (properties === undefined ? [] : Object.keys(properties)))
}

function takesOthers({ parts }: Shape): boolean {
  return parts.some(
    ({ additionalProperties, patternProperties }) =>
      (additionalProperties !== undefined && additionalProperties !== false) ||
      patternProperties !== undefined,
  )
}

const objects = new WeakMap<Parameter, SchemaObject>()

/** An object whose one member the parameter is. */
function objectOf(parameter: Parameter): SchemaObject {
  let object = objects.get(parameter)
  if (object === undefined) {
    const properties: Record<string, Schema> = {}
    setMember(properties, parameter.name, parameter.schema)
    objects.set(parameter, (object = { properties }))
  }
  return object
}

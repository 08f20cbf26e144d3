import type { Findings } from '../findings.ts'
import { isObject, member, setMember } from '../json-object.ts'
import { nameOfReference, referenceTo } from '../references.ts'
import { fileOf, standsWhere } from '../source/origins.ts'
import type { Json, JsonObject, Schema } from '../types.ts'
import type { Dialect } from './version.ts'
import { applyDialect } from './dialects.ts'
import type { DialectTools, Draft } from './dialects.ts'
import type { Documents, Target } from './documents.ts'
import { keywords } from './keywords.ts'
import type { KeywordKind } from './keywords.ts'

export interface SchemaReaderOptions {
  dialect: Dialect
  documents: Documents
  findings: Findings
  /** The file whose schemas keep their names. */
  mainFile: string
}

const schemaPlaces: ReadonlySet<string> = new Set(['components/schemas', 'definitions'])

const maxNameLength = 200

/** What may stand beside a `$ref` before OpenAPI 3.1, where everything else there counts for nothing. */
const besideReference: ReadonlySet<string> = new Set(['description', 'title', 'deprecated'])

/**
 * Brings schemas into the one dialect of the model. What a `$ref` leads to is a schema with a name: the one that it has in
 * the document, or one that is made for it.
 */
export class SchemaReader {
  private readonly options: SchemaReaderOptions
  private readonly names = new Map<JsonObject, string>()
  private readonly taken = new Set<string>()
  private readonly waiting: { name: string; node: JsonObject }[] = []
  private readonly done = new Map<string, Schema>()
  /** Keywords that nobody knows are told once each. */
  private readonly told = new Set<string>()
  private readonly tools: DialectTools

  constructor(options: SchemaReaderOptions) {
    this.options = options
    const { dialect, findings } = options
    this.tools = {
      dialect,
      findings,
      read: (holder, key) => this.read(holder, key),
      readMapping: (text, holder, value) => this.readMapping(text, holder, value),
    }
  }

  /** The document's own names. To be called before anything is read. */
  declare(named: JsonObject): void {
    for (const [name, node] of Object.entries(named)) {
      this.taken.add(name)
      if (isObject(node)) this.names.set(node, name)
    }
    for (const name of Object.keys(named)) this.done.set(name, this.read(named, name))
  }

  /** All schemas that have names, once everything else has been read. */
  finish(): Map<string, Schema> {
    for (let at = 0; at < this.waiting.length; at++) {
      const { name, node } = this.waiting[at]!
      this.done.set(name, this.readNode(node))
    }
    this.breakCircles()
    return this.done
  }

  /** Schemas that are nothing but references must lead somewhere. */
  private breakCircles(): void {
    const sound = new Set<string>()
    for (const start of this.done.keys()) {
      const way = new Set<string>()
      let name: string | undefined = start
      while (name !== undefined && !sound.has(name) && !way.has(name)) {
        way.add(name)
        name = this.referenceAlone(name)
      }
      const isCircle = name !== undefined && way.has(name)
      if (isCircle) {
        const schema = this.done.get(name!)
        this.options.findings.error(
          schema as object,
          `the schema ${name} is nothing but references in a circle`,
        )
        this.done.set(name!, true)
      }
      for (const passed of way) sound.add(passed)
    }
  }

  /** The name that a schema leads to which says nothing else. */
  private referenceAlone(name: string): string | undefined {
    const schema = this.done.get(name)
    if (typeof schema !== 'object' || schema.$ref === undefined || Object.keys(schema).length > 1)
      return undefined
    return nameOfReference(schema.$ref)
  }

  /** The schema at `holder[key]`; `true` where there is none. */
  read(holder: JsonObject | Json[], key: string | number): Schema {
    const node = Array.isArray(holder) ? holder[Number(key)] : member(holder, String(key))
    if (node === undefined) return true
    if (typeof node === 'boolean') return node
    if (isObject(node)) return this.readNode(node)
    this.options.findings.error(holder, 'must be a schema', key)
    return true
  }

  readNode(node: JsonObject): Schema {
    const from = this.withoutDynamic(node)
    const draft: Draft = typeof from['$ref'] === 'string' ? this.readReference(from) : this.readKeywords(from)
    const schema = applyDialect(draft, from, this.tools)
    if (typeof schema === 'boolean') return schema
    return Object.keys(schema).length === 0 ? true : standsWhere(schema, node)
  }

  /**
   * A `$dynamicRef` is a `$ref` where one schema alone bears the name, such as a tree's node. Where there are several, who
   * leads to it decides which one is meant (JSON Schema 2020-12 core, 8.2.3.2).
   */
  private withoutDynamic(node: JsonObject): JsonObject {
    if (!Object.hasOwn(node, '$dynamicRef')) return node
    const { $dynamicRef: reference, ...rest } = node
    const name = typeof reference === 'string' && /^#[^/]+$/.test(reference) ? reference.slice(1) : undefined
    const isOne =
      name !== undefined && this.options.documents.anchored(fileOf(node)?.name ?? '', name).length === 1
    if (isOne && rest['$ref'] === undefined)
      return standsWhere<JsonObject>({ $ref: reference!, ...rest }, node)
    const why = isOne ? 'beside a $ref' : 'that does not lead to one schema alone'
    this.options.findings.warning(
      node,
      `a $dynamicRef ${why} is not followed: anything is allowed here`,
      '$dynamicRef',
    )
    return standsWhere(rest, node)
  }

  private readReference(node: JsonObject): Draft {
    const { dialect, documents } = this.options
    const isOld = dialect === '2.0' || dialect === '3.0'
    const draft = this.readKeywords(node, isOld ? besideReference : undefined)
    const target = documents.find(node)
    if (target === undefined) return draft
    const own = this.ownName(target)
    if (own !== undefined) return { $ref: referenceTo(own), ...draft }
    if (typeof target.value === 'boolean') return target.value ? draft : { ...draft, not: true }
    if (isObject(target.value) && !isDocument(target))
      return { $ref: referenceTo(this.nameOf(target.value, target)), ...draft }
    this.options.findings.error(node, 'must lead to a schema', '$ref')
    return draft
  }

  /** The name of a schema of the document itself, which may be `true` or `false`. */
  private ownName({ value, tokens, file }: Target): string | undefined {
    const isOwn = file === this.options.mainFile && schemaPlaces.has(tokens.slice(0, -1).join('/'))
    return isOwn && typeof value === 'boolean' ? tokens.at(-1) : undefined
  }

  private nameOf(node: JsonObject, { tokens, file }: Target): string {
    const known = this.names.get(node)
    if (known !== undefined) return known
    const base = plainName(
      tokens.at(-1) ??
        file
          .split('/')
          .at(-1)!
          .replace(/\.[a-z]+$/i, ''),
    )
    let name = base
    for (let count = 2; this.taken.has(name); count++) name = `${base}_${count}`
    this.taken.add(name)
    this.names.set(node, name)
    this.waiting.push({ name, node })
    return name
  }

  /** `only`: these, and what begins with `x-`. */
  private readKeywords(node: JsonObject, only?: ReadonlySet<string>): Draft {
    const draft: Draft = {}
    for (const keyword of Object.keys(node)) {
      const value = node[keyword]!
      if (keyword === '$ref') continue
      if (keyword.startsWith('x-')) setMember(draft, keyword, value)
      else if (only === undefined || only.has(keyword)) this.readKeyword(draft, node, keyword)
    }
    return draft
  }

  private readKeyword(draft: Draft, node: JsonObject, keyword: string): void {
    const kind = keywords.get(keyword)
    if (kind === undefined) return this.tellUnknown(node, keyword)
    if (kind === 'dropped') return
    const value = kind === 'special' ? this.specialOf(node, keyword) : this.valueOf(kind, node, keyword)
    if (value !== undefined) draft[keyword] = value
  }

  private specialOf(node: JsonObject, keyword: string): Json {
    return keyword === 'example' ? this.options.documents.shown(node, keyword) : node[keyword]!
  }

  private valueOf(kind: KeywordKind, node: JsonObject, keyword: string): unknown {
    const value = node[keyword]!
    const { findings } = this.options
    if (kind === 'any') return value
    if (kind === 'schema') return this.read(node, keyword)
    if (kind === 'schemas') {
      // An empty one is none (JSON Schema 2020-12 core, 10.2.1): taken as it stands, such a oneOf would allow nothing.
      const isList = Array.isArray(value) && value.length > 0
      return isList ? this.readList(value) : this.wrong(node, keyword, 'a list of at least one schema')
    }
    if (kind === 'schema map')
      return isObject(value) ? this.readMap(value) : this.wrong(node, keyword, 'an object of schemas')
    if (kind === 'object') return isObject(value) ? value : this.wrong(node, keyword, 'an object')
    if (kind === 'flag') {
      if (value === 'true' || value === 'false')
        findings.warning(node, `${keyword} must be ${value} without quotes`, keyword)
      if (value === true || value === 'true') return true
      return value === false || value === 'false' ? undefined : this.wrong(node, keyword, 'true or false')
    }
    if (kind === 'text') return typeof value === 'string' ? value : this.wrong(node, keyword, 'a text')
    if (kind === 'text lists')
      return isTextLists(value) ? value : this.wrong(node, keyword, 'an object of lists of names')
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
    const isCount = kind !== 'count' || (Number.isInteger(number) && (number as number) >= 0)
    if (typeof number !== 'number' || !Number.isFinite(number) || !isCount)
      return this.wrong(node, keyword, kind === 'count' ? 'a whole number from 0 on' : 'a number')
    if (typeof value === 'string')
      findings.warning(node, `${keyword} must be a number without quotes`, keyword)
    return number
  }

  private readList(list: Json[]): Schema[] {
    return standsWhere(
      list.map((_, index) => this.read(list, index)),
      list,
    )
  }

  private readMap(map: JsonObject): Record<string, Schema> {
    const schemas: Record<string, Schema> = {}
    for (const name of Object.keys(map)) setMember(schemas, name, this.read(map, name))
    return standsWhere(schemas, map)
  }

  /** A mapping leads to a schema by its name, or as a `$ref` does (OpenAPI 3.1, 4.8.25.4). */
  private readMapping(text: string, holder: JsonObject, value: string): string | undefined {
    if (this.taken.has(text)) return referenceTo(text)
    const from = standsWhere<JsonObject>({ $ref: text }, holder)
    const target = /[#/.]/.test(text) ? this.options.documents.find(from, value) : undefined
    if (target === undefined) return undefined
    const own = this.ownName(target)
    if (own !== undefined) return referenceTo(own)
    return isObject(target.value) ? referenceTo(this.nameOf(target.value, target)) : undefined
  }

  private wrong(node: JsonObject, keyword: string, wanted: string): undefined {
    this.options.findings.warning(node, `${keyword} must be ${wanted}: it is left out`, keyword)
  }

  private tellUnknown(node: JsonObject, keyword: string): void {
    if (this.told.has(keyword)) return
    this.told.add(keyword)
    this.options.findings.warning(
      node,
      `“${keyword.slice(0, 100)}” is no keyword of a schema: it is left out`,
      keyword,
    )
  }
}

/** The whole of an OpenAPI document, to which `#` leads, is no schema. */
function isDocument({ value, tokens }: Target): boolean {
  return tokens.length === 0 && isObject(value) && ('openapi' in value || 'swagger' in value)
}

/** Names of components are made of letters, digits, `.`, `-` and `_` (OpenAPI 3.1, 4.8.7.1). */
function plainName(text: string): string {
  const words = text.slice(0, maxNameLength).split(/[^\w.-]+/)
  return words.filter((word) => word !== '').join('_') || 'Schema'
}

function isTextLists(value: Json): boolean {
  const isTexts = (list: Json) => Array.isArray(list) && list.every((item) => typeof item === 'string')
  return isObject(value) && Object.values(value).every(isTexts)
}

import { posix } from 'node:path'
import type { Findings } from '../findings.ts'
import { isObject, member } from '../json-object.ts'
import { adviceFor } from '../remote/origins.ts'
import { fileOf, standsWhere, unescapeToken } from '../source/origins.ts'
import type { Json, JsonObject } from '../types.ts'
import { anchorsIn } from './anchors.ts'
import type { Anchors } from './anchors.ts'

/** A chain of references may have so many links. */
const maxHops = 50

/** The files that a document is spread over, by their names. */
export interface Sources {
  /** What is in them. */
  files: ReadonlyMap<string, Json>
  /** Why one of the network, which may be fetched, is not among them. */
  absent: ReadonlyMap<string, string>
}

/** Where a reference leads. Undefined: to nothing, and a finding says so. */
export interface Target {
  value: Json
  /** Pointer within the file. */
  tokens: string[]
  /** Name of the file. */
  file: string
}

/** The name of the file that a reference leads to, from the file that it stands in. Null: to the same. */
export function fileOfReference(reference: string, from: string): string | null {
  const [path = ''] = reference.split('#')
  if (path === '') return null
  if (isUrl(path)) return path
  if (isUrl(from)) return URL.parse(path, from)?.href ?? path
  return posix.join(posix.dirname(from), decoded(path))
}

/** Somewhere in the network, and not a file beside the document. */
export function isUrl(name: string): boolean {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(name)
}

/** Follows references from one place to another, within a file or to another one. */
export class Documents {
  private readonly sources: Sources
  private readonly findings: Findings
  /** What references lead to that pointers lead through; nothing, while that is looked for. */
  private readonly passed = new Map<JsonObject, Json | undefined>()
  private depth = 0
  private readonly made = new Map<JsonObject, JsonObject>()
  private readonly anchors = new Map<string, Anchors>()

  constructor(sources: Sources, findings: Findings) {
    this.sources = sources
    this.findings = findings
  }

  /**
   * What `value` is, or what its `$ref` leads to, however many of them there are in a row. Undefined: it is no object, or
   * leads to none; a finding says so. `holder[key]` is where it stands.
   */
  resolve(value: Json | undefined, holder: object, key: string | number): JsonObject | undefined {
    let at = value
    for (let hops = 0; hops < maxHops; hops++) {
      if (!isObject(at)) {
        this.findings.error(
          holder,
          hops === 0 ? 'must be an object' : 'its $ref leads to what is no object',
          key,
        )
        return undefined
      }
      if (typeof at['$ref'] !== 'string') return at
      const target = this.find(at)
      if (target === undefined) return undefined
      at = target.value
    }
    this.findings.error(holder, 'its $ref leads in a circle', key)
    return undefined
  }

  /**
   * `holder`, and in the place of these members what their `$ref` leads to. OpenAPI has none there; other tools follow it, so
   * that documents have it.
   */
  followed(holder: JsonObject, ...members: readonly string[]): JsonObject {
    let made = this.made.get(holder) ?? holder
    for (const name of members) {
      const reference = member(made, name)
      if (!isReference(reference)) continue
      if (made === holder) made = standsWhere<JsonObject>({ ...holder }, holder)
      this.made.set(holder, made)
      const others = Object.keys(reference).length > 1 ? ', and what stands beside it is left out' : ''
      this.findings.warning(reference, `${hasNoPlace}${others}`, '$ref')
      const value = this.behindAll(reference)
      if (value === undefined) delete made[name]
      else made[name] = value
    }
    return made
  }

  /** A path: what stands beside its `$ref` belongs to it, too (OpenAPI 3.1, 4.8.9.1). Own members come first. */
  resolvePath(value: Json | undefined, holder: JsonObject, key: string): JsonObject | undefined {
    const target = this.resolve(value, holder, key)
    if (target === undefined || !isObject(value) || value === target) return target
    const { $ref: _, ...own } = value
    if (Object.keys(own).length === 0) return target
    const known = this.made.get(value)
    if (known !== undefined) return known
    for (const name of Object.keys(own))
      if (Object.hasOwn(target, name))
        this.findings.warning(value, `${name} stands in what its $ref leads to, too: this one counts`, name)
    const made = standsWhere<JsonObject>({ ...target, ...own }, target)
    this.made.set(value, made)
    return made
  }

  /** The value of an example; where that is a `$ref` alone, and leads anywhere, what it leads to. */
  shown(holder: JsonObject, key: string): Json {
    const value = holder[key]!
    if (!isReference(value) || Object.keys(value).length > 1 || !this.leads(value)) return value
    this.findings.warning(value, hasNoPlace, '$ref')
    return this.behindAll(value) ?? value
  }

  /** Without a finding where it does not. */
  private leads(reference: JsonObject): boolean {
    const text = reference['$ref'] as string
    const own = fileOf(reference)?.name ?? ''
    const pointer = decoded(text.split('#')[1] ?? '')
    if (pointer !== '' && !pointer.startsWith('/')) return false
    const root = this.sources.files.get(fileOfReference(text, own) ?? own)
    return this.walk(root, tokensOf(pointer)) !== undefined
  }

  private behindAll(reference: JsonObject): Json | undefined {
    let at: Json | undefined = reference
    for (let hops = 0; isReference(at) && hops < maxHops; hops++) at = this.find(at)?.value
    if (isReference(at)) this.findings.error(reference, 'its $ref leads in a circle', '$ref')
    return isReference(at) ? undefined : at
  }

  /** One step: where the `$ref` of an object leads. `key`: the member that says it, for findings. */
  find(from: JsonObject, key = '$ref'): Target | undefined {
    const reference = typeof from['$ref'] === 'string' ? from['$ref'] : ''
    const own = fileOf(from)?.name ?? ''
    const file = fileOfReference(reference, own) ?? own
    const { files, absent } = this.sources
    if (!files.has(file)) return this.nowhere(from, key, missing(reference, file, absent.get(file)))
    const pointer = decoded(reference.split('#')[1] ?? '')
    if (pointer !== '' && !pointer.startsWith('/')) {
      const [value, another] = this.anchored(file, pointer)
      if (value !== undefined && another === undefined) return { value, tokens: [pointer], file }
      const moved = this.walk(files.get(file), tokensOf(`/${pointer}`))
      if (value === undefined && moved !== undefined) {
        this.findings.warning(
          from,
          `$ref “${shortened(reference)}” lacks the / behind its #: it is put there`,
          key,
        )
        return { value: moved, tokens: tokensOf(`/${pointer}`), file }
      }
      const why =
        value === undefined
          ? 'must be a JSON pointer, such as #/components/schemas/Thing'
          : 'may mean several schemas: each $anchor must be another one'
      return this.nowhere(from, key, `$ref “${shortened(reference)}” ${why}`)
    }
    const tokens = tokensOf(pointer)
    const value = this.walk(files.get(file), tokens) ?? this.findMoved(from, key, file, tokens)
    if (value === undefined) return this.nowhere(from, key, `$ref “${shortened(reference)}” leads to nothing`)
    return { value, tokens, file }
  }

  /** Those in a file that bear a name by `$anchor` or `$dynamicAnchor`. */
  anchored(file: string, name: string): readonly JsonObject[] {
    const { files } = this.sources
    const anchors = this.anchors.get(file) ?? anchorsIn(files.get(file))
    this.anchors.set(file, anchors)
    return anchors.get(name) ?? []
  }

  /** Where schemas stood in another generation of OpenAPI. */
  private findMoved(from: JsonObject, key: string, file: string, tokens: string[]): Json | undefined {
    const name = tokens.at(-1)!
    const place = tokens.slice(0, -1).join('/')
    const moved = places.get(place)
    const value = moved === undefined ? undefined : this.walk(this.sources.files.get(file), [...moved, name])
    if (value !== undefined)
      this.findings.warning(from, `schemas stand in #/${moved!.join('/')} here, not in #/${place}`, key)
    return value
  }

  private walk(root: Json | undefined, tokens: readonly string[]): Json | undefined {
    return tokens.reduce<Json | undefined>(
      (at, token) => step(at, token) ?? step(this.behind(at), token),
      root,
    )
  }

  /** A pointer may lead through a place that is itself a `$ref`, such as that of all schemas. */
  private behind(at: Json | undefined): Json | undefined {
    if (!isReference(at)) return undefined
    if (this.passed.has(at) || this.depth >= maxHops) return this.passed.get(at)
    this.passed.set(at, undefined)
    this.depth++
    const value = this.behindAll(at)
    this.depth--
    this.passed.set(at, value)
    return value
  }

  private nowhere(from: JsonObject, key: string, message: string): undefined {
    this.findings.error(from, message, key)
  }
}

const places: ReadonlyMap<string, string[]> = new Map([
  ['definitions', ['components', 'schemas']],
  ['components/schemas', ['definitions']],
])

const hasNoPlace = 'a $ref has no place here in OpenAPI: it is followed'

function tokensOf(pointer: string): string[] {
  return pointer === '' ? [] : pointer.slice(1).split('/').map(unescapeToken)
}

function isReference(value: Json | undefined): value is JsonObject {
  return isObject(value) && typeof value['$ref'] === 'string'
}

function step(at: Json | undefined, token: string): Json | undefined {
  if (Array.isArray(at)) return /^\d+$/.test(token) ? at[Number(token)] : undefined
  return isObject(at) ? member(at, token) : undefined
}

function missing(reference: string, file: string, reason: string | undefined): string {
  if (isUrl(file) && reason === undefined)
    return `$ref “${shortened(reference)}” leads into the network: ${adviceFor(file)}`
  const why = reason === undefined ? '' : `: ${reason}`
  return `$ref “${shortened(reference)}” leads to ${shortened(file)}, which cannot be read${why}`
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

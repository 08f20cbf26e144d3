import { isAlias, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml'
import type { Alias, Document, Node, Pair, YAMLMap, YAMLSeq } from 'yaml'
import { isObject, setMember } from '../json-object.ts'
import type { Json, JsonObject } from '../types.ts'
import { maxDepth, mostFaults } from './json.ts'
import type { JsonReading, SyntaxFault } from './json.ts'
import { keepWritten, setPlace } from './origins.ts'
import type { Place, SourceFile } from './origins.ts'

/** What aliases repeat counts as often as it is repeated: a few lines can stand for millions of them. */
const maxRepeated = 1_000_000

/** Reads YAML 1.2 as JSON would be: names are texts, merge keys (`<<`) are merged, aliases stand for what they name. */
export function readYaml(file: SourceFile): JsonReading {
  const document = parseDocument(file.text, { uniqueKeys: false, stringKeys: false, prettyErrors: false })
  const faults = document.errors.map(({ pos: [at], message }) => ({ at, message: message.split('\n')[0]! }))
  if (faults.length > 0) return { value: null, faults }
  return new YamlReader(file, document).read()
}

/** Ends the reading: nothing that follows can be trusted. */
class Refused extends Error {}

class YamlReader {
  private readonly file: SourceFile
  private readonly document: Document
  private readonly faults: SyntaxFault[] = []
  /** Of what has an anchor: its value and how many nodes it has, once it is whole. */
  private readonly anchored = new Map<Node, { value: Json; size: number; height: number }>()
  private readonly open = new Set<Node>()
  private size = 0
  private repeated = 0
  /** The deepest level since somebody set it back. */
  private deepest = 0

  constructor(file: SourceFile, document: Document) {
    this.file = file
    this.document = document
  }

  read(): JsonReading {
    try {
      return { value: this.toJson(this.document.contents, null, '', 0), faults: this.faults }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return { value: null, faults: this.faults }
    }
  }

  private toJson(node: unknown, parent: Place | null, key: string | number, depth: number): Json {
    if (isAlias(node)) return this.repeat(node, depth)
    if (isScalar(node)) {
      const value = this.scalarOf(node.value, node)
      keepWritten(parent, key, value, node.source)
      return value
    }
    if (!isMap(node) && !isSeq(node)) return null
    this.boundDepth(node, depth)
    const before = this.size
    this.size += 1
    if (node.anchor === undefined)
      return isMap(node) ? this.objectOf(node, parent, key, depth) : this.listOf(node, parent, key, depth)
    const deepest = this.deepest
    this.deepest = depth
    this.open.add(node)
    const value = isMap(node)
      ? this.objectOf(node, parent, key, depth)
      : this.listOf(node, parent, key, depth)
    this.open.delete(node)
    this.anchored.set(node, { value, size: this.size - before, height: this.deepest - depth })
    this.deepest = Math.max(deepest, this.deepest)
    return value
  }

  private boundDepth(node: Node, depth: number): void {
    this.deepest = Math.max(this.deepest, depth)
    if (depth >= maxDepth) this.refuse(startOf(node), `it is nested deeper than ${maxDepth} levels`)
  }

  private scalarOf(value: unknown, node: Node): Json {
    this.size += 1
    if (typeof value === 'bigint') return Number(value)
    if (typeof value === 'number' && !Number.isFinite(value)) {
      this.tell(startOf(node), 'is a number that JSON does not have')
      return null
    }
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
  }

  private objectOf(node: YAMLMap, parent: Place | null, key: string | number, depth: number): JsonObject {
    const names: string[] = []
    const place: Place = { file: this.file, start: startOf(node), names, starts: [], parent, key }
    const object: JsonObject = {}
    setPlace(object, place)
    const merged: JsonObject[] = []
    for (const pair of node.items) {
      const name = nameOf(pair)
      const start = startOf(pair.key as Node)
      const value = this.toJson(pair.value, place, name, depth + 1)
      if (name === '<<' && isMergeable(value)) {
        merged.push(...(Array.isArray(value) ? value : [value]))
        continue
      }
      if (Object.hasOwn(object, name)) this.tell(start, `“${name}” stands here twice`)
      setMember(object, name, value)
      names.push(name)
      place.starts.push(start)
    }
    // What stands here itself counts more than what is merged, and what is merged first more than what follows.
    for (const source of merged)
      for (const [name, value] of Object.entries(source))
        if (!Object.hasOwn(object, name)) setMember(object, name, value)
    return object
  }

  private listOf(node: YAMLSeq, parent: Place | null, key: string | number, depth: number): Json[] {
    const place: Place = { file: this.file, start: startOf(node), names: null, starts: [], parent, key }
    const list: Json[] = []
    setPlace(list, place)
    for (const item of node.items) {
      place.starts.push(startOf(item as Node))
      list.push(this.toJson(item, place, list.length, depth + 1))
    }
    return list
  }

  private repeat(alias: Alias, depth: number): Json {
    const target = alias.resolve(this.document)
    if (target === undefined) return this.refuse(startOf(alias), `*${alias.source} names no anchor`)
    if (this.open.has(target)) return this.refuse(startOf(alias), `*${alias.source} stands within itself`)
    const known = this.anchored.get(target)
    if (known === undefined) return isScalar(target) ? this.scalarOf(target.value, target) : null
    this.boundDepth(alias, depth + known.height)
    this.size += known.size
    this.repeated += known.size
    if (this.repeated > maxRepeated)
      this.refuse(startOf(alias), `its aliases stand for more than ${maxRepeated} values`)
    return known.value
  }

  /** What does not end the reading. */
  private tell(at: number, message: string): void {
    if (this.faults.length < mostFaults) this.faults.push({ at, message })
  }

  private refuse(at: number, message: string): never {
    this.faults.push({ at, message })
    throw new Refused()
  }
}

function startOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0
}

/** Numbers too, as of a status, are names as they are written. */
function nameOf({ key }: Pair): string {
  if (isScalar(key))
    return key.source ?? (typeof key.value === 'string' ? key.value : JSON.stringify(key.value ?? ''))
  return isNode(key) ? key.toString() : ''
}

function isMergeable(value: Json): value is JsonObject | JsonObject[] {
  return Array.isArray(value) ? value.length > 0 && value.every(isObject) : isObject(value)
}

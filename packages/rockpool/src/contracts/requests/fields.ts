import { escapeToken } from '../source/origins.ts'
import { setMember } from '../json-object.ts'
import type { Schema } from '../types.ts'
import type { Shapes } from './shapes.ts'
import type { Value } from './types.ts'

/** A field of a form under its key, such as `a[b][0][c]`. */
export interface Field {
  key: string
  value: Value
}

export interface FieldFault {
  /** JSON pointer into what the fields make. */
  path: string
  message: string
}

/** Names in one key. */
const mostDepth = 16
const mostIndex = 1_000
const mostFaults = 100

interface Node {
  values: Value[]
  members: Map<string, Node>
  /** Those of `[]`, which have no name. */
  items: Node[]
}

/**
 * One object of the fields of a form: `a=1&a=2` and `a[]=1&a[]=2` are lists, `a[b][0][c]=1` leads through objects and
 * lists. An index says an order, and no place: nothing is kept for those that are not given. Where it leads to an object,
 * as the schema has it, it is a name.
 */
export function nestFields(
  fields: readonly Field[],
  schema: Schema,
  shapes: Shapes,
): { value: { [name: string]: Value }; faults: FieldFault[] } {
  const root = newNode()
  const faults: FieldFault[] = []
  const fault = (path: string, message: string) => {
    if (faults.length < mostFaults) faults.push({ path, message })
  }
  for (const { key, value } of fields) {
    const path = shapes.declares(schema, key) ? [key] : pathOf(key)
    if (path === null) {
      const name = key.slice(0, key.indexOf('['))
      fault(pointer('', name), `is nested deeper than ${mostDepth} levels`)
      continue
    }
    let node = root
    for (const [depth, name] of path.entries())
      node = depth > 0 && name === '' ? addItem(node) : memberOf(node, name)
    node.values.push(value)
  }
  return { value: toObject(root, schema, ''), faults }

  function toValue(node: Node, at: Schema, path: string): Value {
    const { values, members, items } = node
    if (members.size === 0 && items.length === 0) return values.length === 1 ? values[0]! : values
    const shape = shapes.of(at)
    const isList = [...members.keys()].every(isIndex) && (items.length > 0 || shape.list || !shape.object)
    if (!isList) {
      if (values.length > 0 || items.length > 0)
        fault(path, 'is given both as an object and as something else')
      return toObject(node, at, path)
    }
    if ([...members.keys()].some((index) => Number(index) > mostIndex)) {
      fault(path, `has an index above ${mostIndex}`)
      return []
    }
    const byIndex = [...members].toSorted(([a], [b]) => Number(a) - Number(b)).map(([, member]) => member)
    const inner = [...byIndex, ...items].map((item, index) =>
      toValue(item, shapes.item(at, index), `${path}/${index}`),
    )
    return [...values, ...inner]
  }

  function toObject(node: Node, at: Schema, path: string): { [name: string]: Value } {
    const object: { [name: string]: Value } = {}
    for (const [name, member] of node.members)
      setMember(object, name, toValue(member, shapes.member(at, name), pointer(path, name)))
    return object
  }
}

const isIndex = (name: string) => /^(?:0|[1-9]\d*)$/.test(name)

const pointer = (path: string, name: string) => `${path}/${escapeToken(name.slice(0, 200))}`

function newNode(): Node {
  return { values: [], members: new Map(), items: [] }
}

function addItem(node: Node): Node {
  const item = newNode()
  node.items.push(item)
  return item
}

function memberOf(node: Node, name: string): Node {
  let member = node.members.get(name)
  if (member === undefined) {
    member = newNode()
    node.members.set(name, member)
  }
  return member
}

/** The names that a key leads through; null: too many. A key that is not bracketed rightly is one name. */
export function pathOf(key: string): string[] | null {
  const first = key.indexOf('[')
  if (first <= 0 || !key.endsWith(']')) return [key]
  const path = [key.slice(0, first)]
  for (let at = first; at < key.length;) {
    const end = key.indexOf(']', at)
    const name = key.slice(at + 1, end)
    if (key[at] !== '[' || name.includes('[')) return [key]
    if (path.length >= mostDepth) return null
    path.push(name)
    at = end + 1
  }
  return path
}

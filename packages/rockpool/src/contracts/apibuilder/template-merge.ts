import { isObject, member, setMember } from '../json-object.ts'
import { standsWhere } from '../source/origins.ts'
import type { Json, JsonObject } from '../types.ts'
import { textOf } from './nodes.ts'

/** What a model or a resource says itself counts more than its template; lists are merged item by item. */
export function mergeModel(own: JsonObject, template: JsonObject): JsonObject {
  const fields: Merge = (one, other) => mergeLists(one, other, 'name', mergeTyped)
  const merges = { fields, interfaces: joinTexts, attributes: mergeAttributes }
  return mergeNodes(own, template, merges, ['templates', 'plural'])
}

export function mergeResource(own: JsonObject, template: JsonObject): JsonObject {
  const operations: Merge = (one, other) => mergeLists(one, other, operationLabel, mergeOperation)
  return mergeNodes(own, template, { operations, attributes: mergeAttributes }, ['templates'])
}

function mergeOperation(own: JsonObject, template: JsonObject): JsonObject {
  const parameters: Merge = (one, other) => mergeLists(one, other, 'name', mergeTyped)
  const responses: Merge = (one, other) =>
    isObject(one) && isObject(other) ? mergeResponses(one, other) : one
  return mergeNodes(own, template, { parameters, responses, attributes: mergeAttributes })
}

function mergeResponses(own: JsonObject, template: JsonObject): JsonObject {
  const merged: JsonObject = {}
  for (const code of new Set([...Object.keys(own), ...Object.keys(template)])) {
    const one = member(own, code)
    const other = member(template, code)
    const isBoth = isObject(one) && isObject(other)
    setMember(merged, code, isBoth ? mergeNodes(one, other, responseMerges) : (one ?? other)!)
  }
  return standsWhere(merged, own)
}

const responseMerges = {
  headers: (one: Json, other: Json) => mergeLists(one, other, 'name', mergeTyped),
  attributes: mergeAttributes,
}

/** A field, parameter or header. */
function mergeTyped(own: JsonObject, template: JsonObject): JsonObject {
  const merges = { attributes: mergeAttributes, annotations: joinTexts }
  return mergeNodes(own, template, merges, ['type', 'location', 'required'])
}

function mergeAttributes(own: Json, template: Json): Json {
  return mergeLists(own, template, 'name', (attribute) => attribute)
}

type Merge = (own: Json, template: Json) => Json

/** Of each member the own one, or else the template's; what both have is merged where there is a merge for it. */
function mergeNodes(
  own: JsonObject,
  template: JsonObject,
  merges: Readonly<Record<string, Merge>>,
  neverTaken: readonly string[] = [],
): JsonObject {
  const merged: JsonObject = {}
  for (const name of Object.keys(own)) setMember(merged, name, own[name]!)
  for (const name of Object.keys(template)) {
    const mine = member(own, name)
    if (mine === undefined) {
      if (!neverTaken.includes(name)) setMember(merged, name, template[name]!)
    } else if (Object.hasOwn(merges, name)) merged[name] = merges[name]!(mine, template[name]!)
  }
  return standsWhere(merged, own)
}

type Label = string | ((node: JsonObject) => string)

function mergeLists(
  own: Json,
  template: Json,
  label: Label,
  merge: (own: JsonObject, template: JsonObject) => JsonObject,
): Json {
  if (!Array.isArray(own) || !Array.isArray(template)) return own
  const labelOf = (node: Json) =>
    !isObject(node) ? '' : typeof label === 'string' ? (textOf(node, label) ?? '') : label(node)
  const others = new Map(template.filter((node) => isObject(node)).map((node) => [labelOf(node), node]))
  const merged = own.map((node) => {
    const other = isObject(node) ? others.get(labelOf(node)) : undefined
    others.delete(labelOf(node))
    return isObject(node) && other !== undefined ? merge(node, other) : node
  })
  return standsWhere([...merged, ...others.values()], own)
}

function operationLabel(operation: JsonObject): string {
  return `${textOf(operation, 'method')}:${textOf(operation, 'path') ?? ''}`.toLowerCase()
}

function joinTexts(own: Json, template: Json): Json {
  const texts = (value: Json) => (Array.isArray(value) ? value : [value])
  return [...new Set([...texts(own), ...texts(template)])]
}

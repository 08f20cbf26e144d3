import type { Findings } from '../findings.ts'
import { isObject, member } from '../json-object.ts'
import type { Json, JsonObject } from '../types.ts'
import type { Described, ServiceFormat } from './service.ts'
import { shapeOf } from './shapes.ts'
import type { MemberKind, NodeKind } from './shapes.ts'

/** Tells what is wrong with a document. */
export interface Report {
  format: ServiceFormat
  /** Nobody knows what is meant. */
  impossible(at: object, message: string, member?: string | number): void
  /** A rule of API Builder: api.json is refused for it, service.json had its chance. */
  broken(at: object, message: string, member?: string | number): void
  /** It is understood, and ought to be mended. */
  doubtful(at: object, message: string, member?: string | number): void
}

export function createReport(format: ServiceFormat, findings: Findings): Report {
  const impossible: Report['impossible'] = (...finding) => findings.error(...finding)
  const doubtful: Report['doubtful'] = (...finding) => findings.warning(...finding)
  return { format, impossible, doubtful, broken: format === 'api.json' ? impossible : doubtful }
}

/** Members that nobody knows, that are missing, or that are something else than they ought to be. */
export function checkNode(report: Report, node: JsonObject, kind: NodeKind, except?: string): void {
  const shape = shapeOf(kind, report.format)
  for (const name of Object.keys(node)) {
    const wanted = Object.hasOwn(shape, name) ? shape[name]! : undefined
    if (wanted === undefined) {
      if (name !== except) report.broken(node, `“${shorten(name)}” is no member of ${article(kind)}`, name)
      continue
    }
    const value = node[name]!
    if (value === null && report.format === 'service.json') continue
    if (wanted === 'object' && Array.isArray(value) && value.length === 0) {
      // PHP writes an empty object so, and so did API Builder itself.
      report.broken(node, `“${name}” must be an object: an empty list says nothing`, name)
      continue
    }
    const fault = faultOf(wanted.replace('!', '') as MemberKind, value, wanted.endsWith('!'))
    if (fault !== undefined) report.impossible(node, `“${name}” must be ${fault}`, name)
    else if (wanted.startsWith('objects')) checkItems(report, value as Json[])
  }
  for (const name of Object.keys(shape))
    if (shape[name]!.endsWith('!') && (member(node, name) ?? null) === null)
      report.impossible(node, `${article(kind)} must say “${name}”`)
}

const kinds: Readonly<Record<MemberKind, { is: (value: Json) => boolean; called: string }>> = {
  text: { is: (value) => typeof value === 'string', called: 'a text' },
  flag: {
    is: (value) => typeof value === 'boolean' || value === 'true' || value === 'false',
    called: 'true or false',
  },
  number: { is: (value) => wholeNumber(value) !== null, called: 'a whole number' },
  object: { is: isObject, called: 'an object' },
  objects: { is: Array.isArray, called: 'a list' },
  texts: {
    is: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
    called: 'a list of texts',
  },
  any: { is: () => true, called: 'anything' },
}

function faultOf(kind: MemberKind, value: Json, isRequired: boolean): string | undefined {
  const { is, called } = kinds[kind]
  if (!is(value)) return called
  return isRequired && typeof value === 'string' && value.trim() === ''
    ? 'a text that is not empty'
    : undefined
}

function checkItems(report: Report, list: Json[]): void {
  list.forEach((item, index) => {
    if (!isObject(item)) report.impossible(list, 'must be an object', index)
  })
}

/** A text, a number or a flag as it is written; '' for all else. */
export function asText(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : ''
}

/** A text without space around it; null where there is none, or nothing but space. */
export function textOf(node: JsonObject, name: string): string | null {
  return asText(member(node, name)).trim() || null
}

export function flagOf(node: JsonObject, name: string): boolean | undefined {
  const value = asText(member(node, name))
  return value === 'true' ? true : value === 'false' ? false : undefined
}

export function numberOf(node: JsonObject, name: string): number | null {
  return wholeNumber(member(node, name) ?? null)
}

function wholeNumber(value: Json): number | null {
  const number = typeof value === 'string' && /^[+-]?\d+$/.test(value.trim()) ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) ? number : null
}

export function objectOf(node: JsonObject, name: string): JsonObject | null {
  const value = member(node, name)
  return isObject(value) ? value : null
}

export function objectsOf(node: JsonObject, name: string): JsonObject[] {
  const value = member(node, name)
  return Array.isArray(value) ? value.filter((item) => isObject(item)) : []
}

export function textsOf(node: JsonObject, name: string): string[] {
  const value = member(node, name)
  const list = typeof value === 'string' ? [value] : Array.isArray(value) ? value : []
  return list.filter((item) => typeof item === 'string').map((item) => item.trim())
}

/** What may be said of nearly everything, checked. */
export function readDescribed(report: Report, node: JsonObject): Described {
  const deprecation = objectOf(node, 'deprecation')
  if (deprecation !== null) checkNode(report, deprecation, 'deprecation')
  const attributes = objectsOf(node, 'attributes')
  for (const attribute of attributes) checkNode(report, attribute, 'attribute')
  return { at: node, description: textOf(node, 'description'), deprecation, attributes }
}

/** A name as it is told: nobody reads a long one. */
export function shorten(name: string): string {
  return name.length > 80 ? `${name.slice(0, 80)}…` : name
}

export function article(kind: string): string {
  return `${/^[aeiou]/.test(kind) && !kind.startsWith('union') ? 'an' : 'a'} ${kind}`
}

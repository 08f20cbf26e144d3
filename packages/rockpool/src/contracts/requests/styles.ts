import { setMember } from '../json-object.ts'
import type { JsonObject, Parameter, ParameterStyle } from '../types.ts'
import type { Decode, Pairs } from './pairs.ts'
import type { Shape } from './shapes.ts'

/**
 * What a parameter says before the contract's types are known: texts, lists and objects of texts.
 * `fault` completes “the query parameter a …”; undefined: the parameter is not there.
 */
export type Written = { value: string | string[] | JsonObject } | { fault: string } | undefined

/** What undoing the encoding of a value cannot read. */
export const badEncoding =
  'is not percent-encoded rightly: it must be UTF-8, and each % followed by two digits'

/**
 * The styles of OpenAPI 3.1, 4.8.12.2 that are one text: `simple`, `label` and `matrix` (RFC 6570 3.2.2, 3.2.5, 3.2.7).
 * @param text with its encoding undone
 */
export function readText({ name, style, explode }: Parameter, shape: Shape, text: string): Written {
  const isCompound = shape.list || shape.object
  if (style === 'label') {
    if (!text.startsWith('.')) return { fault: `must begin with “.”, as the style label says` }
    return isCompound
      ? compound(text.slice(1), explode ? '.' : ',', explode, shape)
      : { value: text.slice(1) }
  }
  if (style === 'matrix') return readMatrix(name, explode, shape, text)
  return isCompound ? compound(text, ',', explode, shape) : { value: text }
}

function readMatrix(name: string, explode: boolean, shape: Shape, text: string): Written {
  const fault = { fault: `must begin with “;”, as the style matrix says` }
  if (!text.startsWith(';')) return fault
  const parts = text.slice(1).split(';')
  if (explode && shape.object && !shape.list) return membersOf(parts)
  const values = parts.flatMap((part) => {
    const [key, value] = splitOnce(part)
    return key === name ? [value] : []
  })
  const [first] = values
  if (first === undefined) return { fault: `must begin with “;${name}”, as the style matrix says` }
  if (!shape.list && !shape.object) return { value: first }
  return explode ? { value: values } : compound(first, ',', false, shape)
}

/** A list, or an object whose names and values come in turns, or exploded: as `name=value`. */
function compound(text: string, delimiter: string, explode: boolean, shape: Shape): Written {
  if (text === '') return shape.list || shape.object ? { value: shape.list ? [] : {} } : { value: text }
  const parts = text.split(delimiter)
  if (shape.list) return parts.length === 1 && shape.single ? { value: text } : { value: parts }
  if (shape.single && parts.length === 1 && !(explode && text.includes('='))) return { value: text }
  return explode ? membersOf(parts) : inTurns(parts)
}

function membersOf(parts: readonly string[]): Written {
  const value: JsonObject = {}
  for (const part of parts) setMember(value, ...splitOnce(part))
  return { value }
}

function inTurns(parts: readonly string[]): Written {
  if (parts.length % 2 === 1) return { fault: 'must have names and values in turns' }
  const value: JsonObject = {}
  for (let index = 0; index < parts.length; index += 2) setMember(value, parts[index]!, parts[index + 1]!)
  return { value }
}

function splitOnce(text: string): [string, string] {
  const equals = text.indexOf('=')
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)]
}

/** What separates the items of a list that is not exploded; a delimiter may be encoded where the style says so. */
const delimiters: Partial<Record<ParameterStyle, RegExp>> = {
  spaceDelimited: /%20|\+| /,
  pipeDelimited: /%7C|\|/i,
}

export function delimiterOf(style: string): RegExp {
  return delimiters[style as ParameterStyle] ?? /,/
}

/**
 * The styles that are pairs of a query or of cookies: `form`, `spaceDelimited`, `pipeDelimited`, `cookie`.
 * @param members names that may be those of an exploded object's members
 */
export function readPairs(
  { name, style, explode }: Parameter,
  shape: Shape,
  pairs: Pairs,
  members: readonly string[],
  decode: Decode,
): Written {
  const raw = pairs.get(name)
  if (explode && shape.object && !shape.list && !(shape.single && raw !== undefined))
    return explodedMembers(pairs, members, decode)
  if (raw === undefined) return undefined
  const isCompound = shape.list || shape.object
  if (explode || !isCompound || raw.length > 1) return decoded(raw, decode)
  return compoundPair(raw[0]!, style, shape, decode)
}

function compoundPair(raw: string, style: ParameterStyle, shape: Shape, decode: Decode): Written {
  if (raw === '') return { value: shape.list ? [] : shape.object && !shape.single ? {} : '' }
  const values = raw.split(delimiterOf(style)).map(decode)
  if (!values.every((value) => value !== undefined)) return { fault: badEncoding }
  if (values.length === 1 && shape.single) return { value: values[0]! }
  return shape.list ? { value: values } : inTurns(values)
}

function explodedMembers(pairs: Pairs, members: readonly string[], decode: Decode): Written {
  const value: JsonObject = {}
  for (const name of members) {
    const raw = pairs.get(name)
    if (raw === undefined) continue
    const read = decoded(raw, decode)
    if (read === undefined || 'fault' in read) return read
    setMember(value, name, read.value)
  }
  return Object.keys(value).length === 0 ? undefined : { value }
}

/** One value, or a list of them where there are more. */
function decoded(raw: readonly string[], decode: Decode): Written {
  const values: string[] = []
  for (const one of raw) {
    const value = decode(one)
    if (value === undefined) return { fault: badEncoding }
    values.push(value)
  }
  return { value: values.length === 1 ? values[0]! : values }
}

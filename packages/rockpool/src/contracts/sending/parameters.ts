import { delimiterIn } from '../joined-lists.ts'
import { isObject } from '../json-object.ts'
import type { Json, Parameter } from '../types.ts'
import { NotMade } from './made.ts'

/** What a parameter is in a query: names and their values, before percent-encoding. Pure. @throws NotMade */
export function queryOf(parameter: Parameter, value: Json): [string, string[]][] {
  const { name, style, explode, mediaType } = parameter
  if (mediaType !== null) return [[name, [JSON.stringify(value)]]]
  if (Array.isArray(value)) {
    const texts = value.map((item) => scalar(parameter, item))
    return [[name, explode ? texts : [texts.join(delimiterIn(style))]]]
  }
  if (!isObject(value)) return [[name, [scalar(parameter, value)]]]
  const members = Object.entries(value).map(([key, item]) => [key, scalar(parameter, item)] as const)
  if (style === 'deepObject') return members.map(([key, text]) => [`${name}[${key}]`, [text]])
  if (explode) return members.map(([key, text]) => [key, [text]])
  return [[name, [members.flat().join(delimiterIn(style))]]]
}

/** What a parameter is in a path, or in a header. Pure. @throws NotMade */
export function textOf(parameter: Parameter, value: Json): string {
  const { name, style, explode, mediaType } = parameter
  if (mediaType !== null) return JSON.stringify(value)
  if (style === 'matrix' || style === 'label')
    throw new NotMade(`its parameter ${name} is written in the style ${style}`)
  if (Array.isArray(value)) return value.map((item) => scalar(parameter, item)).join(',')
  if (!isObject(value)) return scalar(parameter, value)
  const members = Object.entries(value).map(([key, item]) => [key, scalar(parameter, item)])
  return members.map((pair) => pair.join(explode ? '=' : ',')).join(',')
}

function scalar({ name, in: place }: Parameter, value: Json): string {
  if (typeof value === 'object' && value !== null)
    throw new NotMade(`its parameter ${name} is nested, and nothing says how that is written`)
  const text = value === null ? '' : String(value)
  if (place === 'header' && /[^\t\x20-\x7e]/.test(text))
    throw new NotMade(`its header ${name} has characters that no header has`)
  return text
}

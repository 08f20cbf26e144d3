import type { Json } from '../../types.ts'

/** How people write what stands in one line. */
export interface JsonStyle {
  /** Behind `{` and before `}`. */
  inBraces: string
  /** Behind `:` and `,`. */
  between: string
}

const usual: JsonStyle = { inBraces: ' ', between: ' ' }

/**
 * The style of a value in one line; null: it stands on several lines. Of what an object says nothing about, the usual one.
 * @param written an object or a list, from its opening to its closing
 */
export function styleOf(written: string): JsonStyle | null {
  if (written.includes('\n')) return null
  // Texts may hold what separates.
  const plain = written.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
  const [, inBraces = plain.startsWith('{') ? undefined : ''] = /^\{( ?)\S/.exec(plain) ?? []
  const [, between] = /"" ?:( ?)/.exec(plain) ?? []
  return { inBraces: inBraces ?? usual.inBraces, between: between ?? usual.between }
}

/** A value in one line. Lists have no space within. */
export function writeInLine(value: Json, style: JsonStyle): string {
  const { inBraces, between } = style
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((item) => writeInLine(item, style)).join(`,${between}`)}]`
  const members = Object.entries(value).map(
    ([name, item]) => `${JSON.stringify(name)}:${between}${writeInLine(item, style)}`,
  )
  return members.length === 0 ? '{}' : `{${inBraces}${members.join(`,${between}`)}${inBraces}}`
}

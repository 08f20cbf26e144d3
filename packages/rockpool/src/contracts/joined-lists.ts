import { isObject } from './json-object.ts'
import type { Json } from './types.ts'

/* Lists that are one text (OpenAPI 3.1, 4.8.12.2 and 4.8.15). */

const delimiters: Readonly<Record<string, string>> = { spaceDelimited: ' ', pipeDelimited: '|' }

/** What stands between the items of a list in a style, where nothing is percent-encoded. */
export function delimiterIn(style: string): string {
  return delimiters[style] ?? ','
}

/** The style that a form's field has its list joined in, as its encoding says; null: it repeats the name, or is nested. */
export function joiningStyle(encoding: Json | undefined): string | null {
  if (!isObject(encoding)) return null
  const { style = 'form', explode } = encoding
  if (typeof style !== 'string' || style === 'deepObject') return null
  return explode === false || Object.hasOwn(delimiters, style) ? style : null
}

import { isReference } from '../references.ts'
import type { Json, Schema } from '../types.ts'

/** Characters of an example or a default; a longer one is left out, and so is one of many parts. */
const maxValueLength = 120
const maxParts = 20

/** What a doc comment says of something, in lines that cannot end it. */
export function commentOf(...texts: (string | null | undefined | false)[]): string[] {
  const said = texts.filter((text) => typeof text === 'string' && text.trim() !== '') as string[]
  const lines = [...new Set(said)].flatMap((text) => text.trim().split(/\r\n?|\n/))
  return lines.map(harmless)
}

/** The annotations of a schema (JSON Schema Validation 9), and the format that a type cannot say. */
export function commentOfSchema(schema: Schema, instead: string | null = null): string[] {
  if (typeof schema === 'boolean') return commentOf(instead)
  const [example] = schema.examples ?? []
  const says = instead === null && !(isReference(schema) && !schema.description)
  return commentOf(
    instead,
    says && schema.title,
    says && schema.description,
    schema.deprecated === true && '@deprecated',
    schema.readOnly === true && 'Read-only: it stands in responses alone.',
    schema.writeOnly === true && 'Write-only: it stands in requests alone.',
    schema.format !== undefined && `@format ${schema.format}`,
    valueLine('default', schema.default),
    valueLine('example', example),
  )
}

function valueLine(tag: string, value: Json | undefined): string | false {
  if (value === undefined || !isSmall(value)) return false
  const text = JSON.stringify(value)
  return text.length <= maxValueLength && `@${tag} ${text}`
}

function isSmall(value: Json): boolean {
  const parts = [value]
  // A list is gone through as it grows.
  for (const part of parts) {
    if (parts.length > maxParts) return false
    if (typeof part === 'object' && part !== null) for (const each of Object.values(part)) parts.push(each)
  }
  return true
}

// Control characters, and those that turn the direction of what is shown.
const unseen = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu

function harmless(line: string): string {
  return line.replaceAll('\t', '  ').replace(unseen, '').replaceAll('*/', '*\\/').trimEnd()
}

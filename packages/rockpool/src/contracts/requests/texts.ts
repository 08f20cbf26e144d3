import { readJson } from '../source/json.ts'
import { lineAt } from '../source/origins.ts'
import type { SourceFile } from '../source/origins.ts'
import type { Json } from '../types.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Without a byte order mark; undefined: it is not UTF-8. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

/** What is wrong with text that is to be JSON, with its place; none: `value` is what it says. */
export interface JsonText {
  value: Json
  faults: string[]
}

const mostFaults = 100

/** Reads what somebody sent as JSON: a name twice in an object is a fault, and so is a number that JavaScript cannot hold. */
export function readJsonText(text: string): JsonText {
  const file: SourceFile = { name: '', text }
  const { value, faults } = readJson(file)
  const told = faults.slice(0, mostFaults).map(({ at, message }) => `${message} (${placeOf(file, at)})`)
  return { value, faults: told }
}

function placeOf(file: SourceFile, at: number): string {
  const column = at - (at === 0 ? -1 : file.text.lastIndexOf('\n', at - 1))
  return `line ${lineAt(file, at)}, column ${column}`
}

/** A text that somebody sent and that looks like JSON, not like a form or prose. */
export function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/.test(text.slice(0, 1_000)) && readJson({ name: '', text }).faults.length === 0
}

import { maxDepth, readJson } from '../source/json.ts'
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

/**
 * What JSON.parse makes of a text that says everything once and in the shortest way, as programs write it: nothing that it
 * passes over in silence is in there. It takes a fifth of the time. Undefined: the text has to be read with care.
 */
function readPlainly(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json
    return JSON.stringify(value) === text && isFlat(value, maxDepth) ? value : undefined
  } catch {
    return undefined
  }
}

/** It is nested in no more levels than that. */
function isFlat(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (levels === 0) return false
  for (const inner of Array.isArray(value) ? value : Object.values(value))
    if (!isFlat(inner, levels - 1)) return false
  return true
}

/** Reads what somebody sent as JSON: a name twice in an object is a fault, and so is a number that JavaScript cannot hold. */
export function readJsonText(text: string): JsonText {
  const plain = readPlainly(text)
  if (plain !== undefined) return { value: plain, faults: [] }
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

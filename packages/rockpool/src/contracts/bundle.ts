import { createHash } from 'node:crypto'
import { dirname, relative, resolve, sep } from 'node:path'
import type { ContractFinding } from './findings.ts'
import { canonical } from './json-equal.ts'
import { isObject, setMember } from './json-object.ts'
import { loadDocuments, maxBytes, maxFiles, readDocuments, unreadable } from './load.ts'
import type { Documents } from './load.ts'
import type { ContractReading } from './read.ts'
import { readPart, readText } from './source/text.ts'
import type { Json } from './types.ts'

/**
 * A contract as its author wrote it: texts by name. Names are relative to the folder of the main file (where others lie
 * beside that folder: to the one that holds them all), with `/` between.
 */
export interface Bundle {
  main: string
  files: Record<string, string>
}

export type LoadedBundle =
  | { ok: true; bundle: Bundle; reading: Extract<ContractReading, { ok: true }> }
  | { ok: false; findings: ContractFinding[] }

const longestName = 500

/**
 * Reads the contract in a file, as `loadContract` does, and keeps its files as they are written. Nothing is fetched.
 * Refused besides: files that are not UTF-8, for what is kept would not be what was written.
 */
export async function loadBundle(file: string): Promise<LoadedBundle> {
  const loaded = await loadDocuments(file)
  const reading = readDocuments(loaded)
  if (!reading.ok) return reading
  const garbled = loaded.garbled.map((name) => unreadable(name, 'it is not UTF-8'))
  if (garbled.length > 0) return { ok: false, findings: garbled }
  const files: Record<string, string> = {}
  const folder = commonFolder([...loaded.texts.keys()])
  const nameOf = (path: string) => relative(folder, resolve(path)).split(sep).join('/')
  for (const [path, text] of loaded.texts) setMember(files, nameOf(path), text)
  return { ok: true, bundle: { main: nameOf(file), files }, reading }
}

/** The deepest folder that all of these files are below. */
function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => resolve(dirname(path)))
  let common = folders[0]!
  while (
    folders.some((folder) => folder !== common && !folder.startsWith(common === sep ? sep : common + sep))
  )
    common = dirname(common)
  return common
}

/** Whether something that came from outside is a bundle; all that is wrong with it at once. Pure. */
export function checkBundle(value: unknown): ContractFinding[] {
  const wrong = (path: string, message: string): ContractFinding => ({ level: 'error', path, message })
  if (!isObject(value) || !isObject(value['files']) || typeof value['main'] !== 'string')
    return [wrong('(the whole)', 'must be { "main": <name>, "files": { <name>: <text> } }')]
  const { main, files, ...others } = value
  const texts = Object.entries(files)
  if (texts.length > maxFiles) return [wrong('files', `there are more than ${maxFiles}`)]
  const findings = Object.keys(others).map((name) => wrong(name.slice(0, 80), 'is not known here'))
  if (!Object.hasOwn(files, main)) findings.push(wrong('main', 'is none of the files'))
  const folders = new Set(texts.flatMap(([name]) => foldersOf(name)))
  let bytes = 0
  for (const [name, text] of texts) {
    const path = `files.${name.slice(0, 80)}`
    const fault = nameFault(name)
    if (fault !== null) findings.push(wrong(path, fault))
    else if (folders.has(name)) findings.push(wrong(path, 'is the folder of another file, too'))
    if (typeof text !== 'string' || !text.isWellFormed()) findings.push(wrong(path, 'must be a text'))
    else bytes += Buffer.byteLength(text)
  }
  if (bytes > maxBytes) findings.push(wrong('files', `are larger than ${maxBytes / 1024 / 1024} MB`))
  return findings
}

/** Why a file cannot have this name wherever it is written; null: it can. */
function nameFault(name: string): string | null {
  if (name.length === 0 || name.length > longestName) return `a name has 1 to ${longestName} characters`
  // A colon would make a drive or a URL of it.
  if (/[\p{Cc}\\:]/u.test(name) || !name.isWellFormed())
    return 'a name has no \\, no : and no control characters'
  const isPlain = name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  return isPlain
    ? null
    : 'a name leads from folder to folder, and never out of them: such as schemas/order.yaml'
}

function foldersOf(name: string): string[] {
  const parts = name.split('/')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** The contract in a bundle. Never throws for what is in it. @param options as of `documentsOf` */
export function readBundle(bundle: Bundle, options: { folder?: string } = {}): ContractReading {
  return readDocuments(documentsOf(bundle, options))
}

/**
 * What is in a bundle, before it is understood.
 * @param options `folder`: stands before the names in findings and origins
 */
export function documentsOf(bundle: Bundle, { folder }: { folder?: string } = {}): Documents {
  const named = (name: string) => (folder === undefined ? name : `${folder}/${name}`)
  const findings = checkBundle(bundle)
  const files = new Map<string, Json>()
  for (const [name, text] of findings.length > 0 ? [] : Object.entries(bundle.files)) {
    const read = name === bundle.main ? readText(text, named(name)) : readPart(text, named(name))
    findings.push(...read.findings)
    files.set(named(name), read.value)
  }
  return { file: named(bundle.main), files, absent: new Map(), findings }
}

/** The text that an address is of, and that is stored: JSON with its members in order. */
export function textOfBundle({ main, files }: Bundle): string {
  return canonical({ main, files })
}

/** `sha256:` and the hash of all contents: the same contents have the same address, whoever wrote them when. */
export function addressOf(bundle: Bundle): string {
  return addressOfText(textOfBundle(bundle))
}

export function addressOfText(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

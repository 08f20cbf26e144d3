import { isUtf8 } from 'node:buffer'
import { readFile, realpath, stat } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { messageOf } from '../kernel/light.ts'
import { isApiBuilder } from './apibuilder/index.ts'
import { urisOfImports } from './apibuilder/imports.ts'
import type { ContractFinding } from './findings.ts'
import { isObject } from './json-object.ts'
import { fileOfReference, isUrl } from './openapi/documents.ts'
import { readValue } from './read.ts'
import type { ContractReading, ReadOptions } from './read.ts'
import type { FetchText } from './remote/fetch-text.ts'
import { adviceFor } from './remote/origins.ts'
import { maxFileBytes, readPart, readText } from './source/text.ts'
import type { Json } from './types.ts'

/** Files of one document, and bytes of all of them. */
export const maxFiles = 1_000
export const maxBytes = 4 * maxFileBytes

export interface LoadOptions extends ReadOptions {
  /** Fetches what references and imports lead to in the network, and the document itself. Without it nothing is fetched. */
  fetchText?: FetchText
}

/** A document and the files that it leads to, as values, by their names. */
export interface Documents {
  file: string
  files: ReadonlyMap<string, Json>
  /** Why what is somewhere in the network could not be had, by URL, and what is on this machine, by its name. */
  absent: ReadonlyMap<string, string>
  /** What keeps them from being read. */
  findings: ContractFinding[]
}

/** The same, with what they were read from. */
export interface LoadedDocuments extends Documents {
  texts: ReadonlyMap<string, string>
  /** Names of those that are not UTF-8: what was read of them is not what stands in them. */
  garbled: readonly string[]
}

/**
 * Reads the contract in a file, or at a URL, with the files that it leads to: those below its own folder, or below the
 * working directory, and what `fetchText` gives. Never throws for what is in them, or for a file that is not there.
 */
export async function loadContract(file: string, options: LoadOptions = {}): Promise<ContractReading> {
  return readDocuments(await loadDocuments(file, options), options)
}

/** The contract in what was loaded. */
export function readDocuments(
  { file, files, absent, findings }: Documents,
  options: ReadOptions = {},
): ContractReading {
  if (findings.length > 0) return { ok: false, findings }
  return readValue(files.get(file) ?? null, file, { files, absent }, options)
}

/** The texts of `loadContract`, as values that know their places, before they are understood. Never throws. */
export async function loadDocuments(file: string, options: LoadOptions = {}): Promise<LoadedDocuments> {
  const texts = new Map<string, string>()
  const files = new Map<string, Json>()
  const garbled: string[] = []
  const findings: ContractFinding[] = []
  const folders = await Promise.all([resolve(file, '..'), process.cwd()].map(realOf))
  const absent = new Map<string, string>()
  const wanted = new Set([file])
  let bytes = 0
  for (const name of wanted) {
    if (wanted.size > maxFiles) {
      findings.push(unreadable(file, `it is spread over more than ${maxFiles} files`))
      break
    }
    try {
      const content = isUrl(name)
        ? await fetchOne(name, options)
        : await readOne(name, folders, maxBytes - bytes)
      if (content === undefined) {
        if (name === file) findings.push(unreadable(file, isUrl(file) ? adviceFor(file) : linked))
        else if (!isUrl(name)) absent.set(name, outside)
        continue
      }
      bytes += content.length
      if (!isUtf8(content)) garbled.push(name)
      const text = content.toString()
      const read = name === file ? readText(text, name) : readPart(text, name)
      findings.push(...read.findings)
      texts.set(name, text)
      files.set(name, read.value)
      for (const other of referencedBy(read.value, name)) wanted.add(other)
    } catch (error) {
      // Of another file whoever leads to it will say that it cannot be read.
      if (name === file) findings.push(unreadable(file, `cannot be read: ${messageOf(error)}`))
      else if (isUrl(name)) absent.set(name, messageOf(error))
    }
  }
  return { file, texts, files, absent, garbled, findings }
}

const linked = 'it is a link that leads out of its folder: name the file itself'
const outside =
  'it stands neither below the folder of the document nor below the working directory; go to a folder above both'

/** Undefined: it is none of those that may be read. */
async function readOne(name: string, folders: readonly string[], left: number): Promise<Buffer | undefined> {
  // A link may lead elsewhere.
  const path = await realpath(name)
  if (!folders.some((folder) => isBelow(folder, path))) return undefined
  const { size } = await stat(name)
  if (size > Math.min(maxFileBytes, left))
    throw new Error(`it is larger than ${maxFileBytes / 1024 / 1024} MB`)
  return readFile(name)
}

async function fetchOne(url: string, { fetchText }: LoadOptions): Promise<Buffer | undefined> {
  const text = await fetchText?.(url)
  return text === undefined ? undefined : Buffer.from(text)
}

/** The folder itself where it is a link to another one; one that is not there is as good as any. */
const realOf = (folder: string) => realpath(folder).catch(() => folder)

function isBelow(folder: string, file: string): boolean {
  const path = relative(folder, file)
  return !path.startsWith('..') && !path.startsWith('/')
}

/** Names of the other files that its references and its imports lead to. */
function referencedBy(value: Json, file: string): Set<string> {
  const names = new Set<string>()
  if (isObject(value) && isApiBuilder(value))
    for (const uri of urisOfImports(value)) if (isUrl(uri)) names.add(uri)
  const seen = new Set<object>()
  const open: Json[] = [value]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (typeof at !== 'object' || at === null || seen.has(at)) continue
    seen.add(at)
    if (isObject(at) && typeof at['$ref'] === 'string' && !at['$ref'].startsWith('#')) {
      const name = fileOfReference(at['$ref'], file)
      if (name !== null) names.add(name)
    }
    for (const inner of Object.values(at)) if (typeof inner === 'object') open.push(inner)
  }
  return names
}

export function unreadable(file: string, message: string): ContractFinding {
  return { level: 'error', path: '(the whole)', message, file }
}

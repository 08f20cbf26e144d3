import { readFile, realpath, stat } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { messageOf } from '../kernel/index.ts'
import type { ContractFinding } from './findings.ts'
import { isObject } from './json-object.ts'
import { fileOfReference, isUrl } from './openapi/documents.ts'
import { readValue } from './read.ts'
import type { ContractReading } from './read.ts'
import { maxFileBytes, readText } from './source/text.ts'
import type { Json } from './types.ts'

/** Files of one document, and bytes of all of them. */
const maxFiles = 1_000
const maxBytes = 4 * maxFileBytes

export interface LoadOptions {
  /** Fetches what a reference leads to in the network. Without it nothing is fetched. */
  fetchText?: (url: string) => Promise<string>
}

/**
 * Reads the contract in a file, with the files beside it that it leads to: those below its own folder, or below the working
 * directory. Never throws for what is in them, or for a file that is not there.
 */
export async function loadContract(file: string, options: LoadOptions = {}): Promise<ContractReading> {
  const files = new Map<string, Json>()
  const findings: ContractFinding[] = []
  const folders = await Promise.all([resolve(file, '..'), process.cwd()].map(realOf))
  const wanted = [file]
  let bytes = 0
  for (const name of wanted) {
    if (wanted.length > maxFiles) {
      findings.push(unreadable(file, `it is spread over more than ${maxFiles} files`))
      break
    }
    try {
      const text = isUrl(name)
        ? await fetchOne(name, options)
        : await readOne(name, folders, maxBytes - bytes)
      if (text === undefined) continue
      bytes += Buffer.byteLength(text)
      const read = readText(text, name)
      findings.push(...read.findings)
      files.set(name, read.value)
      for (const other of referencedBy(read.value, name)) if (!wanted.includes(other)) wanted.push(other)
    } catch (error) {
      // Of another file whoever leads to it will say that it cannot be read.
      if (name === file) findings.push(unreadable(file, `cannot be read: ${messageOf(error)}`))
    }
  }
  if (findings.length > 0) return { ok: false, findings }
  return readValue(files.get(file) ?? null, file, files)
}

/** Undefined: it is none of those that may be read. */
async function readOne(name: string, folders: readonly string[], left: number): Promise<string | undefined> {
  // A link may lead elsewhere.
  const path = await realpath(name)
  if (!folders.some((folder) => isBelow(folder, path))) return undefined
  const { size } = await stat(name)
  if (size > Math.min(maxFileBytes, left))
    throw new Error(`it is larger than ${maxFileBytes / 1024 / 1024} MB`)
  return readFile(name, 'utf8')
}

async function fetchOne(url: string, { fetchText }: LoadOptions): Promise<string | undefined> {
  return fetchText?.(url)
}

/** The folder itself where it is a link to another one; one that is not there is as good as any. */
const realOf = (folder: string) => realpath(folder).catch(() => folder)

function isBelow(folder: string, file: string): boolean {
  const path = relative(folder, file)
  return !path.startsWith('..') && !path.startsWith('/')
}

/** Names of the other files that its references lead to. */
function referencedBy(value: Json, file: string): Set<string> {
  const names = new Set<string>()
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

function unreadable(file: string, message: string): ContractFinding {
  return { level: 'error', path: '(the whole)', message, file }
}

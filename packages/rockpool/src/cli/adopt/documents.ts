import { open, opendir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { loadRoutes } from '../../gateway/index.ts'
import type { RouteReading } from '../../gateway/index.ts'
import { serversOf } from './document.ts'

/*
 * What a folder has that a configuration can be written from: contracts, and scripts of a package.json. The walk
 * is bounded in depth, entries and time, and leaves out what others have put there.
 */

/** A contract that can be routed by. */
export interface FoundDocument extends Pick<Extract<RouteReading, { ok: true }>, 'contract' | 'operations'> {
  file: string
  /** Absolute URLs of its `servers`, variables at their defaults. */
  servers: string[]
}

export interface Found {
  documents: FoundDocument[]
  /** Documents that cannot be used, with why. */
  unusable: { file: string; reason: string }[]
  /** Names of scripts of the folder's own package.json. */
  scripts: string[]
  /** The walk came to a bound before the end: what was looked at, in words. */
  bounded: string | null
}

const bounds = { depth: 6, entries: 20_000, documents: 20, ms: 5_000 }
const leftOut = new Set(
  'node_modules dist build out target vendor venv __pycache__ coverage bower_components tmp'.split(' '),
)

export async function findDocuments(folder: string): Promise<Found> {
  const { files, bounded } = await walk(folder)
  const documents: FoundDocument[] = []
  const unusable: Found['unusable'] = []
  for (const file of files) {
    if (documents.length + unusable.length >= bounds.documents || !(await looksLikeContract(file))) continue
    const read = await readOne(file)
    if ('reason' in read) unusable.push(read)
    else documents.push(read)
  }
  return { documents, unusable, scripts: await scriptsOf(folder), bounded }
}

/** The contract in a file, or why it cannot be used. */
export async function readOne(file: string): Promise<FoundDocument | { file: string; reason: string }> {
  const reading = await loadRoutes(file, { foreign: true })
  if (reading.ok) {
    const { contract, operations } = reading
    return { file, contract, operations, servers: serversOf(contract) }
  }
  const [first, ...more] = reading.findings
  const others = more.length > 0 ? `, and ${more.length} more` : ''
  return { file, reason: `${first?.path}: ${first?.message}${others}` }
}

/** Those nearest to the folder first. */
async function walk(folder: string): Promise<{ files: string[]; bounded: string | null }> {
  const until = performance.now() + bounds.ms
  const files: string[] = []
  let level = [folder]
  let seen = 0
  for (let depth = 0; depth <= bounds.depth && level.length > 0; depth++) {
    const below: string[] = []
    for (const place of level.toSorted()) {
      const entries = await opendir(place).catch(() => undefined)
      if (!entries) continue
      for await (const entry of entries) {
        if (++seen > bounds.entries || performance.now() > until)
          return {
            files,
            bounded: `the first ${seen - 1} entries of ${relative('', folder) || 'this folder'}`,
          }
        const path = join(place, entry.name)
        if (entry.isDirectory() && !entry.name.startsWith('.') && !leftOut.has(entry.name)) below.push(path)
        else if (entry.isFile() && /\.(ya?ml|json)$/i.test(entry.name)) files.push(path)
      }
    }
    level = below
  }
  return { files, bounded: level.length > 0 ? `${bounds.depth} folders deep` : null }
}

// A line of YAML or of JSON, or JSON on one line; API Builder says which version of itself wrote a document.
const opening =
  /(^|\n)[ \t{]*["']?(openapi|swagger)["']?[ \t]*:|"(openapi|swagger)"[ \t]*:[ \t]*"[23]\.|"(apidoc|apibuilder)"[ \t]*:[ \t\n]*\{[^{}]{0,100}"version"/

/** By its beginning: reading every JSON of a repository whole would take too long. */
async function looksLikeContract(file: string): Promise<boolean> {
  const handle = await open(file).catch(() => undefined)
  if (!handle) return false
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(16_384), 0, 16_384, 0)
    return opening.test(buffer.toString('utf8', 0, bytesRead))
  } finally {
    await handle.close()
  }
}

async function scriptsOf(folder: string): Promise<string[]> {
  try {
    const { scripts } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      scripts?: Record<string, unknown>
    }
    return Object.entries(scripts ?? {}).flatMap(([name, text]) => (typeof text === 'string' ? [name] : []))
  } catch {
    return []
  }
}

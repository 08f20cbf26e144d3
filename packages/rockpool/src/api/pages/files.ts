import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** A file as it is sent, in each encoding that is smaller than the file. */
export interface PageFile {
  type: string
  /** Of its content: part of its ETag. */
  hash: string
  encodings: ReadonlyMap<Encoding, Buffer>
}

export const encodings = ['br', 'gzip', 'identity'] as const
export type Encoding = (typeof encodings)[number]

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}
const compressible = /^text\/|json|svg/
/** Smaller ones fit into one packet as they are. */
const smallest = 1_000

/**
 * Reads all files of a folder into memory, by their path in a URL, such as `/assets/index-4f2a.js`. What lies outside
 * cannot be asked for: a request looks into this map, and touches no disk. `x.js.br` and `x.js.gz` are taken as the
 * encodings of `x.js`; without them it is compressed here, once.
 */
export async function readPageFiles(folder: string): Promise<Map<string, PageFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  // A symbolic link is no file here: it could lead outside.
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  const known = new Set(paths)
  const sources = paths.filter(
    (path) => !known.has(path.replace(/\.(?:br|gz)$/, '')) || !/\.(?:br|gz)$/.test(path),
  )
  const files = await Promise.all(
    sources.map(async (path) => {
      const url = `/${path.slice(folder.length).split(/[\\/]/).filter(Boolean).join('/')}`
      return [url, await readPageFile(path, known)] as const
    }),
  )
  return new Map(files)
}

async function readPageFile(path: string, known: ReadonlySet<string>): Promise<PageFile> {
  const content = await readFile(path)
  const type = types[extname(path)] ?? 'application/octet-stream'
  const variants = new Map<Encoding, Buffer>([['identity', content]])
  if (compressible.test(type) && content.length >= smallest) {
    const compress = {
      br: () => (known.has(`${path}.br`) ? readFile(`${path}.br`) : brotli(content)),
      gzip: () => (known.has(`${path}.gz`) ? readFile(`${path}.gz`) : promisify(gzip)(content, { level: 9 })),
    }
    for (const encoding of ['br', 'gzip'] as const) {
      const compressed = await compress[encoding]()
      if (compressed.length < content.length) variants.set(encoding, compressed)
    }
  }
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 22)
  return { type, hash, encodings: variants }
}

function brotli(content: Buffer): Promise<Buffer> {
  // The highest quality takes seconds for a megabyte; this one is within a few percent of it.
  return promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } })
}

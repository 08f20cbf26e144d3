import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { OutgoingHttpHeaders, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageOf, Problem } from '../../kernel/index.ts'
import type { Log } from '../../kernel/index.ts'
import type { ArtifactLinks } from './links.ts'
import { artifactTypeOf } from './names.ts'
import type { ArtifactStore } from './store.ts'

/*
 * Playwright's trace viewer, on an origin of its own: its scripts show documents that a check's pages were made of, and
 * must not stand where the dashboard's session is. It serves GET alone, the viewer's own files alone, and a trace to who
 * has its signed link; trace and viewer share the origin, so no other origin may read anything here.
 */

export interface TraceViewer {
  /** Address of the viewer with this trace. `reached`: `Host` by which whoever asks reached control. */
  linkTo(run: string, name: string, reached?: string | null): { url: string; endsAt: string }
  close(): Promise<void>
}

export interface TraceViewerOptions {
  artifacts: Pick<ArtifactStore, 'get'>
  links: ArtifactLinks
  log: Log
  host: string
  /** Host names, without port, under which it is reached besides loopback. */
  hosts?: readonly string[]
  /** Default: any free one. */
  port?: number
}

export async function startTraceViewer(options: TraceViewerOptions): Promise<TraceViewer> {
  const { artifacts, links, log, host, hosts = [], port = 0 } = options
  const files = await readViewer()
  const served = new Set(['127.0.0.1', 'localhost', '[::1]', ...hosts])
  const server = createServer((request, response) => {
    const answer = (status: number, headers: OutgoingHttpHeaders, body: Uint8Array | string) => {
      response.writeHead(status, { ...common, 'content-length': Buffer.byteLength(body), ...headers })
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    const refuse = (status: number, text: string, headers: OutgoingHttpHeaders = {}) =>
      answer(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }, `${text}\n`)
    if (!served.has(nameOf(request.headers.host))) return refuse(403, 'this host name is not served here')
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(405, 'only GET is served here', { allow: 'GET, HEAD' })
    const path = (request.url ?? '/').split('?')[0]!
    const file = files.get(path === '/' ? '/index.html' : path)
    if (file) return answer(200, file.headers, file.content)
    const named = links.verify(path)
    if (!named) return refuse(404, 'there is nothing here, or the link is over: ask for a new one')
    artifacts.get(named.run, named.name).then(
      (content) => answer(200, { 'content-type': artifactTypeOf(named.name) }, content),
      (error: unknown) => {
        if (error instanceof Problem) return refuse(error.status, error.detail)
        log.error({ error: messageOf(error) }, 'a trace could not be read')
        refuse(500, 'the trace cannot be read')
      },
    )
  })
  await listen(server, host, port)
  const { port: used } = server.address() as AddressInfo
  // Listening on all addresses is no name: there it is the one by which the caller came, if that is served.
  const originFor = (reached: string) => {
    const own = host.includes(':') ? `[${host}]` : host
    const name = !isEverywhere(host) ? own : served.has(reached) ? reached : 'localhost'
    return `http://${name}:${used}`
  }
  return {
    linkTo(run, name, reached) {
      const { path, endsAt } = links.sign(run, name)
      const origin = originFor(nameOf(reached))
      return { url: `${origin}/index.html?trace=${encodeURIComponent(`${origin}${path}`)}`, endsAt }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const isEverywhere = (host: string) => host === '0.0.0.0' || /^[0:]+$/.test(host)

/** Host name of a `Host` header, without its port. */
function nameOf(header: string | null | undefined): string {
  return (header ?? '').toLowerCase().replace(/:\d+$/, '')
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

const common: OutgoingHttpHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

interface ViewerFile {
  content: Buffer
  headers: OutgoingHttpHeaders
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.webmanifest': 'application/manifest+json',
}

/** The viewer's files by path, read once: nothing that a request says becomes a path on the disk. */
async function readViewer(): Promise<Map<string, ViewerFile>> {
  const folder = fileURLToPath(
    new URL('lib/vite/traceViewer/', import.meta.resolve('playwright-core/package.json')),
  )
  const files = new Map<string, ViewerFile>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const type = types[extname(entry.name)]
    if (!entry.isFile() || !type) continue
    const path = join(entry.parentPath, entry.name)
    const content = await readFile(path)
    const headers = {
      'content-type': type,
      ...(type.startsWith('text/html') ? { 'content-security-policy': policyFor(content.toString()) } : {}),
    }
    files.set(`/${relative(folder, path).split(sep).join('/')}`, { content, headers })
  }
  return files
}

/** No script but its own, and its few inline ones by their hash; its editor writes style elements. */
function policyFor(html: string): string {
  const inline = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
  return [
    "default-src 'none'",
    `script-src 'self' ${inline.join(' ')}`.trim(),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' data: blob:",
    "worker-src 'self'",
    "frame-src 'self' data:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readPageFiles, type PageFile } from './files.ts'
import { chooseEncoding, wantsPage } from './negotiate.ts'

/*
 * The pages: static files, served beside the operations.
 *
 *   GET, HEAD ─┬─ a file of the build           /assets/index-4f2a.js        the file; kept by browsers for a year
 *              ├─ Accept: text/html             /runs/run_…                  index.html, which reads the path itself
 *              └─ anything else                 /runs/run_…                  the operation
 */

/** Nothing from elsewhere, nothing inline, in no frame. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ')

const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
}

export interface Pages {
  /** The page or the file that is asked for; undefined when it is an operation that is. */
  answer(request: Request): Promise<Response | undefined>
}

/** Where the build puts them: beside the sources of the dashboard, or into the published package. */
export const builtPages = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../../../dashboard/dist/' : '../../dashboard/',
    import.meta.url,
  ),
)

/** Serves the files of a folder from memory; they are read again when the folder was built anew. */
export function createPages(folder: string): Pages {
  const root = resolve(folder)
  let known: { built: number; files: Promise<Map<string, PageFile>> } | undefined

  const current = async (): Promise<Map<string, PageFile>> => {
    const built = await stat(join(root, 'index.html')).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    )
    if (known?.built !== built) {
      // In the middle of a build a file may go away: then they are read again with the next request.
      const files = built === 0 ? Promise.resolve(new Map<string, PageFile>()) : readPageFiles(root)
      known = { built, files }
      files.catch(() => (known = undefined))
    }
    return known.files
  }

  return {
    async answer(request) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return undefined
      const { pathname } = new URL(request.url)
      const page = wantsPage(pathname, request.headers.get('accept'))
      // What is no page and has no name of a file is asked of the operations, without a look at the disk.
      if (!page && !/\.[a-z0-9]+$/.test(pathname)) return undefined
      const files = await current().catch(() => new Map<string, PageFile>())
      const file = files.get(pathname)
      if (file && pathname !== '/index.html') return send(request, pathname, file)
      if (!page) return undefined
      const index = files.get('/index.html')
      return index ? send(request, '/index.html', index) : notBuilt()
    },
  }
}

function send(request: Request, path: string, file: PageFile): Response {
  const encoding = chooseEncoding(request.headers.get('accept-encoding'), new Set(file.encodings.keys()))
  const content = file.encodings.get(encoding)!
  const headers = new Headers({
    ...securityHeaders,
    etag: `"${file.hash}-${encoding}"`,
    // A page shares its path with an operation: only its headers tell which of the two an answer is.
    vary: path === '/index.html' ? 'accept, accept-encoding' : 'accept-encoding',
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
  if (isKnown(request.headers.get('if-none-match'), headers.get('etag')!)) {
    return new Response(null, { status: 304, headers })
  }
  headers.set('content-type', file.type)
  headers.set('content-length', String(content.length))
  if (encoding !== 'identity') headers.set('content-encoding', encoding)
  return new Response(request.method === 'HEAD' ? null : (content as Uint8Array<ArrayBuffer>), { headers })
}

const isKnown = (header: string | null, etag: string): boolean =>
  (header ?? '').split(',').some((each) => each.trim().replace(/^W\//, '') === etag)

function notBuilt(): Response {
  const text = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Rockpool</title></head><body>
<h1>The pages are not built yet</h1>
<p>Build them once, and open this address again:</p>
<pre>npm run build</pre>
<p>Everything else works without them, such as <code>rockpool status</code> and <code>curl</code> of this address.</p>
</body></html>
`
  const headers = {
    ...securityHeaders,
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
  }
  return new Response(text, { status: 503, headers })
}

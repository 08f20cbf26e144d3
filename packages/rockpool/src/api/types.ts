import type { Hono } from 'hono'
import type { Clock, Database, Handled, Log } from '../kernel/index.ts'
import type { Organizations } from '../organizations/index.ts'
import type { LiveOptions } from './live/live.ts'

/*
 * Vocabulary
 *
 * control API       the parts' operations over HTTP, for members, for our own CLI, and for a parent's sandbox key
 * internal routes   what Rockpool's own processes call; not in the OpenAPI document; each needs a role token
 * role token        what a process of Rockpool shows to be the gateway, the relay, … of this installation
 * open routes       what answers without a credential, such as the status in plain text
 * pages             the dashboard: static files; whoever navigates (`Accept: text/html`) gets them, at the operations' paths
 *
 *   request ─► id, log ─► host ─┬─► /.well-known/jwks.json, /openapi.json, pages, open    (nobody is asked who they are)
 *                               ├─► internal routes ─► role token ─► a part's own routes
 *                               └─► operation ─► credential ─► scope, bounds ─► input (all findings) ─► handler ─► answer
 *                                      404 405       401            403            400 413 415 422
 */

/** Routes of one part for processes of Rockpool itself. */
export interface InternalRoutes {
  /** For example `/internal/gateway`; the part's own paths are below it. */
  prefix: `/internal/${string}`
  /** The roles that may call them. */
  roles: readonly string[]
  /** A body larger than this is refused; default 8 MB. */
  maxBodyBytes?: number
  /** Puts the routes on; a thrown Problem becomes its document. */
  mount(routes: Hono): void
}

export interface ApiOptions {
  /** Of all parts, each mounted once. */
  operations: readonly Handled[]
  organizations: Organizations
  /** Where changes are heard of, for /live; without it there is none. */
  database?: Pick<Database, 'listen'>
  live?: Pick<LiveOptions, 'beatMs' | 'gatherMs' | 'most'>
  clock: Clock
  log: Log
  /** Of Rockpool, for the OpenAPI document. */
  version: string
  /** Host names, without port, under which it is reached besides loopback. */
  hosts?: readonly string[]
  /** Those under which it is reached by configuration: they tell where TLS stands in front. Default: http, at its own hosts. */
  origins?: readonly string[]
  internal?: readonly InternalRoutes[]
  /** Role → its token. */
  roleTokens?: Readonly<Record<string, string>>
  /** Puts on routes that need no credential. */
  open?: (routes: Hono) => void
  /** Folder of the built pages; without it there are none. */
  pagesFolder?: string
}

export interface ApiServer {
  url: string
  port: number
  /** Answers what is under way for at most 2 s, then closes every connection. */
  close(): Promise<void>
}

export interface Api {
  /** The OpenAPI 3.1 document of all operations. */
  readonly document: Record<string, unknown>
  /** Answers one request; for tests and for other servers. */
  fetch(request: Request): Promise<Response>
  /** Serves HTTP. `port` 0: any free one. Rejects when the port is taken. */
  listen(options: { host?: string; port: number }): Promise<ApiServer>
}

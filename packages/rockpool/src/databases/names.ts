import { problem } from '../kernel/index.ts'

/** The names of one service's database and roles. */
export interface ServiceNames {
  database: string
  owner: string
  runtime: string
}

/** The names of the roles that reach into all services' databases. */
export interface SharedNames {
  relay: string
  counter: string
}

/** The names of Rockpool's own database and of the role that owns it. */
export function ownNames(prefix = ''): { database: string; state: string } {
  return { database: `${prefix}rockpool`, state: `${prefix}rockpool_state` }
}

const servicePattern = /^[a-z][a-z0-9-]{0,40}$/
const prefixPattern = /^([a-z][a-z0-9_]{0,7})?$/

/**
 * The names that a service's database and roles have. With the longest service name and prefix they stay within the 63
 * bytes of an identifier; `-` becomes `_`, which service names do not have, so no two services share a name.
 * @param prefix sets apart several installations on one server; at most 8 characters
 */
export function namesOf(service: string, prefix = ''): ServiceNames {
  if (!servicePattern.test(service)) {
    throw problem('invalid_input', `“${service}” is no name for a service with a database`)
  }
  if (!prefixPattern.test(prefix))
    throw problem('invalid_input', `“${prefix}” is no prefix for database roles`)
  const database = `${prefix}svc_${service.replaceAll('-', '_')}`
  return { database, owner: `${database}_owner`, runtime: `${database}_runtime` }
}

export function sharedNames(prefix = ''): SharedNames {
  return { relay: `${prefix}rockpool_relay`, counter: `${prefix}rockpool_counter` }
}

/** The admin's URL for another role and database; host, port and settings such as sslmode stay. */
export function urlFor(
  adminUrl: string,
  login: { role: string; password: string; database: string },
): string {
  const url = new URL(adminUrl)
  url.username = encodeURIComponent(login.role)
  url.password = encodeURIComponent(login.password)
  url.pathname = `/${encodeURIComponent(login.database)}`
  return url.href
}

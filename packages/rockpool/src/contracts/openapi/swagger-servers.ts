import { standsWhere } from '../source/origins.ts'
import type { Server } from '../types.ts'
import { textOf, textsOf } from './context.ts'
import type { Context } from './context.ts'
import { isUrl } from './documents.ts'

/** `schemes`, `host` and `basePath` of OpenAPI 2.0 as the servers that they are. */
export function readServers(context: Context): Server[] {
  const { root, findings } = context
  const made = (url: string): Server =>
    standsWhere({ url, description: null, variables: {}, extensions: {} }, root)
  const basePath = readBasePath(context)
  const { scheme, host, path } = readHost(context)
  if (isUrl(basePath)) return [made(basePath)]
  if (host === '') return basePath === '' ? [] : [made(basePath)]
  const schemes = textsOf(root, 'schemes', findings)
  return (schemes.length === 0 ? [scheme] : schemes).map((one) => made(`${one}://${host}${path}${basePath}`))
}

const hostForm = /^(?:(?:([a-z][a-z\d+.-]*):)?\/\/)?([^/]*)(.*)$/is

/** Some write a URL. */
function readHost({ root, findings }: Context): { scheme: string; host: string; path: string } {
  const given = textOf(root, 'host', findings)?.trim() ?? ''
  const [, scheme = 'https', host = '', rest = ''] = hostForm.exec(given) ?? []
  const path = withoutSlash(rest)
  if (host !== given)
    findings.warning(root, `host is a name and a port alone: here it is taken for ${host}${path}`, 'host')
  return { scheme, host, path }
}

/** Without a slash at its end: paths begin with one. */
function readBasePath({ root, findings }: Context): string {
  const given = withoutSlash(textOf(root, 'basePath', findings)?.trim() ?? '')
  if (given === '' || given.startsWith('/')) return given
  if (isUrl(given)) findings.warning(root, 'basePath is a path: the host stands in “host”', 'basePath')
  else findings.warning(root, `basePath must begin with /: it is taken for /${given}`, 'basePath')
  return isUrl(given) ? given : `/${given}`
}

const withoutSlash = (path: string): string => path.replace(/\/+$/, '')

import createOpenApiClient from 'openapi-fetch'
import { call } from './call.ts'
import type { Parts } from './call.ts'
import { ClientError } from './errors.ts'
import { readOptions } from './options.ts'
import { pagesOf } from './pages.ts'
import type { Client, CreateOptions, LooseInit, NoNotes, OperationNotes, PageOptions } from './types.ts'
import { unwrap } from './unwrap.ts'

/**
 * A client for the paths of one contract (`rockpool contract types`), over openapi-fetch.
 * @throws ClientError `invalid_options`: everything that is wrong with the options, such as an environment that is not named
 */
export function createClient<Paths extends object, Notes extends OperationNotes = NoNotes>(
  options: CreateOptions<Notes> & { organization: string },
): Client<Paths, Notes, 'organization'>
export function createClient<Paths extends object, Notes extends OperationNotes = NoNotes>(
  options: CreateOptions<Notes>,
): Client<Paths, Notes>
export function createClient(options: CreateOptions<OperationNotes>): unknown {
  const settings = readOptions(options)
  // Redirects are seen here, and not followed (attempts.ts).
  const core = createOpenApiClient<Record<string, never>>({
    baseUrl: settings.baseUrl,
    redirect: 'manual',
  })
  const given: Record<string, string> = {}
  if (options.organization !== undefined) given['organization'] = options.organization
  return clientOf({ settings, options, core, given })
}

const methods = ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE'] as const

function clientOf(parts: Parts): unknown {
  const { core, settings, options, given } = parts
  const request = (method: string, path: string, init?: LooseInit) =>
    call(parts, method.toUpperCase(), path, init ?? {})
  return {
    environment: settings.environment,
    request,
    ...Object.fromEntries(
      methods.map((method) => [method, (path: string, init?: LooseInit) => request(method, path, init)]),
    ),
    use: core.use,
    eject: core.eject,
    organization: (slug: string) => clientOf({ ...parts, given: { ...given, organization: slug } }),
    pages: (path: string, init: LooseInit = {}, paging: PageOptions = {}) => {
      const note = options.operations?.[`GET ${path}`]
      if (note?.pages === undefined)
        throw new ClientError('invalid_input', `nothing is known of the pages of GET ${path}`)
      const read = async (one: LooseInit) => unwrap(await request('GET', path, one), note.id)
      return pagesOf({ read, pagination: note.pages, operation: note.id, init, paging })
    },
  }
}

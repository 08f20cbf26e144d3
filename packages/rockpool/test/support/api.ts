import { request as httpRequest } from 'node:http'
import { createApi, type ApiOptions, type ApiServer } from '../../src/api/index.ts'
import { silentLog, systemClock, type Scope } from '../../src/kernel/index.ts'
import { organizationsOperations, scopesOfRole, type Role } from '../../src/organizations/index.ts'
import { startOrganizations, type TestOrganizations } from './organizations.ts'

export interface TestApi extends TestOrganizations {
  server: ApiServer
  /** A control credential of the whole installation. */
  control(scopes: readonly Scope[]): Promise<string>
  /** A control credential of a new member. */
  memberOf(organization: string, role: Role): Promise<string>
}

/** The control API on a free port, with the organizations' operations and those given. */
export async function startApi(
  options: Partial<ApiOptions> & { settled?: () => Promise<void> } = {},
): Promise<TestApi> {
  const clock = options.clock ?? systemClock
  const t = await startOrganizations(clock)
  const { organizations } = t
  const settled = options.settled ?? (async () => {})
  const operations = [
    ...organizationsOperations({ organizations, clock, settled }),
    ...(options.operations ?? []),
  ]
  const log = options.log ?? silentLog
  const api = createApi({
    organizations,
    database: t.database,
    version: '0.0.0',
    ...options,
    clock,
    log,
    operations,
  })
  const server = await api.listen({ port: 0 })
  const control = { kind: 'control', allows: { none: true }, actor: 'member' } as const
  let members = 0
  return {
    ...t,
    server,
    async control(scopes) {
      return (await organizations.createCredential(null, { ...control, scopes })).text
    },
    async memberOf(organization, role) {
      const { id } = await organizations.addMember({ organization, role, email: `m${++members}@example.org` })
      const endsAt = new Date(clock.now() + 60_000)
      const scopes = scopesOfRole[role]
      const input = { ...control, organization, member: id, scopes, endsAt }
      return (await organizations.createCredential(null, input)).text
    },
    async close() {
      await server.close()
      await t.close()
    },
  }
}

export interface Answer {
  status: number
  headers: Record<string, string>
  /** Parsed, when it is JSON. */
  body: Record<string, unknown> & { code?: string; findings?: { path: string; message: string }[] }
}

/** One request as written: unlike fetch, it sends any Host, any path and any body. */
export function send(
  { port }: ApiServer,
  method: string,
  path: string,
  options: {
    credential?: string
    headers?: Record<string, string>
    body?: unknown
    raw?: string | Buffer
  } = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const raw = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body))
  const request = httpRequest(
    {
      host: '127.0.0.1',
      port,
      method,
      path,
      agent: false,
      headers: {
        ...(options.credential ? { authorization: `Bearer ${options.credential}` } : {}),
        ...(raw === undefined ? {} : { 'content-type': 'application/json' }),
        // Node announces no length for the body of a DELETE by itself.
        ...(raw === undefined || options.headers?.['transfer-encoding']
          ? {}
          : { 'content-length': String(Buffer.byteLength(raw)) }),
        ...options.headers,
      },
    },
    (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const json = /json/.test(response.headers['content-type'] ?? '')
        const headers = response.headers as Record<string, string>
        resolve({
          status: response.statusCode ?? 0,
          headers,
          body: text && json ? JSON.parse(text) : { text },
        })
      })
    },
  )
  request.on('error', reject)
  request.end(raw)
  return promise
}

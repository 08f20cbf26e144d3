import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { createClient, unwrap } from '@rockpool/client'
import type { paths } from '@rockpool/client/control'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startApi, type TestApi } from '../../../test/support/api.ts'
import { refusal } from '../../../test/support/organizations.ts'
import { freePort } from '../../kernel/index.ts'
import { organizationsApi as ops } from '../../organizations/index.ts'
import { createAsk } from './ask.ts'
import type { AskOptions } from './ask.ts'
import { createControlClient } from './control.ts'
import { createOperationClient } from './operations.ts'

let t: TestApi
beforeAll(async () => {
  t = await startApi()
})
afterAll(() => t.close())

const clientOf = (options: AskOptions) => createControlClient(createAsk(options))

/** A server on a port of its own; its origin. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a call has the types and the path of its route, and answers what the server answers', async () => {
  const client = clientOf({ url: t.server.url, credential: await t.control(['read', 'admin']) })
  const made = await client.call('POST /organizations', {
    body: { slug: 'quay', name: 'Quay', environment: 'production' },
  })
  expect(made).toMatchObject({ slug: 'quay', environment: 'production', status: 'active' })
  const listed = await client.call('GET /organizations', { query: { environment: 'production', limit: 1 } })
  expect(listed.items.map(({ slug }) => slug)).toEqual(['harbor'])
  const next = await client.call('GET /organizations', { query: { cursor: listed.next ?? '', limit: 1 } })
  expect(next.items).toHaveLength(1)
  const member = await client.call('POST /organizations/{organization}/members', {
    params: { organization: 'quay' },
    body: { email: 'eve@example.org', role: 'viewer' },
  })
  const gone = await client.call('DELETE /organizations/{organization}/members/{member}', {
    params: { organization: 'quay', member: member.id },
  })
  expect(gone).toBeUndefined()
})

test('a program of anybody’s calls it by the same types', async () => {
  const { url } = t.server
  const credential = await t.control(['admin'])
  const control = createClient<paths>({ environment: null, baseUrl: url, credential })
  const body = { slug: 'pier', name: 'Pier', environment: 'production' } as const
  const made = unwrap(await control.POST('/organizations', { body }))
  expect(made.slug).toBe('pier')
})

test('a refusal of the server is thrown as the Problem it is, with all findings', async () => {
  const client = clientOf({ url: t.server.url, credential: await t.control(['admin']) })
  const bad = client.call('POST /organizations', { body: { slug: '-X', name: '', environment: 'sandbox' } })
  expect(await refusal(bad)).toEqual({
    code: 'invalid_input',
    detail: 'the organization cannot be created like this',
    findings: [
      'slug has other characters than lower-case letters a–z, digits and dashes',
      'slug begins or ends with a dash',
      'name has 1 to 120 characters',
    ],
  })
})

test('a role shows its token below its prefix, and another credential at the public path', async () => {
  const ask = createAsk({ url: t.server.url, credential: 'the-token-of-a-role', prefix: '/internal/x' })
  const role = createOperationClient(ask)
  expect(await refusal(role.call(ops.listOrganizations, {}))).toMatchObject({ code: 'route_unknown' })
  const credential = await t.control(['read'])
  const listed = await role.call(ops.listOrganizations, {}, { credential })
  expect(listed.items.map(({ slug }) => slug)).toContain('harbor')
})

test('what a name holds stays one segment of the path', async () => {
  const client = clientOf({ url: t.server.url, credential: await t.control(['read']) })
  const get = (organization: string) =>
    refusal(client.call('GET /organizations/{organization}', { params: { organization } }))
  expect(await get('harbor/members')).toMatchObject({ code: 'organization_unknown' })
  expect(await get('a?b#c%2f')).toMatchObject({
    code: 'organization_unknown',
    detail: 'there is no organization “a?b#c%2f”',
  })
  for (const name of ['..', '.', ''])
    expect(await get(name)).toMatchObject({
      code: 'invalid_input',
      detail: `organization cannot be “${name}”`,
    })
})

test('a credential that can be none is refused before anything is sent, and not said', async () => {
  const client = clientOf({ url: t.server.url, credential: 'rp_control_a b' })
  const refused = await refusal(client.call('GET /organizations', {}))
  expect(refused).toMatchObject({
    code: 'invalid_input',
    findings: [expect.stringContaining('visible ASCII')],
  })
  expect(JSON.stringify(refused)).not.toContain('a b')
})

test('bytes come as they are, with their type', async () => {
  const url = await serve((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end('{ "main":  "a" }'),
  )
  const { type, bytes } = await clientOf({ url }).callBytes(
    'GET /contracts/{service}/versions/{version}/bundle',
    { params: { service: 'orders', version: 'latest' } },
  )
  expect([type, Buffer.from(bytes).toString()]).toEqual(['application/json', '{ "main":  "a" }'])
})

test('nothing is asked twice, whatever came of it', async () => {
  const seen: (string | undefined)[] = []
  const url = await serve((request, response) => {
    seen.push(request.method)
    if (seen.length === 1) response.destroy()
    else response.writeHead(503, { 'retry-after': '0' }).end()
  })
  const client = clientOf({ url })
  expect(await refusal(client.call('GET /organizations', {}))).toMatchObject({ code: 'control_unreachable' })
  expect(await refusal(client.call('POST /login', { body: {} }))).toMatchObject({
    code: 'control_unreachable',
    detail: `what answers at ${url} is not Rockpool’s control (status 503)`,
  })
  expect(seen).toEqual(['GET', 'POST'])
})

describe('an answer that is none', () => {
  test.each([
    ['lacks what the commands need', '{"items":[]}'],
    ['is no object', '"items next"'],
    ['is no JSON', '<h1>Hello</h1>'],
    ['is not there', ''],
  ])('%s: it may be of another version', async (_, body) => {
    const url = await serve((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(body),
    )
    expect(await refusal(clientOf({ url }).call('GET /organizations', {}))).toMatchObject({
      code: 'internal',
      detail: `control at ${url} answers organizations.list otherwise than this client expects; are both of the same version?`,
    })
    expect(
      await refusal(createOperationClient(createAsk({ url })).call(ops.listOrganizations, {})),
    ).toMatchObject({ code: 'internal' })
  })

  test('breaks off: control went away', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"items":', () => response.destroy())
    })
    const client = clientOf({ url })
    expect(await refusal(client.call('GET /organizations', {}))).toMatchObject({
      code: 'control_unreachable',
      detail: expect.stringContaining('is “rockpool up” running there?'),
    })
    const bundle = client.callBytes('GET /contracts/{service}/versions/{version}/bundle', {
      params: { service: 'orders', version: 'latest' },
    })
    expect(await refusal(bundle)).toMatchObject({ code: 'control_unreachable' })
  })
})

describe('when there is no answer', () => {
  test('it says that control cannot be reached, why, and what to do', async () => {
    const { port } = await freePort()
    const client = clientOf({ url: `http://127.0.0.1:${port}`, credential: 'rp_control_x' })
    expect(await refusal(client.call('GET /organizations', {}))).toMatchObject({
      code: 'control_unreachable',
      detail: `control at http://127.0.0.1:${port} cannot be reached (ECONNREFUSED); is “rockpool up” running there?`,
    })
  })

  test('it does not wait for ever, nor for a body that does not end', async () => {
    const silent = createTcpServer(() => {})
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve)
    })
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const late = { code: 'deadline_exceeded', detail: `control at ${url} did not answer within 50 ms` }
    const call = clientOf({ url }).call('GET /organizations', {}, { timeoutMs: 50 })
    expect(await refusal(call)).toMatchObject(late)
    silent.close()

    const endless = await serve((_, response) => void response.writeHead(200).write('{'))
    const client = clientOf({ url: endless })
    const input = { params: { service: 'orders', version: 'latest' } }
    const route = 'GET /contracts/{service}/versions/{version}/bundle'
    for (const one of [
      () => client.call(route, input, { timeoutMs: 50 }),
      () => client.callBytes(route, input, { timeoutMs: 50 }),
    ])
      expect(await refusal(one())).toMatchObject({ code: 'deadline_exceeded' })
  })

  test('who gives up is told the own reason', async () => {
    const stop = new AbortController()
    const reason = new Error('asked to stop')
    const url = await serve(() => stop.abort(reason))
    const call = clientOf({ url }).call('GET /organizations', {}, { signal: stop.signal })
    await expect(call).rejects.toBe(reason)
  })

  test('another server on that port is named for what it is, and gets no credential by a redirect', async () => {
    const seen: (string | undefined)[] = []
    const url = await serve((request, response) => {
      seen.push(request.url)
      if (request.url?.startsWith('/organizations')) response.writeHead(302, { location: '/elsewhere' }).end()
      else response.writeHead(404).end('<h1>Not here</h1>')
    })
    const client = clientOf({ url, credential: 'rp_control_x' })
    expect(await refusal(client.call('GET /organizations', {}))).toMatchObject({
      code: 'control_unreachable',
      detail: `control at ${url} cannot be reached (unexpected redirect); is “rockpool up” running there?`,
    })
    expect(await refusal(client.call('POST /login', { body: {} }))).toMatchObject({
      code: 'control_unreachable',
      detail: `what answers at ${url} is not Rockpool’s control (status 404)`,
    })
    expect(seen).toEqual(['/organizations', '/login'])
  })
})

import { createServer } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type TestApi } from '../../test/support/api.ts'
import { refusal } from '../../test/support/organizations.ts'
import { freePort } from '../kernel/index.ts'
import { organizationsApi as ops } from '../organizations/index.ts'
import { createControlClient } from './client.ts'

let t: TestApi
beforeAll(async () => {
  t = await startApi()
})
afterAll(() => t.close())

test('a call has the types and the path of its operation, and answers what the server answers', async () => {
  const client = createControlClient({ url: t.server.url, credential: await t.control(['read', 'admin']) })
  const made = await client.call(ops.createOrganization, {
    body: { slug: 'quay', name: 'Quay', environment: 'production' },
  })
  expect(made).toMatchObject({ slug: 'quay', environment: 'production', status: 'active' })
  const listed = await client.call(ops.listOrganizations, { query: { environment: 'production', limit: 1 } })
  expect(listed.items.map(({ slug }) => slug)).toEqual(['harbor'])
  const next = await client.call(ops.listOrganizations, { query: { cursor: listed.next ?? '', limit: 1 } })
  expect(next.items).toHaveLength(1)
  const member = await client.call(ops.addMember, {
    params: { organization: 'quay' },
    body: { email: 'eve@example.org', role: 'viewer' },
  })
  const gone = await client.call(ops.removeMember, { params: { organization: 'quay', member: member.id } })
  expect(gone).toBeUndefined()
})

test('a refusal of the server is thrown as the Problem it is, with all findings', async () => {
  const client = createControlClient({ url: t.server.url, credential: await t.control(['admin']) })
  const bad = client.call(ops.createOrganization, { body: { slug: '-X', name: '', environment: 'sandbox' } })
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

test('another credential is shown at the public path, whatever the client’s own is for', async () => {
  const role = createControlClient({ url: t.server.url, credential: 'a role’s token', prefix: '/internal/x' })
  const credential = await t.control(['read'])
  const listed = await role.call(ops.listOrganizations, {}, { credential })
  expect(listed.items.map(({ slug }) => slug)).toContain('harbor')
})

test('what a name holds stays one segment of the path', async () => {
  const client = createControlClient({ url: t.server.url, credential: await t.control(['read']) })
  const get = (organization: string) =>
    refusal(client.call(ops.getOrganization, { params: { organization } }))
  expect(await get('harbor/members')).toMatchObject({ code: 'organization_unknown' })
  expect(await get('a?b#c%2f')).toMatchObject({
    code: 'organization_unknown',
    detail: 'there is no organization “a?b#c%2f”',
  })
  expect(await get('..')).toMatchObject({ code: 'invalid_input' })
})

describe('when there is no answer', () => {
  test('it says that control cannot be reached, why, and what to do', async () => {
    const { port } = await freePort()
    const client = createControlClient({ url: `http://127.0.0.1:${port}`, credential: 'rp_control_x' })
    expect(await refusal(client.call(ops.listOrganizations, {}))).toMatchObject({
      code: 'control_unreachable',
      detail: `control at http://127.0.0.1:${port} cannot be reached (ECONNREFUSED); is “rockpool up” running there?`,
    })
  })

  test('it does not wait for ever', async () => {
    const silent = createTcpServer(() => {})
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve)
    })
    const client = createControlClient({ url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` })
    const call = client.call(ops.listOrganizations, {}, { timeoutMs: 50 })
    expect(await refusal(call)).toMatchObject({ code: 'deadline_exceeded' })
    silent.close()
  })

  test('another server on that port is named for what it is, and gets no credential by a redirect', async () => {
    const seen: (string | undefined)[] = []
    const other = createServer((request, response) => {
      seen.push(request.url)
      if (request.url?.startsWith('/organizations')) response.writeHead(302, { location: '/elsewhere' }).end()
      else response.writeHead(404).end('<h1>Not here</h1>')
    })
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve)
    })
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    const client = createControlClient({ url, credential: 'rp_control_x' })
    expect(await refusal(client.call(ops.listOrganizations, {}))).toMatchObject({
      code: 'control_unreachable',
    })
    expect(await refusal(client.call(ops.logIn, { body: {} }))).toMatchObject({
      code: 'control_unreachable',
      detail: `what answers at ${url} is not Rockpool’s control (status 404)`,
    })
    expect(seen).toEqual(['/organizations', '/login'])
    other.close()
  })
})

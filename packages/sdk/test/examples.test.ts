import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { toJwks } from '../src/wire.ts'
import { call, until } from './support/client.ts'
import { serviceDatabase, type ServiceDatabase } from './support/database.ts'
import { cloudEvent, delivered } from './support/events.ts'
import { gateway, relay, settings } from './support/service.ts'

// The examples of docs/sdk.md, as processes of their own, with all around them that Rockpool would be.

let database: ServiceDatabase
let control: Server
let controlUrl: string
let charges: string[]
const running: ChildProcess[] = []

beforeAll(async () => {
  database = await serviceDatabase('create table payments (organization text, order_id text, receipt text)')
  control = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.url !== '/charges')
      return void response.end(JSON.stringify(toJwks([gateway.publicKey, relay.publicKey])))
    charges.push(String(request.headers['idempotency-key']))
    response.end('{"receipt":"r1"}')
  })
  controlUrl = await listening(control)
  charges = []
})
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill()
    await once(child, 'exit')
  }
})
afterAll(async () => {
  control.close()
  await database.drop()
})

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function freeUrl(): Promise<string> {
  const server = createServer()
  const url = await listening(server)
  await new Promise((resolve) => server.close(resolve))
  return url
}

async function start(example: string): Promise<string> {
  const url = await freeUrl()
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL(`./examples/${example}.ts`, import.meta.url))],
    {
      env: {
        ...process.env,
        ...settings,
        ROCKPOOL_JWKS_URL: `${controlUrl}/.well-known/jwks.json`,
        PORT: new URL(url).port,
        HOST: '127.0.0.1',
        DATABASE_URL: database.url,
        BANK_URL: controlUrl,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  running.push(child)
  await until(async () => (await call(`${url}/.rockpool/health`)).status === 200, 10_000)
  return url
}

test('the shortest use answers as whoever calls', async () => {
  const url = await start('hello')
  const reply = await call(`${url}/harbor/hello`, {
    headers: { 'rockpool-identity': gateway.sign({ environment: 'sandbox' }) },
  })
  expect(reply.text).toBe('Hello harbor, you are in sandbox.\n')
  expect((await call(`${url}/harbor/hello`)).status).toBe(401)
})

test('the service with effects charges a customer once, and a sandbox never', async () => {
  const url = await start('payments')
  const customer = cloudEvent({ subject: 'o1', data: { total: 4900 } })
  const sandbox = cloudEvent({
    subject: 'o2',
    organization: 'pool-1',
    environment: 'sandbox',
    actor: 'check',
    data: { total: 1 },
  })
  const body = [JSON.stringify({ events: [delivered(customer), delivered(sandbox)] })]
  const headers = { 'content-type': 'application/json' }
  const outcomes = async () =>
    (
      (await call(`${url}/.rockpool/events`, { method: 'POST', headers, body })).json['results'] as {
        outcome: string
      }[]
    ).map(({ outcome }) => outcome)
  expect(await outcomes()).toEqual(['applied', 'applied'])
  expect(await outcomes()).toEqual(['duplicate', 'duplicate'])
  expect(charges).toEqual([customer.id])
  expect((await database.owner.query('select * from payments order by order_id')).rows).toEqual([
    { organization: 'harbor', order_id: 'o1', receipt: 'r1' },
    { organization: 'pool-1', order_id: 'o2', receipt: 'pretended-o2' },
  ])
})

test.each(['hello', 'payments'])('docs/sdk.md shows the example %s as it is tested here', async (example) => {
  const page = await readFile(new URL('../../../docs/sdk.md', import.meta.url), 'utf8')
  const source = await readFile(new URL(`./examples/${example}.ts`, import.meta.url), 'utf8')
  expect(page).toContain(`\`\`\`ts\n${source}\`\`\``)
})

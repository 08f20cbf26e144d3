import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadSecret } from '../src/kernel/index.ts'
import { customer } from './support/customer.ts'
import { eventually } from './support/eventually.ts'
import { temporaryFolder } from './support/folder.ts'
import { gitApplied } from './support/git-apply.ts'
import { copyShop, run, root, startInstallation, type Installation } from './support/installation.ts'
import { liveKey, makeSandbox } from './support/shop.ts'

// What customers send of a contract, from the gateway to whoever asks how two versions of it differ.

const bin = join(root, 'packages/rockpool/bin/rockpool.mjs')
const secret = 'nobody-keeps-this-value'
const removed = 'request-property-removed'
let shop: Installation
let next: string

beforeAll(async () => {
  const copy = await copyShop()
  const file = 'catalog/openapi.yaml'
  next = join(copy.folder, 'catalog/next.yaml')
  // The next version takes two fields away that the one that runs takes, and asks for another one.
  const asked = 'required: [name, price, currency, stock]\n      properties:\n'
  const text = await readFile(join(copy.folder, file), 'utf8')
  expect(text.split(asked)).toHaveLength(2)
  const more =
    'required: [name, price, currency, stock, colour]\n      properties:\n        colour: { type: string }\n'
  await writeFile(next, text.replace(asked, more))
  const price =
    '        price: { type: integer, minimum: 1, maximum: 10000000, description: Minor units of the currency. }\n'
  await copy.patch(file, price, `${price}        note: { type: string }\n        unused: { type: string }\n`)
  // And it says nothing of a field that it answers.
  const stamp = '        createdAt: { type: string, format: date-time }\n'
  await copy.patch(
    file,
    'required: [id, name, price, currency, stock, createdAt]',
    'required: [id, name, price, currency, stock]',
  )
  await copy.patch(file, `${stamp}    ItemPage:`, '    ItemPage:')
  await copy.patch(
    'rockpool.config.ts',
    `      validation: 'refuse',\n    },\n    orders: {`,
    `      validation: { requests: 'refuse', responses: 1 },\n    },\n    orders: {`,
  )
  shop = await startInstallation({ shop: copy })
})
afterAll(async () => {
  await shop?.stop()
  await shop?.remove()
})

async function database<T extends object>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const installation = await loadSecret(shop.data, {})
  const [, , , port] = (await readFile(join(shop.data, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')
  const password = encodeURIComponent(installation.derive('database/rockpool'))
  const client = new pg.Client({
    connectionString: `postgres://rockpool:${password}@127.0.0.1:${port}/rockpool`,
  })
  await client.connect()
  return work(client).finally(() => client.end())
}

async function contract(...args: string[]) {
  const target = [
    '--installation',
    'local',
    '--config',
    join(shop.folder, 'rockpool.config.ts'),
    '--data',
    shop.data,
  ]
  return run([bin, 'contract', ...args, ...target], shop.environment, shop.folder)
}

interface Told {
  differences: { rule: string; place: string; traffic: { organizations: number; names: string[] } | string }[]
}
const differences = async (): Promise<Told['differences']> => {
  const { stdout, stderr } = await contract('diff', 'catalog@production', next, '--format', 'json')
  expect(stdout, stderr).not.toBe('')
  return (JSON.parse(stdout) as Told).differences
}
const met = async (place: string) =>
  (await differences()).find((each) => each.place === `schema NewItem ${place}` && each.rule === removed)
    ?.traffic

test(
  'two organizations that send a field are told by name where it is gone, and a field that nobody sends is told as that',
  { timeout: 300_000 },
  async () => {
    for (const slug of ['reef', 'dune']) {
      await shop.api('POST', '/organizations', { slug, name: slug, environment: 'production' })
      const client = customer(shop.gateway, (await liveKey(shop, slug)).text)
      const item = { name: secret, price: 4_900, currency: 'EUR', stock: 3, note: secret }
      // A service that is not there yet is nobody's call: it counts once the gateway lets it through.
      await eventually(
        'the call goes through',
        async () => (await client.call('POST', `/${slug}/items`, item)).status < 500,
        30_000,
      )
    }
    const box = await makeSandbox(shop)
    const unused = { name: secret, price: 4_900, currency: 'EUR', stock: 3, unused: secret }
    await customer(shop.gateway, box.key).call('POST', `/${box.organization}/items`, unused)
    await eventually(
      'both are told',
      async () => JSON.stringify((await met('/note')) ?? {}).includes('"organizations":2'),
      // A minute, and another one where control did not take it the first time.
      200_000,
    )
    expect(await met('/note')).toMatchObject({ organizations: 2, names: ['dune', 'reef'] })
    expect(await met('/unused')).toBe('unknown')

    // It has been watched for as long as it takes.
    await database((client) =>
      client.query(
        `insert into contracts.usage
         select service, day - n, key, side, operation, direction, place, kind, value, organization, count, times, last_seen
           from contracts.usage cross join generate_series(1, 90) as n where kind = 'observed'`,
      ),
    )
    expect(await met('/unused')).toBe('nobody in 90 days')
    const text = await contract('diff', 'catalog@production', next)
    expect(text.stdout).toContain('2 organizations sent this field today, in 2 calls: dune, reef')
    expect(text.stdout).toContain('nobody in 90 days')
    const other = await contract('diff', next, 'catalog@production', '--format', 'markdown')
    expect(other.stderr).toBe('')

    const push = await contract('push', next, '--service', 'catalog', '--version', '1.99.0')
    expect(push.code).toBe(1)
    expect(push.stdout).toContain('2 organizations did not send this field today, in 2 calls: dune, reef')
  },
)

test('what a service answers and its contract does not say is drift, and gone once the patch is applied', async () => {
  const drift = await contract('drift', 'catalog')
  expect(drift.code, drift.stderr).toBe(1)
  expect(drift.stdout).toMatch(
    /schema Item \/createdAt: .*\n +openapi\.yaml:\d+\n.*POST \/\{\}\/items.*\n +\d+ times? in \d+ calls? of [1-3] organizations?, since \d{4}-/,
  )
  expect(drift.stdout).not.toContain('unused')
  const patch = await contract('drift', 'catalog', '--patch')
  expect(patch.stdout).toContain('+        createdAt:')
  const folder = await temporaryFolder('patched')
  const text = await readFile(join(shop.folder, 'catalog/openapi.yaml'), 'utf8')
  await writeFile(join(folder, 'openapi.yaml'), gitApplied('openapi.yaml', text, patch.stdout))
  const pushed = await contract(
    'push',
    join(folder, 'openapi.yaml'),
    '--service',
    'catalog',
    '--branch',
    'mended',
  )
  expect(pushed.code, pushed.stdout + pushed.stderr).toBe(0)
  const after = await contract('drift', 'catalog@branch:mended')
  expect(after.stdout).not.toContain('createdAt')
  const json = await contract('drift', 'catalog', '--json')
  expect(json.stdout).toContain('"kind":"undocumented field"')
})

/** Tables of Rockpool's own database, but for the log of what services said, in which a text stands anywhere. */
async function tablesWith(text: string): Promise<string[]> {
  return database(async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema', 'events')`,
    )
    const names: string[] = []
    for (const { name } of tables) {
      const { rows } = await client.query(`select 1 from ${name} as t where t::text like $1 limit 1`, [
        `%${text}%`,
      ])
      if (rows.length > 0) names.push(name)
    }
    return names
  })
}

test('no value that was sent stands in any row of Rockpool’s own database, but in the log of what services said', async () => {
  expect(await tablesWith('schema NewItem /note')).toContain('contracts.usage')
  expect(await tablesWith(secret)).toEqual([])
})

import { expect, onTestFinished, test } from 'vitest'
import { createLoopback, createWorkspace, json, orderFor } from '../../test/support/checks.ts'
import type { TakenSecrets } from '../secrets/index.ts'
import { secretsFor } from './execute/secrets.ts'
import { createHide, hideOutcome } from './hide.ts'
import { createPool } from './process/pool.ts'
import { runSecretsOperations, secretNamesIn } from './secrets.ts'
import type { Entry } from './types.ts'

const token = 'zephyr-quartz-0042'

test.each([
  ['`Bearer ${secrets.THINGS_TOKEN}`', ['THINGS_TOKEN']],
  [`secrets['A'] + secrets["B_2"] + secrets?.C`, ['A', 'B_2', 'C']],
  ['const { A, B: other } = secrets', ['A', 'B']],
  ['async ({ api, secrets: { A, B } }) => {}', ['A', 'B']],
  ['secrets[name]; mysecrets.A; secrets.lower; process.env.A', []],
])('%s uses %j', (source, names) => {
  expect(secretNamesIn(source)).toEqual(names)
})

async function open() {
  const gateway = await createLoopback(({ headers, body }, response) =>
    json(response, 200, { echo: headers['authorization'], [token]: body, n: 1 }),
  )
  const workspace = await createWorkspace()
  const pool = createPool()
  onTestFinished(async () => {
    pool.close()
    await workspace.remove()
    await gateway.close()
  })
  return {
    gateway,
    async run(body: string, secrets: TakenSecrets) {
      const file = await workspace.file(
        'a.check.ts',
        `check('a', async ({ api, expect, step, secrets }) => {\n${body}\n})`,
      )
      const process = await pool.take(file)
      if ('message' in process) throw new Error(process.message)
      const order = orderFor('a', gateway.url, { secrets })
      const outcome = await process.run(order, () => Promise.reject(new Error('nothing is asked')))
      pool.giveBack(process)
      return { ...outcome, process }
    },
  }
}

const given = { values: { THINGS_TOKEN: token }, missing: {} }

test('a secret reaches the service, and nothing that the run tells holds it', async () => {
  const { gateway, run } = await open()
  const { ending, evidence, process } = await run(
    `  const headers = { authorization: \`Bearer \${secrets.THINGS_TOKEN}\`, 'x-plain': secrets.THINGS_TOKEN }
  console.log('x'.repeat(1_995) + secrets.THINGS_TOKEN)
  console.log(secrets.THINGS_TOKEN, encodeURIComponent(secrets.THINGS_TOKEN), Buffer.from(secrets.THINGS_TOKEN).toString('base64'))
  await step(secrets.THINGS_TOKEN, () => api.catalog.getItem({ path: { id: secrets.THINGS_TOKEN }, query: { q: secrets.THINGS_TOKEN }, headers }))
  await api.catalog.createItem({ headers, body: { note: secrets.THINGS_TOKEN } })
  expect('got ' + secrets.THINGS_TOKEN, secrets.THINGS_TOKEN).toBe('other ' + secrets.THINGS_TOKEN)`,
    given,
  )
  expect(gateway.requests.map(({ headers }) => headers['authorization'])).toEqual([
    `Bearer ${token}`,
    `Bearer ${token}`,
  ])
  expect(ending.type).toBe('failed')
  // What the parent keeps: the step's name, which the child does not redact, is hidden here.
  const kept = JSON.stringify(hideOutcome({ ending, evidence }, createHide(given.values)))
  expect(kept).toContain('[secret THINGS_TOKEN]')
  expect(kept).not.toMatch(/zephyr|quartz-0042|emVwaHly/)
  // Cut to size in the child: half a value would be known to nobody.
  const console = evidence.entries.flatMap((entry: Entry) => (entry.type === 'console' ? [entry.text] : []))
  expect(console.join()).not.toMatch(/zeph|emVwaHly/)
  expect(process.files.some((file) => file.endsWith('a.check.ts'))).toBe(true)
})

test('a missing secret says nothing about the system: uncheckable, with the command that sets it', async () => {
  const { run } = await open()
  const message =
    'the secret THINGS_TOKEN is not set: “rockpool secret set THINGS_TOKEN --installation local” sets it'
  const { ending } = await run(
    `  await api.catalog.getItem({ path: { id: 'a' }, headers: { authorization: secrets.THINGS_TOKEN } })`,
    { values: {}, missing: { THINGS_TOKEN: message } },
  )
  expect(ending).toMatchObject({ type: 'obstructed', obstacle: { message, retry: false, optional: false } })
  const other = await run(`  expect(secrets['OTHER'.toString()]).toBe(1)`, given)
  expect(other.ending).toMatchObject({
    type: 'failed',
    failure: { message: expect.stringMatching(/^write secrets\.OTHER in the check’s file/) },
  })
})

test('a run is handed the names that stand in its files, and no others', async () => {
  const asked: string[][] = []
  const control = {
    secrets: (_: string, names: readonly string[]) => {
      asked.push([...names])
      return Promise.resolve(given)
    },
  }
  const workspace = await createWorkspace()
  onTestFinished(() => workspace.remove())
  const files = [
    await workspace.file('a.check.ts', `check('a', ({ secrets }) => secrets.THINGS_TOKEN)`),
    await workspace.file('helper.ts', `export const use = (secrets) => secrets.HELPED`),
    await workspace.file('none.ts', 'export const x = 1'),
  ]
  expect(await secretsFor(control, 'run_1', files)).toBe(given)
  expect(asked).toEqual([['THINGS_TOKEN', 'HELPED']])
  expect(await secretsFor(control, 'run_1', files.slice(2))).toEqual({ values: {}, missing: {} })
  expect(asked).toHaveLength(1)
  const refused = { secrets: () => Promise.reject(new Error('this needs the scope “admin”')) }
  expect((await secretsFor(refused, 'run_1', files)).missing['HELPED']).toBe(
    'the secret HELPED cannot be had: this needs the scope “admin”',
  )
})

test('only a run that is under way takes secrets, and only for whoever may also set them', async () => {
  let endedAt: string | null = null
  const [take] = runSecretsOperations({
    runs: { get: () => Promise.resolve({ endedAt } as never) },
    secrets: { take: () => Promise.resolve(given) } as never,
  })
  const ask = () => take!.handler({ params: { run: 'run_1' }, body: { names: ['THINGS_TOKEN'] } } as never)
  expect(take!.operation).toMatchObject({ scope: 'admin' })
  expect(take!.operation.organizationBound).toBeUndefined()
  expect(await ask()).toEqual(given)
  endedAt = '2026-01-01T00:00:00.000Z'
  await expect(ask()).rejects.toMatchObject({ code: 'conflict' })
})

import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLoopback, createWorkspace, json, orderFor } from '../../../test/support/checks.ts'
import type { Workspace } from '../../../test/support/checks.ts'
import type { CallEntry, Ending, Entry, Failure } from '../types.ts'
import { defaultLimits, startCheckProcess } from './check-process.ts'
import type { AttemptOutcome, CheckProcess, ProcessLimits } from './check-process.ts'
import type { Order } from '../child/protocol.ts'

let workspace: Workspace
let gateway: Awaited<ReturnType<typeof createLoopback>>
let stock = 0
const started: CheckProcess[] = []

beforeAll(async () => {
  workspace = await createWorkspace()
  gateway = await createLoopback((request, response) => {
    if (request.method === 'POST')
      return json(response, 201, { id: 'itm_1', ...(JSON.parse(request.body || '{}') as object) })
    if (request.url.endsWith('/poll')) return json(response, 200, { stock: ++stock })
    if (request.url.endsWith('/never')) return json(response, 200, { status: 'placed' })
    if (request.url.endsWith('/slow')) return
    if (request.url.endsWith('/absent')) {
      return json(
        response,
        503,
        { detail: 'quotes needs python3' },
        { 'rockpool-problem': 'service_unavailable' },
      )
    }
    if (request.url.endsWith('/down')) {
      return json(
        response,
        502,
        { detail: 'catalog is stopped' },
        { 'rockpool-problem': 'upstream_unreachable' },
      )
    }
    json(response, 200, { id: request.url.split('/').at(-1), stock: 3 })
  })
})

afterAll(async () => {
  for (const process of started) process.kill()
  await gateway.close()
  await workspace.remove()
})

let files = 0

async function load(text: string, limits: Partial<ProcessLimits> = {}): Promise<CheckProcess> {
  const path = await workspace.file(`check-${++files}.check.ts`, text)
  const process = await startCheckProcess(path, { ...defaultLimits, ...limits })
  if ('message' in process) throw new Error(process.message)
  started.push(process)
  return process
}

/** Runs the body of one check; it begins on line 3 of its file. */
async function run(
  body: string,
  order: Partial<Order> = {},
  limits: Partial<ProcessLimits> = {},
): Promise<AttemptOutcome & { process: CheckProcess }> {
  const process = await load(
    `check('it', async ({ sandbox, api, step, expect, until, signal }) => {\n${body}\n})`,
    limits,
  )
  const outcome = await process.run(orderFor('it', gateway.url, order), (question, argument) =>
    question === 'effects' && (argument as { name: string }).name === 'bank.charge'
      ? Promise.resolve([{ id: '1', name: 'bank.charge' }])
      : Promise.reject(new Error('control is down')),
  )
  return { ...outcome, process }
}

function failureOf(ending: Ending): Failure {
  if (ending.type !== 'failed') throw new Error(`the attempt did not fail: ${JSON.stringify(ending)}`)
  return ending.failure
}

const calls = (entries: Entry[]) => entries.filter((entry): entry is CallEntry => entry.type === 'call')

describe('a check that is let down', () => {
  test('fails at the line of its assertion, in the step it stands in, with both values', async () => {
    const { ending } = await run(`  await step('outer', () =>
    step('inner', async () => {
      const item = await api.catalog.getItem({ path: { id: 'a' } })
      expect(item.body.stock).toBe(4)
    }),
  )`)
    const failure = failureOf(ending)
    expect(failure).toMatchObject({
      kind: 'assertion',
      steps: ['outer', 'inner'],
      expected: '4',
      actual: '3',
      message: 'expected 3 to be 4',
    })
    expect(failure.place?.line).toBe(6)
    expect(failure.frame.at(-1)).toEqual({ line: 6, text: '      expect(item.body.stock).toBe(4)' })
  })

  test('fails at the line of its until, with the predicate, the number of answers and the last of them', async () => {
    const { ending, evidence } = await run(`  await step('it is paid', () =>
    api.catalog.getItem({ path: { id: 'never' } }).until((o) => o.body.status === 'paid', '2s'),
  )`)
    const failure = failureOf(ending)
    expect(failure.kind).toBe('deadline')
    expect(failure.place?.line).toBe(4)
    expect(failure.steps).toEqual(['it is paid'])
    expect(failure.expected).toBe("(o) => o.body.status === 'paid'")
    expect(failure.actual).toMatch(/^200 \{"status":"placed"\} \(the last of \d+ answers\)$/)
    const [call] = calls(evidence.entries)
    expect(call?.poll).toMatchObject({ satisfied: false, statuses: { 200: call?.poll?.answers } })
    expect(call?.poll?.answers).toBeGreaterThan(2)
  })

  test('fails with what it threw, even where that is not an Error', async () => {
    const { ending } = await run(`  throw 'no'`)
    expect(failureOf(ending)).toMatchObject({
      kind: 'error',
      message: 'something was thrown that is not an Error: no',
    })
  })

  test('fails with the names that are near when it calls an operation or a service that is not there', async () => {
    const operation = failureOf((await run(`  await api.catalog.createItm()`)).ending)
    expect(operation.message).toBe(
      'there is no operation of catalog named “createItm”; did you mean createItem?',
    )
    expect(operation.place?.line).toBe(3)
    const service = failureOf((await run(`  await api.payments.charge()`)).ending)
    expect(service.message).toBe('there is no service named “payments”; there are catalog')
  })

  test('fails when it leaves a path parameter out, or would climb out of the route', async () => {
    expect(failureOf((await run(`  await api.catalog.getItem()`)).ending).message).toContain(
      'needs the path parameter id',
    )
    const climb = failureOf((await run(`  await api.catalog.getItem({ path: { id: '..' } })`)).ending)
    expect(climb.message).toContain('may not be “..”')
  })

  test('fails when it forgets to await a call, and names the line', async () => {
    const { ending } = await run(
      `  void api.catalog.getItem({ path: { id: 'slow' } })\n  await new Promise((go) => setTimeout(go, 20))`,
    )
    expect(failureOf(ending).message).toContain('while catalog.getItem was under way: await it (line 3)')
  })

  test('fails with an error that no await has seen', async () => {
    const { ending, process } = await run(
      `  void Promise.reject(new Error('lost'))\n  await new Promise((go) => setTimeout(go, 5_000))`,
    )
    expect(failureOf(ending)).toMatchObject({ kind: 'error', message: 'lost', place: { line: 3 } })
    expect(process.reusable).toBe(false)
  })

  test('fails when it calls process.exit, at that line', async () => {
    const { ending } = await run(`  await step('leave', () => process.exit(0))`)
    expect(failureOf(ending)).toMatchObject({
      message: 'the check called process.exit(0)',
      place: { line: 3 },
    })
  })

  test('fails when its process dies', async () => {
    const { ending } = await run(
      `  await step('die', () => process.kill(process.pid, 'SIGKILL'))\n  await new Promise(() => {})`,
    )
    expect(failureOf(ending)).toMatchObject({
      kind: 'exited',
      message: "the check's process ended with SIGKILL",
    })
  })
})

describe('a check that does not end', () => {
  test('fails at its deadline, in the step and line that was under way', async () => {
    const { ending } = await run(
      `  await step('wait', () => api.catalog.getItem({ path: { id: 'slow' } }))`,
      { timeout: 300 },
    )
    expect(failureOf(ending)).toMatchObject({ kind: 'deadline', steps: ['wait'], place: { line: 3 } })
    expect(failureOf(ending).message).toBe('the check took longer than its 300 ms')
  })

  test('is killed at its deadline with everything it started, when it spins', async () => {
    const { ending, process } = await run(
      `  const { spawn } = await import('node:child_process')
  const child = spawn('sleep', ['600'])
  console.log(child.pid)
  await step('spin', async () => { for (;;) {} })`,
      { timeout: 400 },
    )
    const outcome = failureOf(ending)
    expect(outcome).toMatchObject({ kind: 'deadline', steps: ['spin'], place: { line: 6 } })
    expect(process.reusable).toBe(false)
  })

  test('takes the processes that it started along', async () => {
    const { evidence } = await run(
      `  const { spawn } = await import('node:child_process')\n  console.log(spawn('sleep', ['600']).pid)\n  await new Promise(() => {})`,
      { timeout: 300 },
    )
    const line = evidence.entries.find((entry) => entry.type === 'console')
    const pid = Number(line?.text)
    expect(pid).toBeGreaterThan(1)
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 5_000 }).toBe(false)
  })

  test('is killed when its heap or its memory grows too large', async () => {
    const heap = await run(
      `  const all = []\n  for (;;) all.push(new Array(10_000).fill(Math.random()))`,
      {},
      { heapMb: 64 },
    )
    expect(failureOf(heap.ending)).toMatchObject({
      kind: 'memory',
      message: 'the check used more than 64 MB of heap',
    })
    const memory = await run(
      `  const all = []\n  for (;;) { all.push(Buffer.alloc(5_000_000, 1)); await new Promise((go) => setTimeout(go, 5)) }`,
      {},
      { residentMb: 200 },
    )
    expect(failureOf(memory.ending).message).toMatch(/^the check used more than 200 MB of memory/)
  })
})

describe('a check that cannot be judged', () => {
  test('is uncheckable when the gateway says that the service cannot run here, whatever the check does with the answer', async () => {
    const { ending } = await run(`  await step('ask', () => api.catalog.getItem({ path: { id: 'absent' } }))`)
    expect(ending).toMatchObject({
      type: 'obstructed',
      obstacle: { message: 'quotes needs python3', steps: ['ask'], retry: false },
    })
  })

  test('is uncheckable when the gateway cannot be reached', async () => {
    const { ending } = await run(`  await api.catalog.getItem({ path: { id: 'a' } })`, {
      gateway: 'http://127.0.0.1:1',
    })
    expect(ending).toMatchObject({ type: 'obstructed', obstacle: { retry: true, place: { line: 3 } } })
    expect(JSON.stringify(ending)).toContain('the gateway cannot be reached at http://127.0.0.1:1')
  })

  test('is uncheckable when control cannot tell the effects', async () => {
    const { ending } = await run(`  await sandbox.effects('unknown')`)
    expect(ending).toMatchObject({
      type: 'obstructed',
      obstacle: { message: expect.stringContaining('control is down') as string },
    })
  })

  test('is uncheckable when it is ended from outside, even while it spins', async () => {
    const process = await load(
      `check('it', async ({ step }) => {\n  await step('spin', async () => { for (;;) {} })\n})`,
    )
    const ending = new AbortController()
    const outcome = process.run(orderFor('it', gateway.url), () => Promise.resolve(), ending.signal)
    ending.abort(new Error('the lease is lost'))
    expect((await outcome).ending).toMatchObject({
      type: 'obstructed',
      obstacle: { message: 'the lease is lost' },
    })
  })

  test('fails where a service gives no answer: that is a matter of the system, not of the check', async () => {
    const { ending, evidence } = await run(
      `  const item = await api.catalog.getItem({ path: { id: 'down' } })\n  expect(item.status).toBe(200)`,
    )
    expect(failureOf(ending).message).toBe('expected 502 to be 200')
    expect(calls(evidence.entries)[0]).toMatchObject({ status: 502, problem: 'upstream_unreachable' })
  })
})

describe('what a check did', () => {
  test('calls name the sandbox in the path and carry the credential of the run', async () => {
    const { ending } = await run(
      `  await api.catalog.getItem({ path: { id: 'a b' }, query: { tag: ['x', 'y'], no: undefined } })`,
    )
    expect(ending).toEqual({ type: 'returned' })
    expect(gateway.requests.at(-1)).toMatchObject({
      method: 'GET',
      url: '/harbor-test/items/a%20b?tag=x&tag=y',
      headers: { authorization: 'Bearer rp_run_0123456789' },
    })
  })

  test('a check that speaks to the service with a scheme of its own shows the credential of the run beside it', async () => {
    await run(`  await api.catalog.getItem({ path: { id: 'b' }, headers: { Authorization: 'Basic abc' } })`)
    expect(gateway.requests.at(-1)?.headers).toMatchObject({
      authorization: 'Basic abc',
      'rockpool-credential': 'rp_run_0123456789',
    })
    await run(
      `  await api.catalog.getItem({ path: { id: 'b' }, headers: { authorization: 'Bearer rp_live_x' } })`,
    )
    expect(gateway.requests.at(-1)?.headers).toMatchObject({ authorization: 'Bearer rp_live_x' })
    expect(gateway.requests.at(-1)?.headers).not.toHaveProperty('rockpool-credential')
  })

  test('until waits for the answer that satisfies, and keeps how long that took', async () => {
    const { ending, evidence } =
      await run(`  const found = await api.catalog.getItem({ path: { id: 'poll' } }).until((i) => i.body.stock >= 3, '5s')
  expect(found).toMatchObject({ status: 200, answers: 3 })
  expect(found.propagationMs).toBeGreaterThan(100)`)
    expect(ending).toEqual({ type: 'returned' })
    const [call, ...more] = calls(evidence.entries)
    expect(more).toEqual([])
    expect(call?.poll).toMatchObject({ answers: 3, satisfied: true })
    expect(call?.ms).toBeGreaterThan(100)
  })

  test('until on its own waits for what a probe gives, through its throws', async () => {
    const { ending } = await run(`  let tries = 0
  const value = await until(() => { if (++tries < 3) throw new Error('not yet'); return 'here' }, '5s')
  expect(value).toBe('here')`)
    expect(ending).toEqual({ type: 'returned' })
    const late = failureOf(
      (await run(`  await until(() => { expect(1).toBe(2); return true }, '200ms')`)).ending,
    )
    expect(late).toMatchObject({ kind: 'deadline', actual: 'expected 1 to be 2', place: { line: 3 } })
  })

  test('steps run side by side keep their own calls', async () => {
    const { evidence } = await run(`  await Promise.all(['a', 'b'].map((id) => step(id, async () => {
    await api.catalog.getItem({ path: { id } })
    await step('more of ' + id, () => api.catalog.getItem({ path: { id } }))
  })))`)
    const parents = new Map(evidence.entries.map((entry) => [entry.id, entry]))
    for (const call of calls(evidence.entries)) {
      const step = parents.get(call.parent!)
      expect(step?.type === 'step' && step.name.at(-1)).toBe(call.url.at(-1))
    }
    expect(evidence.entries).toHaveLength(8)
  })

  test('evidence holds no credential, no card and no secret, wherever they stand', async () => {
    const { evidence, ending } = await run(`  console.log('paying with 4242 4242 4242 4242')
  const item = await api.catalog.createItem({
    body: { name: 'call me at 4242424242424242', card: { number: '4000056655665556' }, clientSecret: 'hush', nested: [{ password: 'p4ss' }] },
    headers: { 'X-Api-Key': 'sesame' },
  })
  //
  //
  expect(item.body.nested).toEqual([{ password: 'other' }])`)
    const text = JSON.stringify({ evidence, ending })
    for (const secret of [
      'rp_run_0123456789',
      '4242424242424242',
      '4242 4242 4242 4242',
      '4000056655665556',
      'hush',
      'p4ss',
      'sesame',
    ]) {
      expect(text).not.toContain(secret)
    }
    expect(text).toContain('[card …4242]')
    expect(calls(evidence.entries)[0]).toMatchObject({
      method: 'POST',
      path: '/{organization}/items',
      status: 201,
    })
  })

  test('a thousand console lines are counted, the first two hundred kept', async () => {
    const { evidence } = await run(`  for (let i = 0; i < 1_000; i++) console.log('line ' + i)`)
    expect(evidence.entries).toHaveLength(200)
    expect(evidence.left.console).toBe(800)
  })

  test('a large body is cut, and its length kept', async () => {
    const { evidence } = await run(`  await api.catalog.createItem({ body: { name: 'x'.repeat(40_000) } })`)
    const [call] = calls(evidence.entries)
    expect(call?.request.cut).toBeGreaterThan(40_000)
    expect(String(call?.answer?.body).length).toBe(16 * 1_024)
  })

  test('effects come from the parent, which alone may ask control', async () => {
    const { ending } = await run(
      `  expect(await sandbox.effects('bank.charge')).toHaveLength(1)\n  expect(sandbox.organization).toBe('harbor-test')`,
    )
    expect(ending).toEqual({ type: 'returned' })
  })

  test('a check sees nothing of the environment but what a program needs', async () => {
    process.env.ROCKPOOL_SECRET = 'hush'
    try {
      const { ending } = await run(
        `  expect(Object.keys(process.env).filter((name) => /ROCKPOOL|TOKEN|DATABASE|NODE_OPTIONS/.test(name))).toEqual([])`,
      )
      expect(ending).toEqual({ type: 'returned' })
    } finally {
      delete process.env.ROCKPOOL_SECRET
    }
  })
})

describe('a process', () => {
  test('is used again after a clean pass, and not after a timer was left behind', async () => {
    const process = await load(
      `check('clean', async () => {})\ncheck('leaky', async () => { setInterval(() => {}, 1_000) })`,
    )
    await process.run(orderFor('clean', gateway.url), () => Promise.resolve())
    expect(process.reusable).toBe(true)
    await process.run(orderFor('leaky', gateway.url), () => Promise.resolve())
    expect(process.reusable).toBe(false)
  })
})

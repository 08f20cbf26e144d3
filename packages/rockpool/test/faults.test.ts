import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { neverPaid, noStandIn, wrongPrice } from './support/faults.ts'
import type { Fault } from './support/faults.ts'
import { copyShop, startInstallation } from './support/installation.ts'
import type { Installation, TestShop } from './support/installation.ts'

// Break it five ways, one at a time: a check fails, its message names the step and the cause, and it recovers afterwards.

let copy: TestShop
let shop: Installation

beforeAll(async () => {
  copy = await copyShop()
  shop = await startInstallation({ shop: copy, env: { ROCKPOOL_LOG_LEVEL: 'warn' } })
})
afterAll(async () => {
  await shop?.stop()
  await copy?.remove()
})

interface Result {
  type: string
  check: string
  verdict: 'pass' | 'fail' | 'uncheckable'
  why: string[]
  attempts: { failure: { message: string; steps: string[]; actual: string | null } | null }[]
}

/** Runs one check, or every one, and gives the results by the check's name. */
async function run(check?: string): Promise<{ code: number; results: Map<string, Result>; text: string }> {
  const only = check === undefined ? [] : ['--grep', check]
  const { code, stdout } = await shop.cli('check', '--organization', 'harbor', '--json', ...only)
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Result)
  return {
    code,
    results: new Map(lines.filter(({ type }) => type === 'result').map((result) => [result.check, result])),
    text: stdout,
  }
}

async function restart(service: string): Promise<void> {
  const { code, stdout, stderr } = await shop.cli('service', 'restart', service)
  expect(code, stdout + stderr).toBe(0)
}

interface Failed {
  step: string | undefined
  message: string
  actual: string | null
  why: string
}

/** The failing result, with the innermost step that it failed in, its message, and what Rockpool knows of the cause. */
function failed(results: Map<string, Result>, check: string): Failed {
  const result = results.get(check)!
  expect(result.verdict, `${check}: ${JSON.stringify(result)}`).toBe('fail')
  const failure = result.attempts.at(-1)!.failure!
  return {
    step: failure.steps.at(-1),
    message: failure.message,
    actual: failure.actual,
    why: result.why.join('\n'),
  }
}

/** Breaks it, and repairs it again: recovery needs nothing but the repair, and the same check says so. */
async function broken(fault: Fault, check: string, look: (failure: Failed) => void): Promise<void> {
  await copy.patch(fault.file, fault.find, fault.replace)
  await restart(fault.service)
  const { code, results } = await run(check)
  await copy.restore(fault.file)
  await restart(fault.service)
  expect(code).toBe(1)
  look(failed(results, check))
  const repaired = await run(check)
  expect(repaired.code, repaired.text).toBe(0)
}

test('payments stopped: the order fails, and the reason names payments', async () => {
  const stopped = await shop.cli('service', 'stop', 'payments')
  expect(stopped.code, stopped.stderr).toBe(0)
  const { code, results } = await run()
  const started = await shop.cli('service', 'start', 'payments')
  expect(started.code, started.stderr).toBe(0)
  expect(code).toBe(1)
  const { step, why } = failed(results, 'a customer can order')
  expect(step).toBe('place an order')
  expect(why).toMatch(/payments is stopped/)
  // What does not need payments goes on.
  expect(results.get('a delivery can be quoted')!.verdict).toBe('pass')
})

test('a wrong price in the catalog: the check tells both prices', () =>
  broken(wrongPrice, 'an order is charged what the catalog shows', ({ step, message }) => {
    expect(step).toBe('the catalog shows the price it was given')
    expect(message).toMatch(/price in the catalog.*expected 13000 to be 12900/)
  }))

test('an order that is never paid: the check tells what it waited for, and what it saw', () =>
  broken(neverPaid, 'a customer can order', ({ step, message, actual }) => {
    expect(step).toBe('it is paid within 10 s')
    expect(message).toMatch(/within 10 s/)
    expect(actual).toMatch(/"status":"placed"/)
  }))

test('an effect without a stand-in: it is denied, and the reason names the effect', () =>
  broken(noStandIn, 'a customer can order', ({ step, why }) => {
    expect(step).toBe('it is paid within 10 s')
    expect(why).toMatch(/payments could not apply order_placed: the effect bank\.charge has no stand-in/)
  }))

test('identities signed by another key: refused, and the check says so', async () => {
  // The same names for other keys: to catalog, every identity of the real gateway is forged.
  const { publicKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' })
  const impostor = createServer((_, response) => {
    void fetch(new URL('/.well-known/jwks.json', shop.control))
      .then((answer) => answer.json() as Promise<{ keys: object[] }>)
      .then(({ keys }) => response.end(JSON.stringify({ keys: keys.map((key) => ({ ...key, x })) })))
  }).listen(0, '127.0.0.1')
  await once(impostor, 'listening')
  const { port } = impostor.address() as AddressInfo
  try {
    await broken(
      {
        name: 'keys of an impostor',
        file: 'catalog/src/main.ts',
        find: 'createRockpool({ database })',
        replace: `createRockpool({ database, environment: { ...process.env, ROCKPOOL_JWKS_URL: 'http://127.0.0.1:${port}/' } })`,
        service: 'catalog',
      },
      'a customer can order',
      ({ step, message }) => {
        expect(step).toBe('put an item on sale')
        expect(message).toMatch(/the signature was not made by key gateway-.*expected 401 to be 201/)
      },
    )
  } finally {
    impostor.close()
  }
})

test('after all that every check passes', async () => {
  const { code, text } = await run()
  expect(code, text).toBe(0)
})

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { eventually } from '../../../../test/support/eventually.ts'
import { startNotices } from '../../../../test/support/notices.ts'
import type { Notices } from '../../../../test/support/notices.ts'
import type { SenderProcessOptions } from '../../../../test/support/sender-process.ts'
import { signatureOf, startReceiver } from '../../../../test/support/webhooks.ts'
import type { Answer, Received, Receiver } from '../../../../test/support/webhooks.ts'
import type { Notice } from '../types.ts'
import { nowhere } from './endpoints.ts'
import { pausesMs } from './schedule.ts'

/** Many wait for a process or for Postgres, and the machine may have other things to do. */
vi.setConfig({ testTimeout: 60_000 })

const script = fileURLToPath(new URL('../../../../test/support/sender-process.ts', import.meta.url))

async function receiver(
  answer?: (received: Received, number: number) => Answer | Promise<Answer>,
): Promise<Receiver> {
  const started = await startReceiver(answer)
  onTestFinished(() => started.close())
  return started
}

async function notices(...receivers: Receiver[]): Promise<Notices> {
  const t = await startNotices(receivers.map(({ origin }) => origin))
  onTestFinished(() => t.close())
  return t
}

const came = (count: number, { received }: Receiver) =>
  eventually(`${count} came`, async () => received.length >= count, 30_000)
const isTold = ({ delivery }: Notice) => delivery?.state === 'told'
const hasFailed = (times: number) => (notice: Notice) =>
  notice.delivery?.attempts === times && notice.delivery.failure !== null && notice.delivery.nextAt !== null

test('a notice is sent to the address of its watcher, signed, once', async () => {
  const hook = await receiver()
  const t = await notices(hook)
  const secret = await t.watch('mem_1', `${hook.origin}/contracts?token=zephyr`)
  await t.watch('mem_2', null)
  t.sender().start()
  await t.change()
  const notice = await t.notice('mem_1', 'it is told', isTold)
  expect(hook.received).toHaveLength(1)
  const [received] = hook.received as [Received]
  expect(received).toMatchObject({ url: '/contracts?token=zephyr', type: 'application/json' })
  expect(received.id).toMatch(/^ntc_[0-9a-f-]{36}$/)
  expect(received.timestamp).toBe(Math.floor(t.clock.now() / 1_000))
  expect(received.signature).toBe(signatureOf(received, secret!))
  expect(JSON.parse(received.body)).toMatchObject({
    type: 'contract.changed',
    timestamp: notice.push.pushedAt,
    data: { notice: notice.id, service: 'things', version: '2.0.0', counts: notice.counts },
  })
  expect(notice.delivery).toEqual({
    state: 'told',
    attempts: 1,
    toldAt: new Date(t.clock.now()).toISOString(),
    nextAt: null,
    failure: null,
    failedAt: null,
  })
  expect((await t.notice('mem_2', 'it is there', () => true)).delivery).toBeNull()
  expect(await t.registry.watchers('things')).toMatchObject([
    { to: `${hook.origin}/contracts?…`, last: { notice: notice.id, version: '2.0.0', state: 'told' } },
    { to: null, last: null },
  ])
  await t.later(100_000_000)
  await t.change()
  await came(2, hook)
  expect(hook.received[1]!.id).not.toBe(received.id)
  expect(hook.received).toHaveLength(2)
})

test('a receiver that fails is told again after a pause, by the same id, and never after it has answered 2xx', async () => {
  const hook = await receiver((_, number) => (number === 0 ? 500 : 200))
  const t = await notices(hook)
  await t.watch('mem_1', `${hook.origin}/`)
  t.sender().start()
  await t.change()
  const { delivery } = await t.notice('mem_1', 'it failed', hasFailed(1))
  expect(delivery).toMatchObject({
    state: 'waiting',
    failure: 'it answered 500',
    nextAt: new Date(t.clock.now() + 5_000).toISOString(),
  })
  await t.later(4_999)
  // What is due is sent in its order: had the first been due, it would have come before the second.
  await t.change()
  await came(2, hook)
  await t.later(1)
  await came(3, hook)
  const [one, , other] = hook.received as [Received, Received, Received]
  expect([other.id, other.body]).toEqual([one.id, one.body])
  expect(other.timestamp - one.timestamp).toBe(5)
  expect(other.signature).not.toBe(one.signature)
  await eventually('both are told', async () => (await t.registry.notices()).items.every(isTold))
  const [, told] = (await t.registry.notices()).items
  expect(told?.delivery).toMatchObject({ attempts: 2, failure: 'it answered 500' })
  await t.later(100_000_000)
  await t.change()
  await came(4, hook)
  expect(new Set(hook.received.map(({ id }) => id)).size).toBe(3)
  expect(hook.received).toHaveLength(4)
})

test('after about a day of failures it is given up', async () => {
  const hook = await receiver(() => 503)
  const t = await notices(hook)
  await t.watch('mem_1', `${hook.origin}/`)
  t.sender().start()
  await t.change()
  for (const [failed, ms] of pausesMs.entries()) {
    await t.notice('mem_1', `it failed ${failed + 1} times`, hasFailed(failed + 1))
    await t.later(ms)
  }
  const { delivery } = await t.notice('mem_1', 'it is given up', (one) => one.delivery?.state === 'given up')
  expect(delivery).toMatchObject({ attempts: 9, nextAt: null, toldAt: null, failure: 'it answered 503' })
  expect(hook.received).toHaveLength(9)
})

test('a redirect is a failure: where it leads is not asked', async () => {
  const elsewhere = await receiver()
  const hook = await receiver(() => ({ status: 307, headers: { location: `${elsewhere.origin}/` } }))
  const t = await notices(hook, elsewhere)
  await t.watch('mem_1', `${hook.origin}/`)
  t.sender().start()
  await t.change()
  const { delivery } = await t.notice('mem_1', 'it failed', hasFailed(1))
  expect(delivery?.failure).toBe('it answered 307, and redirects are not followed')
  expect(elsewhere.received).toEqual([])
})

test('what the configuration does not name any more is not asked, and it is told which setting says so', async () => {
  const hook = await receiver()
  const t = await notices(hook)
  await t.watch('mem_1', `${hook.origin}/`)
  const { open } = t.endpoints
  t.sender({ endpoints: { open, findings: nowhere.findings } }).start()
  await t.change()
  const { delivery } = await t.notice('mem_1', 'it failed', hasFailed(1))
  expect(delivery?.failure).toContain(`contracts: { notify: ['${hook.origin}'] }`)
  expect(hook.received).toEqual([])
})

test('who does not answer is left at the deadline, and holds up nobody', async () => {
  const slow = await receiver(() => 'silent')
  const quick = await receiver()
  const t = await notices(slow, quick)
  for (const n of [1, 2, 3, 4, 5]) await t.watch(`slow_${n}`, `${slow.origin}/${n}`)
  await t.watch('quick', `${quick.origin}/`)
  const bounds = { all: 3, ofOrigin: 2 }
  const waits = t.sender({ bounds, deadlineMs: 60_000 })
  waits.start()
  await t.change()
  await t.notice('quick', 'it is told', isTold)
  await came(2, slow)
  await t.change()
  await t.notice('quick', 'it is told again', (one) => one.push.name === '3.0.0' && isTold(one))
  expect(slow.received).toHaveLength(2)
  await waits.stop()

  t.sender({ bounds, deadlineMs: 300 }).start()
  const failed = await t.notice('slow_5', 'it failed', ({ delivery }) => delivery?.failure !== null)
  expect(failed.delivery).toMatchObject({ state: 'waiting', failure: 'no answer came within 0.3 s' })
})

test('an answer without end is no burden: its status is all that counts', async () => {
  const hook = await receiver(() => 'endless')
  const t = await notices(hook)
  await t.watch('mem_1', `${hook.origin}/`)
  t.sender({ deadlineMs: 600_000 }).start()
  await t.change()
  await t.notice('mem_1', 'it is told', isTold)
  await eventually('the answer is cut', async () => hook.endless.isOver)
  expect(hook.endless.taken).toBeLessThan(20_000_000)
})

test('a sender that is killed after its POST leaves it to another one, which tells it again by the same id', async () => {
  const killed = Promise.withResolvers<unknown>()
  let kill = () => {}
  const hook = await receiver(async (_, number) => {
    if (number === 0) kill()
    await killed.promise
    return 204
  })
  const beside = await receiver()
  const t = await notices(hook, beside)
  await t.watch('mem_1', `${hook.origin}/`)
  await t.change()
  const options: SenderProcessOptions = { url: t.database.url, origins: [hook.origin] }
  const child = spawn(process.execPath, ['--conditions=@rockpool/source', script, JSON.stringify(options)])
  child.on('close', killed.resolve)
  kill = () => child.kill('SIGKILL')
  onTestFinished(() => void kill())
  await killed.promise
  expect(hook.received).toHaveLength(1)

  t.sender().start()
  await t.watch('mem_2', `${beside.origin}/`)
  await t.change()
  await t.notice('mem_2', 'it is told: the sender has looked', isTold)
  expect(hook.received).toHaveLength(1)
  await t.later(30_000)
  await t.notice('mem_1', 'it is told', isTold)
  expect(hook.received[1]!.id).toBe(hook.received[0]!.id)
  const { items } = await t.registry.notices({ by: 'mem_1' })
  expect(items.map(({ delivery }) => [delivery?.state, delivery?.attempts])).toEqual([
    ['told', 1],
    ['told', 2],
  ])
  expect(hook.received).toHaveLength(3)
})

test('410 ends it: nothing more is sent there, until it is watched with the address again', async () => {
  let status = 500
  const hook = await receiver(() => status)
  const t = await notices(hook)
  const to = `${hook.origin}/`
  await t.watch('mem_1', to)
  t.sender().start()
  await t.change()
  await t.notice('mem_1', 'it failed', hasFailed(1))
  status = 410
  await t.change()
  await t.notice('mem_1', 'it is given up', ({ delivery }) => delivery?.state === 'given up')
  const { items } = await t.registry.notices()
  expect(items.map(({ delivery }) => [delivery?.state, delivery?.failure])).toEqual([
    ['given up', 'it answered 410'],
    ['given up', 'it answered 410'],
  ])
  const goneAt = new Date(t.clock.now()).toISOString()
  expect(await t.registry.watchers('things')).toMatchObject([{ to, goneAt }])
  await t.change()
  expect((await t.notice('mem_1', 'the third', ({ push }) => push.name === '4.0.0')).delivery).toBeNull()

  status = 204
  expect(await t.watch('mem_1', to)).toBeNull()
  await t.change()
  await t.notice('mem_1', 'the fourth is told', (one) => one.push.name === '5.0.0' && isTold(one))
  expect(hook.received).toHaveLength(3)
})

test('several senders share the work: nothing is sent twice', async () => {
  const hook = await receiver()
  const t = await notices(hook)
  for (let n = 0; n < 30; n++) await t.watch(`mem_${n}`, `${hook.origin}/${n}`)
  for (let n = 0; n < 4; n++) t.sender().start()
  await t.change()
  await came(30, hook)
  for (let n = 0; n < 30; n++) await t.notice(`mem_${n}`, 'it is told', isTold)
  expect(new Set(hook.received.map(({ url }) => url)).size).toBe(30)
  expect(hook.received).toHaveLength(30)
})

test('a sender that stops gives back what it has not brought to an end: another one sends it, by the same id', async () => {
  const hook = await receiver((_, number) => (number === 0 ? 'silent' : 204))
  const t = await notices(hook)
  await t.watch('mem_1', `${hook.origin}/`)
  const first = t.sender()
  first.start()
  await t.change()
  await came(1, hook)
  t.sender().start()
  await first.stop()
  await t.notice('mem_1', 'it is told', isTold)
  expect(hook.received.map(({ id }) => id)).toEqual(Array(2).fill(hook.received[0]!.id))
})

test('another address gets a secret of its own, and what waits; the same one changes nothing', async () => {
  const [old, next] = [await receiver(() => 500), await receiver()]
  const t = await notices(old, next)
  const secret = await t.watch('mem_1', `${old.origin}/`)
  expect(await t.watch('mem_1', `${old.origin}/`)).toBeNull()
  expect(await t.watch('mem_1', null)).toBeNull()
  t.sender().start()
  await t.change()
  await t.notice('mem_1', 'it failed', hasFailed(1))
  const other = await t.watch('mem_1', `${next.origin}/`)
  expect(other).not.toBe(secret)
  await t.notice('mem_1', 'it is told', isTold)
  const [received] = next.received as [Received]
  expect(received.id).toBe(old.received[0]!.id)
  expect(received.signature).toBe(signatureOf(received, other!))
})

test('neither the secret nor what stands in the query can be read anywhere', async () => {
  const hook = await receiver(() => 500)
  const t = await notices(hook)
  const secret = (await t.watch('mem_1', `${hook.origin}/?token=zephyr`))!
  t.sender().start()
  await t.change()
  const told = [await t.notice('mem_1', 'it failed', hasFailed(1)), await t.registry.watchers('things')]
  const rows = await t.database.query<{ row: string }>(
    `select row_to_json(w)::text || encode(sealed, 'escape') as row from contracts.watcher w
     union all select row_to_json(d)::text from contracts.delivery d`,
  )
  expect(rows).toHaveLength(2)
  const all = JSON.stringify([told, rows])
  expect(all).toContain('/?…')
  expect(all).not.toContain('zephyr')
  expect(all).not.toContain(secret.slice('whsec_'.length))
})

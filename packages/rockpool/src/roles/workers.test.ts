import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { makeCertificate } from '../../test/support/certificates.ts'
import { count, limitMs } from '../../test/support/counts.ts'
import { temporaryFolder, until } from '../../test/support/gateway.ts'
import { http2Session, sendHttp2 } from '../../test/support/gateway-http2.ts'
import { killHard } from '../../test/support/kill.ts'
import {
  callOnce,
  controlWithService,
  isThere,
  listening,
  live,
  openLine,
  run,
  startRole,
} from '../../test/support/workers.ts'
import type { TestRole } from '../../test/support/workers.ts'

/** Clients that call without a pause until they are stopped, and repeat nothing; gives what went wrong. */
function callAllTheWhile(role: TestRole) {
  const wrong: string[] = []
  let calls = 0
  let isOver = false
  const note = (what: string) => void wrong.push(what)
  const use = async (once: boolean) => {
    while (!isOver) {
      const line = await openLine(role.port)
      let ends: boolean = once
      do {
        const answer = await line.call('/harbor/items', live.text)
        if (answer.status !== 200) note(`${answer.status}: ${answer.body}`)
        calls += 1
        ends ||= answer.ends
      } while (!ends && !isOver)
      line.close()
    }
  }
  const kept = [1, 2, 3].map(() => use(false))
  const each = [1, 2].map(() => use(true))
  const clients = [...kept, ...each].map((client) => client.catch((error: Error) => note(error.message)))
  return {
    calls: () => calls,
    async stop() {
      isOver = true
      await Promise.all(clients)
      return wrong
    },
  }
}

/** proc_pid_stat(5): T, stopped on a signal. Where the system does not tell, nothing is known. */
function standsStill(pid: number): boolean {
  const stat = existsSync('/proc/self/stat') ? readFileSync(`/proc/${pid}/stat`, 'utf8') : ') T '
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')
}

const times = (text: string, part: string) => text.split(part).length - 1

describe.each(['node', 'splice'])('with the engine %s', (engine) => {
  test(
    'while workers are replaced one by one, no connection is refused and none is reset under a client that repeats nothing',
    { timeout: limitMs(120_000) },
    async () => {
      const control = await controlWithService()
      const role = await startRole(control, { ROCKPOOL_ENGINE: engine })
      await listening(role, 2)
      const first = role.workers()
      const clients = callAllTheWhile(role)
      const rounds = count('workerReplacements', 2) / 2
      for (let round = 1; round <= rounds; round += 1) {
        const before = clients.calls()
        role.signal('SIGHUP')
        await until('all are', () => times(role.told(), 'all workers are replaced') === round, 30_000)
        expect(clients.calls()).toBeGreaterThan(before)
      }
      expect(await clients.stop()).toEqual([])
      expect(first.filter(isThere)).toEqual([])
      const names = control.holders.map((holder) => holder.replace(/^.*#/, ''))
      expect(names.toSorted()).toEqual([
        ...Array.from({ length: rounds + 1 }, () => '1'),
        ...Array.from({ length: rounds + 1 }, () => '2'),
      ])
      role.signal('SIGTERM')
      await until('it is gone', () => role.exit() !== null)
      expect(role.exit()).toBe(0)
    },
  )
})

test(
  'a worker that is killed takes no waiting connection with it, and its successor takes no calls before it can serve',
  { timeout: 120_000 },
  async () => {
    const control = await controlWithService()
    const role = await startRole(control)
    await listening(role, 2)
    const [one, other] = role.workers() as [number, number]
    for (const pid of [one, other]) process.kill(pid, 'SIGSTOP')
    await until('both stand still', () => [one, other].every(standsStill))
    const lines = await Promise.all(Array.from({ length: 30 }, () => openLine(role.port)))
    const answers = lines.map((line) => line.call('/harbor/items', live.text))
    killHard(one)
    process.kill(other, 'SIGCONT')
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect(statuses).toEqual(lines.map(() => 200))
    for (const line of lines) line.close()
    await listening(role, 3)

    control.stop()
    const before = role.workers()
    killHard(other)
    await until('its successor is there', () => role.workers().some((pid) => !before.includes(pid)))
    for (let call = 0; call < 20; call += 1) expect((await callOnce(role)).status).toBe(200)
  },
)

test('where no worker can serve one listens, and says why', { timeout: 120_000 }, async () => {
  const role = await startRole({ url: 'http://127.0.0.1:1' })
  await until(
    'it answers',
    async () => {
      const answer = await callOnce(role).catch(() => undefined)
      return answer?.status === 503 && answer.body.includes('control was not reached')
    },
    30_000,
  )
})

test(
  'with the parent that is killed its workers end; another one begins in its folder, and tells what all left in their ledgers',
  { timeout: 120_000 },
  async () => {
    const control = await controlWithService()
    const role = await startRole(control)
    await listening(role, 2)
    control.takesLedger = false
    const seen = new Set<string>()
    let written = 0
    await until('both have taken a write', async () => {
      const { status, body } = await callOnce(role, 'POST', '/box/items', run.text)
      expect(status).toBe(200)
      written += 1
      return seen.add(body).size === 2
    })
    const workers = role.workers()
    killHard(workers[0]!)
    killHard(role.pid)
    control.takesLedger = true
    const next = await startRole(control, { ROCKPOOL_WORKERS: '1' }, role.folder)
    await until('its workers are gone', () => !workers.some(isThere))
    await listening(next, 1)
    await until('all are told', () => new Set(control.ledger.map(({ id }) => id)).size === written)
    await until('it serves', async () => (await callOnce(next)).status === 200)
  },
)

test(
  'workers speak TLS and HTTP/2; a certificate that cannot be served ends all of it',
  { timeout: 120_000 },
  async () => {
    const tls = makeCertificate(temporaryFolder())
    const control = await controlWithService()
    const files = { ROCKPOOL_TLS_CERT: tls.cert, ROCKPOOL_TLS_KEY: tls.key }
    const role = await startRole(control, files)
    await listening(role, 2)
    const session = http2Session(role, { scheme: 'https', ca: tls.ca })
    const health = await sendHttp2(session, { path: '/.rockpool/health' })
    expect([session.alpnProtocol, health.status]).toEqual(['h2', 200])
    session.close()
    const broken = await startRole(control, { ...files, ROCKPOOL_TLS_KEY: tls.cert })
    await until('it is gone', () => broken.exit() !== null, 30_000)
    expect(broken.exit()).not.toBe(0)
    expect(broken.told()).toContain('gateway cannot start')
  },
)

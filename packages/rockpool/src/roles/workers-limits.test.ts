import { expect, test } from 'vitest'
import { until } from '../../test/support/gateway.ts'
import {
  controlWithService,
  listening,
  live,
  openLine,
  otherLive,
  probe,
  startRole,
} from '../../test/support/workers.ts'
import type { Line, TestRole } from '../../test/support/workers.ts'

// A minute is long: what comes back meanwhile is little, however slow the machine is.
const limit = { per: 'credential' as const, limit: 120, windowMs: 60_000, burst: 120 }
const cameBack = (since: number) => (limit.limit * (performance.now() - since)) / limit.windowMs

/** A connection to each worker. */
async function toEach(role: TestRole): Promise<[Line, Line]> {
  const found = new Map<string, Line>()
  await until('each has one', async () => {
    const line = await openLine(role.port)
    const { status, body } = await line.call('/harbor/items', probe.text)
    if (status === 200 && !found.has(body)) found.set(body, line)
    else line.close()
    return found.size === 2
  })
  return [...found.values()] as [Line, Line]
}

/** Whether the limit let it go on. */
async function goesOn(line: Line, key: string): Promise<boolean> {
  const { status } = await line.call('/harbor/items', key)
  expect([200, 429]).toContain(status)
  return status === 200
}

test(
  'a limit is that of all workers together: one of them may give all of it, and all of them no more',
  { timeout: 120_000 },
  async () => {
    const role = await startRole(await controlWithService([limit]))
    await listening(role, 2)
    const [one, other] = await toEach(role)

    let began = performance.now()
    let admitted = 0
    await until(
      'all of it has gone through one',
      async () => {
        if (await goesOn(one, live.text)) admitted += 1
        return admitted === limit.burst
      },
      30_000,
    )
    for (let call = 0; call < 100; call += 1) if (await goesOn(other, live.text)) admitted += 1
    expect(admitted).toBeLessThanOrEqual((limit.burst + cameBack(began)) * 1.1)

    began = performance.now()
    const counts = [one, other].map(async (line) => {
      let mine = 0
      for (let call = 0; call < 300; call += 1) if (await goesOn(line, otherLive.text)) mine += 1
      return mine
    })
    const [first, second] = (await Promise.all(counts)) as [number, number]
    expect(first + second).toBeLessThanOrEqual((limit.burst + cameBack(began)) * 1.1)
    expect(first + second).toBeGreaterThanOrEqual(limit.burst - 2)
    for (const line of [one, other]) line.close()
  },
)

import { expect, test } from 'vitest'
import { until } from '../../../test/support/gateway.ts'
import { BodyTimer, inTime } from './body-time.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function* pieces(sizes: readonly number[], everyMs: number) {
  for (const size of sizes) {
    await pause(everyMs)
    yield Buffer.alloc(size)
  }
}

async function read(
  body: AsyncIterable<Uint8Array>,
  bodyMs: number,
  { bodyIdleMs = 60_000, holdMs = 0 } = {},
) {
  let late = 0
  let bytes = 0
  for await (const chunk of inTime(body, new BodyTimer({ bodyMs, bodyIdleMs }, () => (late += 1)))) {
    bytes += chunk.length
    if (holdMs > 0) await pause(holdMs)
  }
  return { late, bytes }
}

test('drops do not buy the time that they take', async () => {
  const drip = pieces(
    Array.from({ length: 20 }, () => 1),
    20,
  )
  expect(await read(drip, 100)).toEqual({ late: 1, bytes: 20 })
})

test('bytes buy time: 4 KB a second', async () => {
  const steady = pieces(
    Array.from({ length: 20 }, () => 20_000),
    20,
  )
  expect(await read(steady, 200)).toEqual({ late: 0, bytes: 400_000 })
})

test('what nobody asks for meanwhile costs no time', async () => {
  expect(await read(pieces([1, 1, 1], 0), 500, { holdMs: 300 })).toEqual({ late: 0, bytes: 3 })
})

test('the time without a byte begins anew with each, and is told of once', async () => {
  const slowly = pieces([1, 1, 1, 1, 1], 60)
  expect(await read(slowly, 10_000, { bodyIdleMs: 200 })).toEqual({ late: 0, bytes: 5 })
  expect(await read(pieces([1, 1], 150), 10_000, { bodyIdleMs: 50 })).toEqual({ late: 1, bytes: 2 })
})

/** Asked for bytes that do not come. */
function asking(bodyIdleMs: number) {
  let late = 0
  const timer = new BodyTimer({ bodyMs: 10_000, bodyIdleMs }, () => (late += 1))
  timer.ask()
  return { timer, late: () => late }
}

test('while it is held no time goes by, asked for or not, and all of it is there again after that', async () => {
  const { timer, late } = asking(100)
  timer.hold()
  await pause(250)
  expect(late()).toBe(0)
  timer.ask()
  await pause(250)
  expect(late()).toBe(0)
  timer.release()
  await until('late', () => late() === 1)
})

test('progress elsewhere begins the time without a byte anew, and buys none in all', async () => {
  const { timer, late } = asking(200)
  const progress = setInterval(() => timer.sawProgress(), 20)
  await pause(500)
  expect(late()).toBe(0)
  clearInterval(progress)
  await until('late', () => late() === 1)

  let slow = 0
  const whole = new BodyTimer({ bodyMs: 200, bodyIdleMs: 10_000 }, () => (slow += 1))
  whole.ask()
  const more = setInterval(() => whole.sawProgress(), 20)
  await until('late', () => slow === 1).finally(() => clearInterval(more))
})

test('what is over is not late', async () => {
  const { timer, late } = asking(50)
  timer.end()
  timer.release()
  timer.sawProgress()
  await pause(150)
  expect(late()).toBe(0)
})

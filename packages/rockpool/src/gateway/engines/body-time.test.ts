import { expect, test } from 'vitest'
import { inTime } from './body-time.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function* pieces(sizes: readonly number[], everyMs: number) {
  for (const size of sizes) {
    await pause(everyMs)
    yield Buffer.alloc(size)
  }
}

async function read(body: AsyncIterable<Uint8Array>, bodyMs: number, holdMs = 0) {
  let late = 0
  let bytes = 0
  for await (const chunk of inTime(body, bodyMs, () => (late += 1))) {
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
  expect(await read(pieces([1, 1, 1], 0), 500, 300)).toEqual({ late: 0, bytes: 3 })
})

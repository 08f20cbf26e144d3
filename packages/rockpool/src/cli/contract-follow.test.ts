import { expect, test } from 'vitest'
import { follow } from './contract-follow.ts'

/** A list that grows between two looks, as control answers it; each step is one pause. */
async function followed(before: number[], steps: ((ids: number[]) => void)[], most = 3) {
  const ids = [...before]
  const stop = new AbortController()
  const failures: unknown[] = []
  const rest = [...steps]
  let begun = 0
  const items = follow({
    async read({ cursor }) {
      if (ids.includes(-1)) throw new Error('away')
      const older = ids.toSorted((a, b) => b - a).filter((id) => id < Number(cursor ?? Infinity))
      const page = older.slice(0, most).map((id) => ({ id }))
      return { items: page, next: older.length > most ? String(page.at(-1)!.id) : null }
    },
    begun: () => void (begun += 1),
    async pause() {
      const step = rest.shift()
      if (step === undefined) stop.abort()
      else step(ids)
    },
    failed: (error) => failures.push(error),
    stopped: stop.signal,
  })
  const told: number[] = []
  for await (const { id } of items) told.push(id)
  expect(begun).toBe(1)
  return { told, failures }
}

const add =
  (...more: number[]) =>
  (ids: number[]) =>
    void ids.push(...more)

test('what was there is not told, what comes is, once and in its order', async () => {
  expect(await followed([1, 2], [add(), add(4, 3), add(), add(5)])).toEqual({ told: [3, 4, 5], failures: [] })
  expect(await followed([1, 2, 3, 4, 5, 6, 7], [add(8), add(9)])).toMatchObject({ told: [8, 9] })
})

test('more than a page at once is told whole', async () => {
  expect(await followed([1], [add(2, 3, 4, 5, 6, 7, 8, 9)])).toMatchObject({ told: [2, 3, 4, 5, 6, 7, 8, 9] })
})

test('one that is committed later than its followers is told', async () => {
  expect(await followed([1], [add(3), add(2)])).toMatchObject({ told: [3, 2] })
})

test('an outage is told once, and what came within it afterwards', async () => {
  const away = add(-1)
  const back = (ids: number[]) => void ids.splice(ids.indexOf(-1), 1)
  const { told, failures } = await followed([1], [away, add(2), back])
  expect([told, failures.length]).toEqual([[2], 1])
})

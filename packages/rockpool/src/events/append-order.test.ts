import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inKeyOrder, keyOf, missingNumbers } from './append-order.ts'

const row = (key: string, number: number) => ({ organization: 'harbor', key, number })
const at = (key: string, number: number): [string, number] => [keyOf({ organization: 'harbor', key }), number]

describe('what is missing before rows can be appended', () => {
  test('nothing when the numbers go on from the last, in whatever order they came', () => {
    expect(missingNumbers([row('a', 5), row('a', 4), row('b', 1)], new Map([at('a', 3)]))).toEqual([])
  })

  test('the numbers between the last one and the highest, when one of them is not there', () => {
    expect(missingNumbers([row('a', 6), row('a', 4)], new Map([at('a', 3)]))).toEqual([
      { organization: 'harbor', key: 'a', from: 4, through: 5 },
    ])
  })

  test('nothing for rows that the log has already', () => {
    expect(missingNumbers([row('a', 2)], new Map([at('a', 7)]))).toEqual([])
  })
})

describe('the order of appending', () => {
  test('a number that was read late goes before the later ones of its key', () => {
    const rows = [row('a', 2), row('b', 1), row('a', 1)]
    expect(inKeyOrder(rows, [], new Map())).toEqual([row('a', 1), row('a', 2), row('b', 1)])
  })

  test('a number that no row has any more is passed over', () => {
    expect(inKeyOrder([row('a', 9)], [], new Map([at('a', 3)]))).toEqual([row('a', 9)])
  })

  test('read in any order, in any pieces: each number once, and in order within its key', () => {
    const outbox = fc
      .array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 5 })
      .map((lengths) =>
        lengths.flatMap((length, key) => Array.from({ length }, (_, index) => row(`k${key}`, index + 1))),
      )
    const reading = outbox.chain((rows) =>
      fc.record({
        order: fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length }),
        piece: fc.integer({ min: 1, max: rows.length }),
      }),
    )
    fc.assert(
      fc.property(reading, ({ order, piece }) => {
        const last = new Map<string, number>()
        const log: ReturnType<typeof row>[] = []
        for (let from = 0; from < order.length; from += piece) {
          const rows = order.slice(from, from + piece)
          const fetched = missingNumbers(rows, last).flatMap(({ key, from: first, through }) =>
            order.filter((one) => one.key === key && one.number >= first && one.number <= through),
          )
          for (const one of inKeyOrder(rows, fetched, last)) {
            log.push(one)
            last.set(keyOf(one), one.number)
          }
        }
        for (const key of new Set(order.map((one) => one.key))) {
          const numbers = log.filter((one) => one.key === key).map(({ number }) => number)
          expect(numbers).toEqual(numbers.map((_, index) => index + 1))
        }
        expect(log).toHaveLength(order.length)
      }),
    )
  })
})

import { expect, test } from 'vitest'
import { moved, rangeOf, upToNow } from './range.ts'

const now = Date.parse('2026-11-22T14:42:08.000Z')
const at = (query: string) => rangeOf(new URLSearchParams(query), now)

test('without a range it is the last hour, and the minute under way is in it', () => {
  expect(at('')).toEqual({
    from: '2026-11-22T13:43:00.000Z',
    to: '2026-11-22T14:43:00.000Z',
    isLive: true,
    isOver: false,
  })
})

test('a range of the URL is absolute; one that makes no sense is not obeyed', () => {
  const named = 'from=2026-11-22T10:00:00.000Z&to=2026-11-22T11:00:00.000Z'
  expect(at(named)).toEqual({
    from: '2026-11-22T10:00:00.000Z',
    to: '2026-11-22T11:00:00.000Z',
    isLive: false,
    isOver: true,
  })
  expect(at('from=2026-11-22T14:00:00Z&to=2026-11-22T15:00:00Z')).toMatchObject({
    isLive: false,
    isOver: false,
  })
  for (const wrong of [
    'from=x&to=y',
    'from=2026-11-22T11:00:00Z&to=2026-11-22T10:00:00Z',
    'from=2020-01-01T00:00:00Z&to=2026-11-22T10:00:00Z',
    'from=2026-11-22T10:00:00Z',
  ])
    expect(at(wrong).isLive).toBe(true)
})

test('a range moves by its own length, and not into what is to come', () => {
  expect(moved(at(''), -1, now)).toEqual({ from: '2026-11-22T12:43:00.000Z', to: '2026-11-22T13:43:00.000Z' })
  expect(moved(at(''), 1, now)).toBeNull()
  expect(upToNow(3_600_000, now)).toEqual({
    from: '2026-11-22T13:42:00.000Z',
    to: '2026-11-22T14:42:00.000Z',
  })
})

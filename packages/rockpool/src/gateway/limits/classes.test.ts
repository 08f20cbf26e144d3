import type { Actor } from '@rockpool/sdk/wire'
import { actors } from '@rockpool/sdk/wire'
import { expect, test } from 'vitest'
import { classOf, roomOf, shares } from './classes.ts'

test('by environment and actor, each has a class', () => {
  const table = (environment: 'production' | 'sandbox') =>
    Object.fromEntries(actors.map((actor) => [actor, classOf({ actor, environment })]))
  const own = { bot: 'bot', load: 'bot', drill: 'bot', check: 'sandbox', example: 'sandbox' }
  expect(table('production')).toEqual({
    ...own,
    customer: 'customer',
    service: 'customer',
    member: 'customer',
    anonymous: 'anonymous',
  })
  expect(table('sandbox')).toEqual({
    ...own,
    customer: 'sandbox',
    service: 'sandbox',
    member: 'sandbox',
    anonymous: 'sandbox',
  })
  expect(classOf(null)).toBe('anonymous')
})

test('an actor that nobody knows yet is not let in before customers', () => {
  expect(classOf({ actor: 'rehearsal' as Actor, environment: 'sandbox' })).toBe('sandbox')
})

test('the lower the class, the less it may fill; of the smallest cap each has one', () => {
  const rooms = (concurrency: number) =>
    (['customer', 'anonymous', 'sandbox', 'bot'] as const).map((of) => roomOf(concurrency, of))
  expect(rooms(256)).toEqual([256, 230, 179, 128])
  expect(rooms(10)).toEqual([10, 9, 7, 5])
  expect(rooms(1)).toEqual([1, 1, 1, 1])
  expect(Object.values(shares)).toEqual([1, 0.9, 0.7, 0.5])
})

import type { CloudEvent } from '@rockpool/sdk/wire'
import { describe, expect, test } from 'vitest'
import type { Given } from './consumer-store.ts'
import { defaultRetry, pauseAfter } from './retry.ts'
import { settle, sortOut } from './settle.ts'

const given = (position: number, key: string, more: Partial<CloudEvent> = {}, source = 'orders'): Given => ({
  position,
  source,
  event: {
    id: String(position),
    subject: key,
    organization: 'harbor',
    type: 'orders.order_placed',
    ...more,
  } as CloudEvent,
})
const failed = (id: string, code = 'consumer_failed') => ({
  id,
  outcome: 'failed' as const,
  error: { code, message: 'no' },
})
const applied = (id: string) => ({ id, outcome: 'applied' as const })

describe('pauses', () => {
  test('grow from 0.2 s to 30 s, and end after eight attempts', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8].map((attempts) => pauseAfter(attempts, defaultRetry))
    expect(pauses).toEqual([200, 800, 3_200, 12_800, 30_000, 30_000, 30_000, null])
  })
})

describe('what is delivered', () => {
  test('not what has an earlier event of its source, organization and key held', () => {
    const events = [
      given(1, 'a'),
      given(2, 'a', { organization: 'reef' }),
      given(3, 'a', {}, 'catalog'),
      given(4, 'b'),
    ]
    const { deliver, behind } = sortOut(events, new Set(), new Set(['orders\nharbor\na']))
    expect(behind.map(({ position }) => position)).toEqual([1])
    expect(deliver.map(({ position }) => position)).toEqual([2, 3, 4])
  })

  test('of an organization that is gone only its deletion, and only Rockpool’s own word for it', () => {
    const deletion = { type: 'rockpool.organization_deleting' }
    const events = [
      given(1, 'a'),
      given(2, 'harbor', deletion, 'rockpool'),
      given(3, 'harbor', deletion, 'orders'),
    ]
    expect(sortOut(events, new Set(['harbor']), new Set()).deliver.map(({ position }) => position)).toEqual([
      2,
    ])
  })
})

describe('what becomes of it', () => {
  const first = () => 0

  test('a failed event is held with its error, and what follows in its key waits behind it untried', () => {
    const events = [given(1, 'a'), given(2, 'a'), given(3, 'b')]
    const { done, holds } = settle(
      events,
      [failed('1'), failed('2', 'held_behind'), applied('3')],
      first,
      defaultRetry,
    )
    expect(done).toEqual([3])
    expect(holds).toEqual([
      {
        position: 1,
        attempts: 1,
        pause: 200,
        error: { code: 'consumer_failed', message: 'no' },
        dead: false,
      },
      { position: 2, attempts: 0, pause: null, error: null, dead: false },
    ])
  })

  test('what was not tried is neither done nor held', () => {
    expect(settle([given(1, 'a'), given(2, 'b')], [applied('1')], first, defaultRetry)).toEqual({
      done: [1],
      holds: [],
    })
  })

  test('the last attempt makes it a dead letter; the deletion of an organization is never given up', () => {
    const deletion = given(2, 'harbor', { type: 'rockpool.organization_deleting' }, 'rockpool')
    const { holds } = settle([given(1, 'a'), deletion], [failed('1'), failed('2')], () => 7, defaultRetry)
    expect(holds).toMatchObject([
      { position: 1, attempts: 8, pause: null, dead: true },
      { position: 2, attempts: 8, pause: 30_000, dead: false },
    ])
  })

  test('an event of an organization that the service knows as deleted is done', () => {
    expect(settle([given(1, 'a')], [failed('1', 'organization_deleted')], first, defaultRetry)).toEqual({
      done: [1],
      holds: [],
    })
  })
})

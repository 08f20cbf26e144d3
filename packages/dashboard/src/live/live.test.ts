import { describe, expect, test } from 'vitest'
import { createEventReader } from './events.ts'
import { isTouched } from './topics.ts'

describe('the stream of events', () => {
  test('is read in whatever pieces it comes', () => {
    const text =
      'event: hello\ndata: {"now":"2026-11-22T14:42:08Z"}\n\n: still here\n\nevent: changed\r\ndata: {"topics":\r\ndata: ["runs"]}\r\n\r\n'
    const whole = createEventReader()(text)
    expect(whole).toEqual([
      { event: 'hello', data: { now: '2026-11-22T14:42:08Z' } },
      { event: 'changed', data: { topics: ['runs'] } },
    ])
    const read = createEventReader()
    expect(text.split('').flatMap((piece) => read(piece))).toEqual(whole)
  })

  test('does not stumble over data that is no JSON', () => {
    expect(createEventReader()('event: beat\ndata: {oops\n\nevent: beat\ndata: 1\n\n')).toEqual([
      { event: 'beat', data: null },
      { event: 'beat', data: 1 },
    ])
  })

  test('is given up when an event has no end', () => {
    const read = createEventReader()
    expect(() => {
      for (let i = 0; i < 20; i++) read('x'.repeat(100_000))
    }).toThrow('not one of ours')
  })
})

describe('what a topic touches', () => {
  test.each([
    ['runs', ['GET /runs', 'GET /runs/{run}', 'GET /checks', 'GET /status', 'GET /bots']],
    ['faults', ['GET /faults']],
    ['sandboxes', ['GET /sandboxes', 'GET /sandboxes/{sandbox}', 'GET /runs/{run}']],
  ])('%s', (topic, routes) => {
    const all = [
      'GET /runs',
      'GET /runs/{run}',
      'GET /checks',
      'GET /status',
      'GET /bots',
      'GET /faults',
      'GET /sandboxes',
      'GET /sandboxes/{sandbox}',
      'GET /organizations',
      'GET /services',
    ]
    expect(all.filter((route) => isTouched(route, [topic])).toSorted()).toEqual(routes.toSorted())
  })

  test('of which nothing is known here touches everything', () => {
    expect(isTouched('GET /faults', ['something new'])).toBe(true)
    expect(isTouched('GET /faults', [])).toBe(false)
  })
})

import { describe, expect, test } from 'vitest'
import { placesFor, placesOf } from './find.ts'
import { actionOf } from './keys.ts'
import { isAt, pages } from './pages.ts'

const press = (key: string, more = {}) => ({ key, modified: false, writing: false, covered: false, ...more })
const idle = { waiting: false, single: true }

describe('a key', () => {
  test.each([
    ['/', { do: 'find' }],
    ['?', { do: 'help' }],
    ['j', { do: 'next' }],
    ['k', { do: 'previous' }],
    ['g', { do: 'wait' }],
    ['Escape', { do: 'back' }],
    ['x', undefined],
    ['Enter', undefined],
  ])('%s does what the list of keys says', (key, action) => {
    expect(actionOf(press(key), idle)).toEqual(action)
  })

  test('after g is the letter of a page', () => {
    expect(actionOf(press('c'), { ...idle, waiting: true })).toEqual({ do: 'go', letter: 'c' })
    expect(actionOf(press('j'), { ...idle, waiting: true })).toEqual({ do: 'go', letter: 'j' })
    expect(actionOf(press('Enter'), { ...idle, waiting: true })).toBeUndefined()
  })

  test.each([{ modified: true }, { writing: true }, { covered: true }])(
    'is nobody’s of ours with %o',
    (more) => {
      for (const key of ['/', 'j', 'g', 'Escape']) expect(actionOf(press(key, more), idle)).toBeUndefined()
    },
  )

  test('that is a single character does nothing once they are turned off; Esc still goes back', () => {
    const off = { waiting: false, single: false }
    for (const key of ['/', '?', 'j', 'k', 'g']) expect(actionOf(press(key), off)).toBeUndefined()
    expect(actionOf(press('Escape'), off)).toEqual({ do: 'back' })
  })
})

describe('the pages', () => {
  test('have each a letter of their own', () => {
    expect(new Set(pages.map(({ letter }) => letter)).size).toBe(pages.length)
  })

  test('are current with all that lies below them, and Now by itself', () => {
    const current = (path: string) => pages.filter((page) => isAt(page, path)).map(({ name }) => name)
    expect(current('/')).toEqual(['Now'])
    expect(current('/checks')).toEqual(['Checks'])
    expect(current('/checks/a%2Fb')).toEqual(['Checks'])
    expect(current('/checksum')).toEqual([])
  })
})

describe('what is found', () => {
  const places = placesOf([{ name: 'Checks', path: '/checks' }], {
    checks: [{ name: 'a customer can order' }, { name: 'an order can be cancelled' }, { name: 'order/“x”' }],
    bots: [{ name: 'order and cancel' }],
    organizations: [],
    sandboxes: [],
    contracts: [],
  })
  const names = (text: string) => placesFor(text, places).map(({ name }) => name)

  test('begins with the text first, then holds all of its words', () => {
    expect(names('order')).toEqual(['order/“x”', 'a customer can order', 'an order can be cancelled'])
    expect(names(' can ORDER ')).toEqual(['a customer can order', 'an order can be cancelled'])
  })

  test('has only what has a page', () => {
    expect(places.map(({ kind }) => kind)).not.toContain('bot')
  })

  test('is a run by its id, whether it is known here or not', () => {
    expect(placesFor('run_01a204d3', places)).toEqual([
      { name: 'run_01a204d3', kind: 'run', to: '/runs/run_01a204d3' },
    ])
    expect(placesFor('run_', places)).toEqual([])
  })

  test('has an address that survives any name', () => {
    expect(placesFor('order/', places)[0]?.to).toBe('/checks/order%2F%E2%80%9Cx%E2%80%9D')
  })

  test('is at most a dozen', () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ name: `c ${index}`, to: '/', kind: 'check' }))
    expect(placesFor('c', many)).toHaveLength(12)
  })
})

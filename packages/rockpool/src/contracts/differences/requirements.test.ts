import { expect, test } from 'vitest'
import { alternativesOf, refusedSince, textOf } from './requirements.ts'

const key = { key: [] }
const both = { key: [], oauth: ['read'] }

test('whoever has more than is asked for is let in', () => {
  expect(refusedSince([both], [key])).toBeNull()
  expect(refusedSince([{ oauth: ['read', 'write'] }], [{ oauth: ['read'] }])).toBeNull()
})

test('whoever has less is not', () => {
  expect(refusedSince([key], [both])).toEqual(key)
  expect(refusedSince([{ oauth: ['read'] }], [{ oauth: ['write'] }])).toEqual({ oauth: ['read'] })
})

test('each alternative that was enough must still be', () => {
  expect(refusedSince([key, { other: [] }], [key])).toEqual({ other: [] })
  expect(refusedSince([key], [key, { other: [] }])).toBeNull()
})

test('where nothing is asked for, nobody needs anything', () => {
  expect(refusedSince(alternativesOf([]), [key])).toEqual({})
  expect(refusedSince([key], alternativesOf([]))).toBeNull()
})

test('schemes may be called by any name', () => {
  const inherited = JSON.parse('{"__proto__":[]}') as Record<string, string[]>
  expect(refusedSince([{ toString: [] }], [{ constructor: [] }])).toEqual({ toString: [] })
  expect(refusedSince([{}], [inherited])).toEqual({})
  expect(textOf(inherited)).toBe('__proto__')
})

import { expect, test } from 'vitest'
import { canonical, kinshipOf, takesIn } from './media-types.ts'

test('a media type is the same in any case, and with its parameters in any order', () => {
  expect(canonical('Text/HTML; Level=1; charset="UTF-8"')).toBe(canonical('text/html;charset=utf-8;level=1'))
  expect(canonical('text/html;level=1')).not.toBe(canonical('text/html;level=2'))
})

test.each([
  ['application/json', 'APPLICATION/JSON', 'same'],
  ['application/json', 'application/*', 'generalized'],
  ['application/json', '*/*', 'generalized'],
  ['*/*', 'text/*', 'specialized'],
  ['application/json', 'application/problem+json', 'specialized'],
  ['application/problem+json', 'application/json', 'generalized'],
  ['text/csv;header=present', 'text/csv', 'changed'],
  ['application/json', 'application/xml', null],
  ['application/json', 'text/json', null],
  ['application/json', 'application/geojson', null],
])('%s and then %s: %s', (before, after, kinship) => {
  expect(kinshipOf(before, after)).toBe(kinship)
})

test('a range takes in what is of its kind; a suffix does not make one syntax another', () => {
  expect(takesIn('application/*', 'application/json')).toBe(true)
  expect(takesIn('text/csv', 'text/csv;header=present')).toBe(true)
  expect(takesIn('text/csv;header=present', 'text/csv')).toBe(false)
  expect(takesIn('application/json', 'application/problem+json')).toBe(false)
})

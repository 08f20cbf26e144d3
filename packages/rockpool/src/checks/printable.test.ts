import { expect, test } from 'vitest'
import { oneLine, printable } from './printable.ts'

test('escapes that a terminal would obey are shown', () => {
  const text = printable('\u001b[2J\u001b]0;title\u0007 \u009b31m \u202eevil\u202c \r over')
  expect(text).toBe('\\u001b[2J\\u001b]0;title\\u0007 \\u009b31m \\u202eevil\\u202c \\u000d over')
})

test('ordinary text of any language stays', () => {
  const text = 'Grüße\n\t日本 🐟 <script>'
  expect(printable(text)).toBe(text)
  expect(printable('half \ud83d')).toBe('half \\ud83d')
})

test('a text becomes one line of a length', () => {
  expect(oneLine('a\n  b\tc')).toBe('a ⏎ b c')
  expect(oneLine('x'.repeat(50), 10)).toBe('xxxxxxxxx…')
})

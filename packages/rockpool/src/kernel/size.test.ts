import { expect, test } from 'vitest'
import { parseSize } from './size.ts'

test.each([
  ['0B', 0],
  ['500B', 500],
  ['64KB', 65_536],
  ['10MB', 10_485_760],
  ['2GB', 2_147_483_648],
])('%s are %i bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes))

test.each(['', '10', '1.5MB', '10 MB', '10mb', '-1B', '1TB'])('“%s” is no size', (text) => {
  expect(() => parseSize(text)).toThrow(/is not a size/)
})

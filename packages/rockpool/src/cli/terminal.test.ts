import { expect, test } from 'vitest'
import { columns, createTerminal, fold, shown } from './terminal.ts'
import { fakeStreams } from '../../test/support/terminal.ts'

test('escapes, line ends and marks that turn the writing direction are shown, not obeyed', () => {
  expect(shown('\u001b[31mred\u0007')).toBe('\\x1b[31mred\\x07')
  expect(shown('one\ntwo\r\tthree')).toBe('one⏎two\\x0d three')
  expect(shown('abc\u202etxt.exe\u009b2J')).toBe('abc\\u202etxt.exe\\x9b2J')
  expect(shown('Grüße, 店 “quoted” 🦀')).toBe('Grüße, 店 “quoted” 🦀')
})

test('columns are as wide as their widest cell, whatever its colours, and lines have no blanks at the end', () => {
  expect(
    columns([
      ['\u001b[32m✔\u001b[39m a', '1', 'x'],
      ['· longer', '', ''],
    ]),
  ).toEqual(['\u001b[32m✔\u001b[39m a       1  x', '· longer'])
  expect(columns([])).toEqual([])
})

test('a line is folded between words; what is longer than a line is cut, so that no row is wider than was asked', () => {
  expect(fold('one two three', 20)).toEqual(['one two three'])
  expect(fold('one two three', 8)).toEqual(['one two', 'three'])
  expect(fold('one two three four', 10, 4)).toEqual(['one two', 'three', 'four'])
  const rows = fold(`  ${'a'.repeat(50)} end`, 20)
  expect(rows.every((row) => row.length <= 20)).toBe(true)
  expect(rows.join('').replaceAll(' ', '')).toBe(`${'a'.repeat(50)}end`)
})

test.each([
  ['NO_COLOR', { NO_COLOR: '1' }, true],
  ['TERM=dumb', { TERM: 'dumb' }, true],
  ['a pipe', {}, false],
])('%s: words for marks, no colours', (_, environment, isTTY) => {
  const { streams } = fakeStreams({ isTTY, environment })
  const { mark } = createTerminal(streams)
  expect(mark).toEqual({ pass: 'ok  ', fail: 'FAIL', unsure: '??  ', moving: '... ', waiting: '-   ' })
})

test('on a terminal: coloured marks, folded results, at most 80 columns', () => {
  const { streams, out } = fakeStreams({ isTTY: true, columns: 200 })
  const terminal = createTerminal(streams)
  expect(terminal.mark.pass).toBe('\u001b[32m✔\u001b[39m')
  expect(terminal.width).toBe(80)
  terminal.printFolded(`question  ${'word '.repeat(20)}`.trimEnd(), 10)
  expect(out().split('\n')[1]).toMatch(/^ {10}word/)
})

test('a result in a pipe stays on one line', () => {
  const { streams, out } = fakeStreams({ isTTY: false })
  createTerminal(streams).printFolded('word '.repeat(40).trimEnd(), 10)
  expect(out().trimEnd().split('\n')).toHaveLength(1)
})

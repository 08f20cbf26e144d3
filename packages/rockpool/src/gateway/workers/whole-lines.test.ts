import { expect, test } from 'vitest'
import { createWholeLines, piecesOf } from './whole-lines.ts'

const line = (length: number) => `${'x'.repeat(length - 1)}\n`

test('lines are gathered into pieces that a pipe takes at once, and none is cut', () => {
  const text = Array.from({ length: 60 }, () => line(300)).join('')
  const pieces = piecesOf(text)
  expect(pieces.join('')).toBe(text)
  expect(pieces.map((piece) => piece.length)).toEqual([3_900, 3_900, 3_900, 3_900, 2_400])
  expect(pieces.every((piece) => piece.endsWith('\n'))).toBe(true)
  expect(piecesOf(`${line(10)}${line(9_000)}${line(10)}`).map((piece) => piece.length)).toEqual([
    10, 9_000, 10,
  ])
  expect(piecesOf(`${'ä'.repeat(3_000)}\n${'ä'.repeat(3_000)}\n`)).toHaveLength(2)
})

test('a piece is written when the one before has gone; while many wait it says so, and then that they are fewer', () => {
  const written: string[] = []
  let gone: (() => void) | undefined
  const sink = createWholeLines({
    write(text, done) {
      written.push(text)
      gone = done
      return false
    },
  })
  let isEmptied = false
  expect(sink.write(line(4_000).repeat(10))).toBe(true)
  expect(sink.write(line(4_000).repeat(100))).toBe(false)
  sink.once('drain', () => (isEmptied = true))
  expect(written).toHaveLength(1)
  while (!isEmptied) gone!()
  expect(written.length).toBeLessThan(110)
  while (written.length < 110) gone!()
  expect(written.join('')).toBe(line(4_000).repeat(110))
})

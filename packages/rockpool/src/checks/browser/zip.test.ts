import { expect, test } from 'vitest'
import { readZip, writeZip } from './zip.ts'

const entries = [
  { name: 'trace.trace', content: Buffer.from('{"type":"x"}\n') },
  { name: 'resources/größe.bin', content: Buffer.from(Array.from({ length: 70_000 }, (_, at) => at % 251)) },
  { name: 'empty', content: Buffer.alloc(0) },
]

test('what is written is read again, names and contents', () => {
  expect(readZip(writeZip(entries), 1_000_000)).toEqual(entries)
})

test('an archive that holds more than may be unpacked is refused, whatever its headers say', () => {
  expect(() => readZip(writeZip(entries), 50_000)).toThrow()
})

test('what is no archive, or cut, is refused', () => {
  expect(() => readZip(Buffer.from('no'), 10)).toThrow('no ZIP')
  const cut = writeZip(entries)
  cut.fill(0, cut.length - 120, cut.length - 22)
  expect(() => readZip(cut, 1_000_000)).toThrow()
})

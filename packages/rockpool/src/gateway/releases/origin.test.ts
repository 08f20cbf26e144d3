import { expect, test } from 'vitest'
import { readOrigin } from './origin.ts'

test.each([
  ['http://127.0.0.1:9001', 'http://127.0.0.1:9001'],
  ['http://127.0.0.1:9001/', 'http://127.0.0.1:9001'],
  ['HTTP://Catalog.Example:80', 'http://catalog.example'],
  ['https://10.0.0.7', 'https://10.0.0.7'],
  ['http://[::1]:9001', 'http://[::1]:9001'],
  ['http://0.example', 'http://0.example'],
])('%s is %s', (text, origin) => {
  expect(readOrigin(text)).toBe(origin)
})

test.each([
  '',
  'catalog',
  '127.0.0.1:9001',
  'ftp://127.0.0.1',
  'file:///etc/passwd',
  'http://user:secret@127.0.0.1',
  'http://127.0.0.1/v1',
  'http://127.0.0.1/?x',
  'http://127.0.0.1/#x',
  'http://0.0.0.0:9001',
  'http://169.254.169.254',
  'http://169.254.169.254.',
  'http://0xa9fea9fe',
  'http://[::ffff:169.254.169.254]',
  'http://224.0.0.1',
  'http://[::]:9001',
  'http://[fe80::1]',
  'http://[ff02::1]',
])('%s is refused, and nothing of it repeated but an address', (text) => {
  expect(() => readOrigin(text)).toThrow(/^the address of a release /)
  expect(() => readOrigin(text)).not.toThrow(/secret/)
})

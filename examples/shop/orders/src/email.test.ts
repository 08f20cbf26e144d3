import { expect, test } from 'vitest'
import { isUnder, readDomain, readEmail } from './email.ts'

const bots = 'bots.harbor.example'

test.each([
  'mia@bots.harbor.example',
  'mia@BOTS.Harbor.EXAMPLE',
  'mia@bots.harbor.example.',
  'mia@ｂｏｔｓ.harbor.example',
  'mia@bots。harbor．example',
  'mia@bo\u00adts.harbor.example',
  'mia@𝐛ots.harbor.example',
])('%s is under the bots’ domain', (text) => {
  const email = readEmail(text)
  expect(email).toEqual({ text: 'mia@bots.harbor.example', domain: bots })
  expect(isUnder(email!, bots)).toBe(true)
})

test('below it is under it too; beside it, or beginning like it, is not', () => {
  expect(isUnder(readEmail('mia@a.b.bots.harbor.example.')!, bots)).toBe(true)
  for (const other of ['mia@harbor.example', 'mia@robots.harbor.example', 'mia@bots.harbor.example.org'])
    expect(isUnder(readEmail(other)!, bots), other).toBe(false)
})

test('the same letters of another script are another domain, as they are in DNS', () => {
  expect(readEmail('mia@bоts.harbor.example')?.domain).toBe('xn--bts-sed.harbor.example')
})

test.each([
  'mia',
  '@harbor.example',
  'mia@',
  'mia@harbor',
  'mia@harbor.example..',
  'mia@.harbor.example',
  'mia@127.0.0.1',
  'mia@0x7f.1',
  'mia@[::1]',
  'mia@xn--bots-.harbor.example',
  'mia@bots%2eharbor.example',
  'mia@bots.harbor.example/..',
  'mia@bots\t.harbor.example',
  'mia@bots\u200d.harbor.example',
  'mia@a_b.example',
  'mia jones@harbor.example',
  '"mia@x"@harbor.example',
  'mia..jones@harbor.example',
  'mia\r\n@harbor.example',
  'mïa@harbor.example',
  `${'m'.repeat(65)}@harbor.example`,
  `mia@${'h'.repeat(64)}.example`,
  `mia@${'h.'.repeat(126)}example`,
  `mia@${'h.'.repeat(50_000)}example`,
  undefined,
  ['mia@harbor.example'],
])('%j is no address', (text) => {
  expect(readEmail(text)).toBeUndefined()
})

test('one address is one text', () => {
  expect(readEmail('Mia.Jones+Shop@Harbor.Example')?.text).toBe('mia.jones+shop@harbor.example')
  expect(readEmail('mia@MÜNCHEN.example')).toEqual(readEmail('mia@xn--mnchen-3ya.example'))
  expect(readDomain('Bücher.example')).toBe('xn--bcher-kva.example')
})

import { expect, test } from 'vitest'
import { Dice, emptyHash, hashOn } from '../dice.ts'
import { textsOf } from './text.ts'

/** Each with flags that it compiles with. */
const patterns: [string, string][] = [
  ['^[A-Z]{3}$', 'u'],
  ['^\\d{4}-\\d{2}-\\d{2}$', 'u'],
  ['^[a-z]+(?:-[a-z]+)*$', 'u'],
  ['^(?:a|bb|c{3})+$', 'u'],
  ['^([ab])(\\d)\\2\\1$', 'u'],
  ['^(?<year>\\d{2})/\\k<year>$', 'u'],
  ['^\\p{Lu}\\p{Ll}+\\P{L}$', 'u'],
  ['^[\\u4e00-\\u9fa5]{2,4}$', 'u'],
  ['^[\\u{1F600}-\\u{1F64F}]$', 'u'],
  ['^#[0-9a-fA-F]{6}$', 'u'],
  ['^\\+?[1-9]\\d{1,14}$', 'u'],
  ['^a{2,}b*?c?$', 'u'],
  ['^[\\w.-]+@[\\w-]+(\\.[a-z]{2,4})+$', 'u'],
  ['^\\u0041\\x42\\cJ\\t\\0$', 'u'],
  ['^[^\\]\\\\a-z]+$', 'u'],
  ['^\\S+\\s\\S+$', 'u'],
  ['\\bword\\b', 'u'],
  ['^{a}$', ''],
  ['^a-\\-_$', ''],
  ['^(?:)$', 'u'],
  ['^(?i:ab)$', 'u'],
  ['^$', 'u'],
  ['', 'u'],
  ['^(a+)+$', 'u'],
  ['^\\/(?:[a-z]+\\/?)*$', 'u'],
]

const dice = (text: string) => new Dice(hashOn(emptyHash, text))

for (const [source, flags] of patterns)
  test(`${source}: what is made of it matches it, at each length`, () => {
    const texts = textsOf(source)!
    const pattern = new RegExp(source, flags)
    for (let more = 0; more < 25; more += 1) {
      const text = texts.text(Math.min(texts.most, texts.least + more), dice(`${source} ${more}`), false)
      expect(text).toMatch(pattern)
    }
  })

test('a text is as long as it is asked to be, where the pattern has such texts', () => {
  for (const source of ['^[a-z]+$', '^(?:ab?|c{2,5})*$', '^\\d{3,30}$', '^a(?:b|c+)d*$'])
    for (let length = 3; length <= 30; length += 1)
      expect([...textsOf(source)!.text(length, dice(`${length}`), false)]).toHaveLength(length)
})

test('characters that something ahead asks for are taken when asked to', () => {
  const source = '^(?=.*[A-Z])(?=.*\\d)(?=.*[!?#]).{8,}$'
  const texts = Array.from({ length: 40 }, (_, index) => textsOf(source)!.text(12, dice(`${index}`), true))
  expect(texts.filter((text) => new RegExp(source, 'u').test(text)).length).toBeGreaterThan(10)
})

test('what is no pattern, or asks for too much, gives no texts', () => {
  expect(textsOf('(')).toBe(null)
  expect(textsOf('(a{1000}){1000}')).toBe(null)
  expect(textsOf(`${'('.repeat(500)}a${')'.repeat(500)}`)).toBe(null)
})

test('repetitions of repetitions end', () => {
  const started = performance.now()
  textsOf('^(((a|b?){1000}){1000}){1000}$')!.text(50, dice('deep'), false)
  textsOf('^((a*)*)*$')!.text(5_000, dice('stars'), false)
  expect(performance.now() - started).toBeLessThan(2_000)
})

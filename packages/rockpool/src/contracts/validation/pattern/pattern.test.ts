import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isMatch } from './match.ts'
import { parseExpression } from './parse.ts'
import { readPattern } from './pattern.ts'
import { programOf, sizeOf } from './program.ts'
import { isUnambiguous } from './ambiguity.ts'

const free = { spendMatching: () => undefined }
const matches = (source: string, text: string) => readPattern(source).matches(text, free)
const program = (source: string) => programOf(parseExpression(source, true), true)

/** A pattern, and a text that makes RegExp try every way there is. */
const explosive: [string, string][] = [
  ['^(a+)+$', `${'a'.repeat(50)}!`],
  ['^(a+)+$', `${'a'.repeat(100_000)}!`],
  ['^(a|a)*$', `${'a'.repeat(50)}!`],
  ['^(a|aa)+$', `${'a'.repeat(100)}!`],
  ['^(a?){50}a{50}$', 'a'.repeat(49)],
  ['(x+x+)+y', 'x'.repeat(2000)],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(2000)],
  ['^(?=(a+)+$)', `${'a'.repeat(50)}!`],
  ['(?<=^(a+)+)!', `${'a'.repeat(50)}?`],
  ['\\s+$', `${' '.repeat(50_000)}x`],
  ['^(\\w+\\s?)*$', `${'word '.repeat(100)}!`],
  ['^a*a*a*a*a*a*b$', 'a'.repeat(3000)],
  ['(.*)*(.*)*(.*)*;', 'a'.repeat(1000)],
  ['^((a{0,30}){0,30}){0,30}$', `${'a'.repeat(60)}!`],
]

describe('an expression that can explode', () => {
  test.each(explosive)('is judged in time: %s', (source, text) => {
    const start = performance.now()
    expect(matches(source, text)).toBe(false)
    // It takes some milliseconds; RegExp would take years.
    expect(performance.now() - start).toBeLessThan(5000)
  })

  test('^(a+)+$ takes and refuses what it should, within 100 ms', () => {
    const pattern = readPattern('^(a+)+$')
    const start = performance.now()
    expect(pattern.matches(`${'a'.repeat(50)}!`, free)).toBe(false)
    expect(performance.now() - start).toBeLessThan(100)
    expect(pattern.matches('a'.repeat(50), free)).toBe(true)
  })

  test('spends what it is given, and ends there', () => {
    let spent = 0
    const effort = {
      spendMatching(states: number) {
        spent += states
        if (spent > 100_000) throw new Error('spent')
      },
    }
    expect(() => readPattern('(x+x+)+y').matches('x'.repeat(1_000_000), effort)).toThrow('spent')
    expect(() => readPattern('^(a|a){1000}$').matches('a'.repeat(1_000_000), effort)).toThrow('spent')
  })
})

test.each([
  '^[a-z]+(-[a-z]+)*$',
  '^[A-Z]{3}$',
  '^(?:\\d{4}-\\d{2})?$',
  '^.{0,5000}$',
  '^[^@]+@[^@]+$',
  '^(a|b)*c$',
  '^\\+?\\d{1,15}$',
])('RegExp itself judges %s, which leaves one way on at each character', (source) => {
  expect(isUnambiguous(program(source))).toBe(true)
})

test.each(['^(a+)+$', '^(a|a)*$', 'a*a*', '^(a*)*$', '(a|ab)(c|bcd)', '^(?=a)a', '[a-c]*[c-d]*', '(\\S|ä)*'])(
  'RegExp does not judge %s, which leaves more',
  (source) => {
    expect(isUnambiguous(program(source))).toBe(false)
  },
)

test.each<[string, string[], string[]]>([
  ['^\\p{Lu}+$', ['ÄÖ'], ['äö']],
  ['^.$', ['💩', 'ä'], ['\n', '']],
  ['(.|a)(.|a)$', ['💩💩', 'aa'], ['💩']],
  ['^[\\u{1F4A9}a]+b?b?$', ['💩', 'ab'], ['c']],
  ['^\\-$', ['-'], ['\\-']],
  ['(?<![a-z])(?:a|a)1', ['1a1', 'a1'], ['ba1']],
  ['(?<=(?:a|a)💩)b', ['a💩b'], ['💩b', 'ab']],
  ['\\b(?:a|a)\\b', ['b a c'], ['ba']],
  ['\\B(?:a|a)', ['ba'], ['b a']],
  ['^(?!.*(?:x|x)y)', ['x', 'yx'], ['axy']],
  ['^(?:a|a)\\{2\\}$', ['a{2}'], ['aa']],
  ['^(?<word>a|a)$', ['a'], ['b']],
  ['^(?:a|a)??b$', ['b', 'ab'], ['aab']],
  ['^(?:a|a){2,}$', ['aa', 'aaaa'], ['a']],
  ['^(?:a|a)[^]]$', ['ab]'], ['ab']],
  ['^(?:a|a)[\\]]$', ['a]'], ['a']],
  ['^(?:a|a)\\x41\\u0042\\cJ\\t\\0$', ['aAB\n\t\0'], ['a']],
  ['^(?:a|a){,2}$', ['a{,2}'], ['aa']],
  ['(?:)', [''], []],
  ['^(?:|a|){3}$', ['', 'aaa'], ['aaaa']],
  ['^(?:(?:){1000000000}){1000000000}a?$', ['', 'a'], ['b']],
  ['^(?:){0,1000000000}a?$', ['', 'a'], ['b']],
])('%s takes %j and not %j', (source, yes, no) => {
  expect(yes.filter((text) => !matches(source, text))).toEqual([])
  expect(no.filter((text) => matches(source, text))).toEqual([])
})

test.each<[string, string]>([
  ['(', 'it is no regular expression of ECMA 262'],
  ['(a)\\1', 'it refers back to what it has matched'],
  ['(?<a>x)\\k<a>', 'it refers back to what it has matched'],
  ['(?i:a)', 'it changes its own flags'],
  ['(?:(?:a{1000}){1000}){1000}', 'it is too large'],
  ['(?:a?){200000}', 'it is too large'],
  ['a'.repeat(30_000), 'it is longer than 20000 characters'],
  [`${'('.repeat(200)}${')'.repeat(200)}`, 'its groups are nested too deep'],
])('%s is not judged, and says why', (source, reason) => {
  const pattern = readPattern(source)
  expect(pattern.unjudged).toBe(reason)
  expect(pattern.matches('anything', free)).toBe(true)
})

const atom = fc.constantFrom(
  'a',
  'b',
  '[ab]',
  '[^a]',
  '.',
  '\\w',
  '\\W',
  '\\d',
  'ä',
  '\\p{L}',
  '^',
  '$',
  '\\b',
  '\\B',
  '💩',
)
const expressions = fc.letrec<{ all: string }>((tie) => ({
  all: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.tuple(tie('all'), tie('all')).map(([a, b]) => a + b),
    fc.tuple(tie('all'), tie('all')).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie('all'), fc.constantFrom('*', '+', '?', '*?', '{2}', '{0,2}', '{1,}'))
      .map(([a, quantifier]) => `(${a})${quantifier}`),
    fc.tuple(fc.constantFrom('(?=', '(?!', '(?<=', '(?<!'), tie('all')).map(([look, a]) => `${look}${a})`),
  ),
})).all

const isWithinPair = (text: string, at: number) => at > 0 && text.codePointAt(at - 1)! > 0xffff

test('the matcher agrees with RegExp on generated expressions', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', 'ä', '💩', '\n'), maxLength: 8 })
  fc.assert(
    fc.property(expressions, fc.array(text, { minLength: 5, maxLength: 20 }), (source, texts) => {
      for (const flags of ['u', ''])
        for (const text of texts) {
          const isUnicode = flags === 'u'
          const expression = parseExpression(source, isUnicode)
          const program = programOf(expression, isUnicode)
          expect(program.length - 1).toBeLessThanOrEqual(sizeOf(expression))
          const own = isMatch(program, text, isUnicode, free)
          const match = new RegExp(source, flags).exec(text)
          // V8 goes on by halves of a pair, where ECMA 262 (22.2.7.2) goes on by characters.
          if (isUnicode && match !== null && isWithinPair(text, match.index)) continue
          expect(own, `${source} with “${text}”`).toBe(match !== null)
        }
    }),
    { numRuns: 3000 },
  )
})

test('what is called unambiguous is not tried in many ways by RegExp', () => {
  const unit = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', 'ä'), minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(expressions, unit, fc.constantFrom('!', 'a', '\n', ''), (source, unit, end) => {
      const anchored = `^(?:${source})$`
      if (!isUnambiguous(program(anchored))) return
      const start = performance.now()
      // Few enough that a wrong answer is seen, and not waited for.
      new RegExp(anchored, 'u').test(unit.repeat(30).slice(0, 27) + end)
      expect(performance.now() - start, anchored).toBeLessThan(300)
    }),
    { numRuns: 3000 },
  )
})

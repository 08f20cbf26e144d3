import { describe, expect, test } from 'vitest'
import { readForm } from './form.ts'

const value = (text: string) => {
  const reading = readForm(text)
  return reading.ok ? (JSON.parse(JSON.stringify(reading.value)) as unknown) : reading.findings
}
const findings = (text: string) => {
  const reading = readForm(text)
  return reading.ok ? [] : reading.findings.map(({ path, message }) => `${path}: ${message}`)
}

describe('a form', () => {
  test.each<[string, unknown]>([
    ['', {}],
    ['a=1&b=two+words&c=%C3%BC', { a: '1', b: 'two words', c: 'ü' }],
    ['a=1&a=2&a=3', { a: ['1', '2', '3'] }],
    ['a[]=1', { a: ['1'] }],
    ['a=1&a[]=2', { a: ['1', '2'] }],
    ['a[b][0][c]=v&a[b][1][c]=w', { a: { b: [{ c: 'v' }, { c: 'w' }] } }],
    ['a%5Bb%5D=v', { a: { b: 'v' } }],
    ['a[5]=x&a[2]=y', { a: ['y', 'x'] }],
    ['a[][b]=1&a[][b]=2', { a: [{ b: '1' }, { b: '2' }] }],
    ['a', { a: '' }],
    ['a=1=2&&b=', { a: '1=2', b: '' }],
    ['0=zero', { 0: 'zero' }],
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected)
  })

  test('is bounded in depth, indexes and fields', () => {
    expect(value('a[1][2][3][4][5][6][7]=v')).toEqual({ a: [[[[[[['v']]]]]]] })
    expect(findings('a[1][2][3][4][5][6][7][8]=v').join()).toContain('deeper than 8')
    expect(findings('a[1001]=v').join()).toContain('above 1000')
    expect(findings('a[99999999999999999999]=v').join()).toContain('above 1000')
    expect(value('a[1000]=v')).toEqual({ a: ['v'] })
    const fields = (count: number) => Array.from({ length: count }, (_, at) => `f${at}=1`).join('&')
    expect(findings(fields(1_000))).toEqual([])
    expect(findings(fields(1_001))).toEqual(['body: has more than 1000 fields'])
  })

  test('changes nothing that all objects have', () => {
    for (const key of [
      '__proto__[x]',
      'a[__proto__][x]',
      'constructor[prototype][x]',
      'a[constructor][prototype]',
    ])
      expect(findings(`${key}=1`).join(), key).toContain('is a name that no field may have')
    // A field may be called so, and is a field then.
    expect(value('constructor=Ferrari&toString=x')).toEqual({ constructor: 'Ferrari', toString: 'x' })
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  test('all faults are told at once, of what is not clear nothing is guessed', () => {
    expect(findings('a[b=1&c]=2&%=3&%FF=4&=5')).toHaveLength(5)
    expect(findings('a=1&a[b]=2')).toEqual([
      'body.a: is an object in one place, and a list or a text in another',
    ])
    expect(findings('a[0]=1&a[b]=2')).toHaveLength(1)
    expect(findings(Array.from({ length: 500 }, () => '%=1').join('&'))).toHaveLength(20)
  })
})

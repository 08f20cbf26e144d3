import { describe, expect, test } from 'vitest'
import { stripOf, type StripRun } from './strip.ts'

const minute = 60_000
/** One run a minute, from letters: p, f, u; a dot is a minute without a run. */
const runs = (letters: string): StripRun[] =>
  [...letters].flatMap((letter, index) =>
    letter === '.'
      ? []
      : [
          {
            verdict: ({ p: 'pass', f: 'fail', u: 'uncheckable' } as const)[letter as 'p'],
            at: new Date(index * minute).toISOString(),
          },
        ],
  )

describe('a strip', () => {
  test('fills 30 places from the left, as the design draws them', () => {
    const { p, f, label } = stripOf(runs('p'.repeat(18) + 'f'.repeat(12)), minute)
    expect(p).toBe('M0 13H106')
    expect(f.split('M').slice(1)).toHaveLength(12)
    expect(f.startsWith('M110 1V19M116 1V19')).toBe(true)
    expect(label).toBe('18 pass, then 12 fail')
  })

  test('has the newest right when there are fewer', () => {
    expect(stripOf(runs('pf'), minute)).toEqual({
      p: 'M168 13H172',
      f: 'M176 1V19',
      u: '',
      label: '1 pass, then 1 fail',
    })
  })

  test('shows the last 30 of more', () => {
    expect(stripOf(runs('f' + 'p'.repeat(30)), minute)).toMatchObject({ f: '', label: '30 pass' })
  })

  test('draws uncheckable ones hollow, and says how many there are of each', () => {
    const { u, label } = stripOf(runs('pppup'), minute)
    expect(u).toBe('M168.5 5.5h3v11h-3z')
    expect(label).toBe('4 pass, 1 uncheckable')
  })

  test('leaves a gap where a run was missed, at most three wide', () => {
    expect(stripOf(runs('p.p'), minute)).toMatchObject({
      p: 'M162 13H166M174 13H178',
      label: '2 pass, with a gap',
    })
    expect(stripOf(runs('p.........p'), minute).p).toBe('M150 13H154M174 13H178')
  })

  test('knows of no missed run without a schedule', () => {
    expect(stripOf(runs('p.........p'), null)).toMatchObject({ p: 'M168 13H178', label: '2 pass' })
  })

  test('of nothing says so', () => {
    expect(stripOf([], minute)).toEqual({ p: '', f: '', u: '', label: 'no run yet' })
  })
})

import type { Answer } from '@rockpool/client/control'
import { count, many } from '../format.ts'
import type { Counts } from './contracts.ts'

export type Comparison = Answer<'GET /contracts/{service}/differences'>
export type Difference = Comparison['differences'][number]
export type Side = NonNullable<Difference['before']>

/** What the page can be asked for: the name in the address, and in the tab. */
export const aspects = [
  { only: 'breaks', says: 'breaks or may break callers' },
  { only: 'code', says: 'breaks code' },
  { only: 'meaning', says: 'says otherwise' },
] as const

/** Whom it breaks, in one sentence, and how much else there is. Pure. */
export function leadOf(counts: Counts): { answer: string; rest: string } {
  const all = Object.values(counts).reduce((sum, number) => sum + number, 0)
  const [breaks = 0, may = 0] = [counts['breaks'], counts['may break']]
  if (all === 0) return { answer: 'They promise the same.', rest: '' }
  const differences = many(all, 'difference')
  if (breaks === 0 && may === 0) return { answer: 'It breaks no callers.', rest: `${differences} in all.` }
  if (breaks === 0)
    return { answer: `${count(may)} of ${differences} may break callers.`, rest: 'None is sure to.' }
  const answer = `${count(breaks)} of ${differences} ${breaks === 1 ? 'breaks' : 'break'} callers.`
  return { answer, rest: may === 0 ? '' : `${count(may)} more may.` }
}

/** The three answers, each with what it is about. Pure. */
export function answersOf({ wire, source, meaning }: Pick<Difference, 'wire' | 'source' | 'meaning'>) {
  return [
    { about: 'calls', says: wire, isWell: wire === 'keeps' },
    { about: 'generated code', says: source, isWell: source === 'keeps' },
    { about: 'meaning', says: meaning, isWell: meaning === 'keeps' },
  ]
}

/** Which operations meet what is in none of them alone. Pure. */
export function usersOf({ operation, uses, usesInAll }: Difference): string {
  if (operation !== null || uses.length === 0) return ''
  const more = usesInAll - uses.length
  return `met by ${uses.join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}`
}

/** `21 to 40 of 4,223`. Pure. */
export function placeOf({
  before,
  differences,
  matching,
}: Pick<Comparison, 'before' | 'differences' | 'matching'>): string {
  if (matching === 0) return 'none'
  return `${count(before + 1)} to ${count(before + differences.length)} of ${count(matching)}`
}

/** Until when an approval lets pass, as the end of a sentence; '' where it has no end. Pure. */
export const untilOf = (endsAt: string | null): string =>
  endsAt === null ? '' : ` until ${endsAt.slice(0, 16).replace('T', ' ')} UTC`

/** The end of an approval as the API takes it: of a date the beginning of that day, UTC. Pure. */
export const endOf = (text: string): string => (/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text)

import type { Dice } from '../dice.ts'
import type { Place } from '../place.ts'
import { personAt, timeAt } from './surroundings.ts'
import { words } from './words.ts'

/** A text of a format, the likely ones first; `stretch` makes one of them longer by so many characters. */
interface TextFormat {
  texts(place: Place, dice: Dice): string[]
  stretch?(text: string, by: number): string
}

const hex = '0123456789abcdef'
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '')
}

export function isoDate(seconds: number): string {
  return isoTime(seconds).slice(0, 10)
}

export function uuidOf(dice: Dice): string {
  const digits = dice.text(30, hex)
  const variant = dice.pick('89ab')
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(12, 15)}-${variant}${digits.slice(15, 18)}-${digits.slice(18)}`
}

export function emailOf({ first, last }: { first: string; last: string }): string {
  return `${first}.${last}@example.com`.toLowerCase()
}

export function siteOf(dice: Dice): string {
  return `https://${dice.pick(words)}.example.com/${dice.pick(words)}`
}

/** Of the networks that are kept for documentation (RFC 5737, RFC 3849). */
export function ipv4Of(dice: Dice): string {
  return `192.0.2.${dice.whole(1, 254)}`
}

const uri: TextFormat = {
  texts: (_, dice) => [siteOf(dice), 'https://a.co', 'urn:a', 'a:b'],
  stretch: (text, by) => `${text}${'/a'.repeat(by)}`.slice(0, text.length + by).replace(/\/$/, 'a'),
}
const path: TextFormat = {
  texts: (_, dice) => [`/${dice.pick(words)}/${dice.pick(words)}`, '/a', ''],
  stretch: (text, by) => text + (text === '' ? '/' : 'a') + 'a'.repeat(by - 1),
}
const email: TextFormat = {
  texts: (place) => [emailOf(personAt(place)), 'ada@example.com', 'a@b.co'],
  stretch: stretchEmail,
}
const hostname: TextFormat = {
  texts: (_, dice) => [`${dice.pick(words)}.example.com`, 'a.co', 'a'],
  stretch: (text, by) => labels(by) + text,
}
const time: TextFormat = {
  texts: (place) => [isoTime(timeAt(place)).slice(11)],
  stretch: (text, by) => (by === 1 ? text : text.replace('Z', `.${'0'.repeat(by - 1)}Z`)),
}
const binary: TextFormat = {
  texts: (_, dice) => [dice.text(16, base64), dice.text(4, base64), ''],
  stretch: (text, by) => text + 'QUJD'.repeat(Math.ceil(by / 4)),
}
const plain = (...texts: string[]): TextFormat => ({ texts: () => texts })

/** JSON Schema 2020-12 validation, 7.3; and those of the OpenAPI format registry that are texts of a certain form. */
const formats = new Map<string, TextFormat>([
  ['date-time', { texts: (place) => [isoTime(timeAt(place))], stretch: time.stretch! }],
  ['date', { texts: (place) => [isoDate(timeAt(place))] }],
  ['time', time],
  ['duration', plain('PT15M', 'P1D')],
  ['email', email],
  ['idn-email', email],
  ['hostname', hostname],
  ['idn-hostname', hostname],
  ['ipv4', { texts: (_, dice) => [ipv4Of(dice), '1.1.1.1'] }],
  ['ip', { texts: (_, dice) => [ipv4Of(dice), '1.1.1.1'] }],
  ['ipv6', { texts: (_, dice) => [`2001:db8::${dice.text(4, '123456789abcdef')}`, '::1', '::'] }],
  ['uri', uri],
  ['url', uri],
  ['iri', uri],
  [
    'uri-reference',
    { texts: (place, dice) => [siteOf(dice), ...path.texts(place, dice)], stretch: path.stretch! },
  ],
  [
    'iri-reference',
    { texts: (place, dice) => [siteOf(dice), ...path.texts(place, dice)], stretch: path.stretch! },
  ],
  [
    'uri-template',
    {
      texts: (_, dice) => [`/${dice.pick(words)}/{id}`, '/{id}', ''],
      stretch: (text, by) => text + 'a'.repeat(by),
    },
  ],
  ['uuid', { texts: (_, dice) => [uuidOf(dice)] }],
  ['guid', { texts: (_, dice) => [uuidOf(dice)] }],
  ['json-pointer', path],
  ['relative-json-pointer', plain('0', '1/a')],
  ['regex', { texts: () => ['^[a-z]+$', 'a', ''], stretch: (text, by) => 'a'.repeat(text.length + by) }],
  ['byte', binary],
  ['base64', binary],
  ['decimal', { texts: (_, dice) => [`${dice.whole(5, 499)}.${dice.whole(10, 99)}`, '1'] }],
  ['int32', { texts: (_, dice) => [String(dice.whole(1, 99_999)), '1'] }],
  ['int64', { texts: (_, dice) => [String(dice.whole(1, 99_999)), '1'] }],
])

export function formatOf(name: string): TextFormat | undefined {
  return formats.get(name)
}

/** At most 64 characters stand before the @, and 63 in a label after it (RFC 5321, 4.5.3.1; RFC 1035, 2.3.4). */
function stretchEmail(text: string, by: number): string {
  const own = Math.min(by, 64 - text.indexOf('@'))
  return 'a'.repeat(own) + text.replace('@', `@${labels(by - own)}`)
}

function labels(length: number): string {
  let text = ''
  for (let left = length; left > 0;) {
    const label = left <= 61 ? left : Math.min(left - 2, 61)
    text += `${'a'.repeat(Math.max(1, label - 1))}${label > 1 ? '.' : ''}`
    left -= Math.max(label, 1)
  }
  return text
}

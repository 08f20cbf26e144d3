import type { Dice } from '../dice.ts'
import type { Place } from '../place.ts'
import { emailOf, ipv4Of, isoDate, isoTime, siteOf, uuidOf } from './formats.ts'
import { locationAt, personAt, timeAt } from './surroundings.ts'
import { colors, companies, currencies, languages, statuses, streets, timezones, words } from './words.ts'

/** The words of a name, in small letters: `firstName`, `first_name` and `FIRST-NAME` are the same. */
export function wordsOf(name: string): string[] {
  const spaced = name.slice(0, 100).replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
  return spaced
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '')
}

/** Texts that a value of such a name may be, the likeliest first; others have to serve where a length is short. */
export type Guess = (place: Place, dice: Dice) => string[]

const alphanumeric = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** By the last words of a name; the first that fits decides. */
const guesses: [RegExp, Guess][] = [
  [/e ?mail( address)?$/, (place) => [emailOf(personAt(place)), 'a@b.co']],
  [/uuid$|guid$/, (_, dice) => [uuidOf(dice)]],
  [/(first|given|fore) ?name$/, (place) => [personAt(place).first]],
  [/(last|family|sur) ?name$/, (place) => [personAt(place).last]],
  [/user ?name$|login$|nickname$/, (place) => [personAt(place).first.toLowerCase()]],
  [/company( name)?$|organi[sz]ation name$|brand$|vendor$/, (_, dice) => [dice.pick(companies)]],
  [
    /(full|holder|customer|owner|contact|person|display|billing|cardholder|shopper|recipient) ?name$|author$/,
    (place) => [`${personAt(place).first} ${personAt(place).last}`],
  ],
  [/phone( number)?$|mobile$|fax$|telephone$/, (_, dice) => [`+1555010${dice.text(4, '0123456789')}`]],
  [/(city|town|locality)$/, (place) => [locationAt(place).city]],
  [/(country|nationality)( code)?$/, (place) => countries(place)],
  [/(state|province|region)( code| or province)?$/, (place) => [locationAt(place).province]],
  [/(postal|zip|post) ?(code)?$/, (place) => [locationAt(place).postalCode]],
  [/house number.*$/, (_, dice) => [String(dice.whole(1, 180))]],
  [/street.*$|address( line)?( \d)?$|line ?1$/, (_, dice) => [`${dice.whole(1, 180)} ${dice.pick(streets)}`]],
  [/line ?2$/, (_, dice) => [`Suite ${dice.whole(1, 40)}`]],
  [/currency( code)?$/, (_, dice) => cased(dice.pick(currencies))],
  [/(language|locale|lang)( code)?$/, (_, dice) => [dice.pick(languages)]],
  [/time ?zone$/, (_, dice) => [dice.pick(timezones)]],
  [/colou?r$/, (_, dice) => [dice.pick(colors)]],
  [
    /ur[il]$|href$|link$|website$|homepage$|icon$|image$|logo$|avatar$|endpoint$/,
    (_, dice) => [siteOf(dice)],
  ],
  [/(host|domain|hostname)( name)?$/, (_, dice) => [`${dice.pick(words)}.example.com`]],
  [/(^| )ip( address)?$/, (_, dice) => [ipv4Of(dice)]],
  [/user agent$/, () => ['Mozilla/5.0 (X11; Linux x86_64)']],
  [/(slug|handle|permalink)$/, (_, dice) => [`${dice.pick(words)}-${dice.pick(words)}`]],
  [/(^| )(id|identifier|reference|ref|token|key|secret|fingerprint|hash|cursor|nonce)$/, identifier],
  [/version$/, (_, dice) => [`${dice.whole(1, 4)}.${dice.whole(0, 9)}.${dice.whole(0, 9)}`, '1']],
  [
    /(created|updated|modified|deleted|expires|started|ended|issued) at$|timestamp$|datetime$/,
    (place) => [isoTime(timeAt(place))],
  ],
  [/(date|birthday|birth|dob)$/, (place) => [isoDate(timeAt(place))]],
  [
    /(price|amount|total|cost|fee|tax|balance)$/,
    (_, dice) => [`${dice.whole(5, 499)}.${dice.whole(10, 99)}`],
  ],
  [/(quantity|qty|count)$/, (_, dice) => [String(dice.whole(1, 10))]],
  [/year$/, (place) => [isoDate(timeAt(place)).slice(0, 4)]],
  [/month$/, (place) => [isoDate(timeAt(place)).slice(5, 7)]],
  [/(^| )(number|no|code|sku|serial|last ?4|bin)$/, (_, dice) => [dice.text(4, '123456789')]],
  [/status$|state$/, (_, dice) => [dice.pick(statuses)]],
  [
    /(description|comment|comments|message|note|notes|summary|text|body|content|reason|bio)$/,
    (_, dice) => [sentence(dice)],
  ],
  [
    /(title|name|label|subject|caption|heading)$/,
    (_, dice) => [capital(`${dice.pick(words)} ${dice.pick(words)}`)],
  ],
]
const otherwise: Guess = (_, dice) => [`${dice.pick(words)} ${dice.pick(words)}`, dice.pick(words)]

/** How to guess texts that a member, or an item of a list, of such a name may be. */
export function guessFor(name: string, isItem: boolean): Guess {
  const said = singular(wordsOf(name).join(' '), isItem)
  return guesses.find(([pattern]) => pattern.test(said))?.[1] ?? otherwise
}

export function sentence(dice: Dice): string {
  const [subject, object, where] = [dice.pick(words), dice.pick(words), dice.pick(words)]
  return `The ${subject} ${object} is near the ${where}.`
}

/** A list of cities holds a city. */
function singular(name: string, isItem: boolean): string {
  if (!isItem) return name
  return name
    .replace(/ies$/, 'y')
    .replace(/(ss|x|ch|sh)es$/, '$1')
    .replace(/([^s])s$/, '$1')
}

function identifier(place: Place, dice: Dice): string[] {
  const before = wordsOf(place.name).at(-2)
  const own = dice.text(12, alphanumeric)
  return before === undefined || !/^[a-z]{2,}$/.test(before) ? [own] : [`${before.slice(0, 4)}_${own}`, own]
}

function countries(place: Place): string[] {
  const { alpha2, alpha3, country } = locationAt(place)
  return [alpha2, alpha3, country, alpha2.toLowerCase()]
}

function cased(code: string): string[] {
  return [code, code.toLowerCase()]
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/*
 * How the pages write numbers and times; the same words as the terminal. Pure. A no-break space stands before a unit.
 */

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** With a no-break space, so that no line ends between a number and its unit. */
export const unit = (value: number | string, name: string): string => `${value}\u00a0${name}`

const two = (value: number, name: string, rest: number, small: string) =>
  rest > 0 ? `${unit(value, name)} ${unit(rest, small)}` : unit(value, name)

/** An age in one or two units: `12 s`, `3 min 40 s`, `5 h 40 min`, `2 d 3 h`. */
export function age(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / second)) * second
  if (whole < minute) return unit(whole / second, 's')
  if (whole < 10 * minute) return two(Math.floor(whole / minute), 'min', (whole % minute) / second, 's')
  if (whole < hour) return unit(Math.floor(whole / minute), 'min')
  if (whole < 10 * hour) return two(Math.floor(whole / hour), 'h', Math.floor((whole % hour) / minute), 'min')
  if (whole < 2 * day) return unit(Math.floor(whole / hour), 'h')
  return unit(Math.floor(whole / day), 'd')
}

/** How long something took: `38 ms`, `1.42 s`, `12.98 s`, `2 min 3 s`. */
export function took(ms: number): string {
  if (ms < second) return unit(Math.round(ms), 'ms')
  if (ms < 100 * second) return unit((ms / second).toFixed(2), 's')
  return age(ms)
}

/** What a configuration says: `every minute`, `every 30 s`. */
export function every(ms: number): string {
  if (ms === minute) return 'every minute'
  if (ms === hour) return 'every hour'
  if (ms === day) return 'every day'
  return `every ${age(ms)}`
}

/** `2,914` */
export const count = (value: number): string => value.toLocaleString('en-GB')

/** `1 check`, `2 checks` */
export const many = (value: number, one: string, more = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : more}`

const months = 'January February March April May June July August September October November December'.split(
  ' ',
)

/** The time of day in UTC; with the day where that is not today: `14:42:08`, `21 November 14:42:08`. */
export function timeOfDay(at: number, now: number, { seconds = true } = {}): string {
  const date = new Date(at)
  const text = date.toISOString()
  const time = text.slice(11, seconds ? 19 : 16)
  if (text.slice(0, 10) === new Date(now).toISOString().slice(0, 10)) return time
  const year = date.getUTCFullYear() === new Date(now).getUTCFullYear() ? '' : ` ${date.getUTCFullYear()}`
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]}${year} ${time}`
}

/** What somebody else said, as a sentence. */
export const sentence = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`

/** Ids shorten in the middle: `run_01a203b4…7c2e`. What is no id is a name, and stays whole. */
export function shortId(id: string): string {
  const [, prefix = '', rest] = /^([a-z]+_)?([0-9a-f-]{17,})$/.exec(id) ?? []
  return rest === undefined ? id : `${prefix}${rest.slice(0, 8)}…${rest.slice(-4)}`
}

/** An address that a link may lead to; anything but http(s) is text. */
export function safeHref(text: string): string | undefined {
  try {
    return ['http:', 'https:'].includes(new URL(text).protocol) ? text : undefined
  } catch {
    return undefined
  }
}

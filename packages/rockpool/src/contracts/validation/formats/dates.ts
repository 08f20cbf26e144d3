const date = /^(\d{4})-(\d\d)-(\d\d)$/
const time = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/
const duration = /^P(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/

/** RFC 3339 5.6, full-date. */
export function isDate(text: string): boolean {
  const match = date.exec(text)
  if (match === null) return false
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(month, year)
}

/** RFC 3339 5.6, full-time: with its offset from UTC. A second may be a leap second (5.7) at the end of a day of UTC. */
export function isTime(text: string): boolean {
  const match = time.exec(text)
  if (match === null) return false
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const [offsetHours, offsetMinutes] = [Number(match[5] ?? 0), Number(match[6] ?? 0)]
  if (hour > 23 || minute > 59 || second > 60 || offsetHours > 23 || offsetMinutes > 59) return false
  const offset = offsetHours * 60 + offsetMinutes
  const minuteOfDay = hour * 60 + minute + (match[4] === '-' ? offset : -offset)
  return second < 60 || (minuteOfDay + 1440) % 1440 === 1439
}

/** RFC 3339 5.6, date-time: `T` between date and time, in either case. */
export function isDateTime(text: string): boolean {
  return /^[Tt]$/.test(text[10] ?? '') && isDate(text.slice(0, 10)) && isTime(text.slice(11))
}

/** RFC 3339, appendix A, where what is none may be left out as in ISO 8601: no fractions, weeks alone. */
export function isDuration(text: string): boolean {
  return duration.test(text) && /\d[A-Z]$/.test(text)
}

function daysOf(month: number, year: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

import { formOf } from '../pattern/pattern.ts'
import type { FormatRules } from '../types.ts'
import { isDate, isDateTime, isDuration, isTime } from './dates.ts'
import { isEmail, isHostname, isIpv4, isIpv6 } from './hosts.ts'
import { isUri, isUriReference } from './uris.ts'

const uuid = /^[\da-fA-F]{8}-(?:[\da-fA-F]{4}-){3}[\da-fA-F]{12}$/
const base64 = /^[A-Za-z\d+/]*={0,2}$/
const jsonPointer = /^(?:\/(?:[^~/]|~[01])*)*$/
const largestFloat = 3.402_823_466_385_288_6e38
const mostOfRegex = 10_000

/** The formats that mean the same to everybody. Others pass. */
export const knownFormats: FormatRules = {
  date: text('a date such as 2026-01-31', isDate),
  'date-time': text('a date and time with its offset, such as 2026-01-31T12:00:00Z', isDateTime),
  time: text('a time with its offset, such as 12:00:00Z', isTime),
  duration: text('a duration such as P1DT12H', isDuration),
  email: text('an e-mail address', isEmail),
  hostname: text('a host name', isHostname),
  ipv4: text('an IPv4 address', isIpv4),
  ipv6: text('an IPv6 address', isIpv6),
  uri: text('a URI with its scheme', isUri),
  'uri-reference': text('a URI or a reference relative to one', isUriReference),
  uuid: text('a UUID', (value) => uuid.test(value)),
  'json-pointer': text('a JSON pointer', (value) => jsonPointer.test(value)),
  regex: text(
    'a regular expression of ECMA 262',
    (value) => value.length <= mostOfRegex && formOf(value) !== null,
  ),
  byte: text('base64', (value) => value.length % 4 === 0 && base64.test(value)),
  int32: number('a whole number of 32 bits', (value) => Number.isInteger(value) && value === (value | 0)),
  int64: number(
    'a whole number of 64 bits',
    // The largest one is read as 2 ** 63: between them there is no double.
    (value) => Number.isInteger(value) && value >= -(2 ** 63) && value <= 2 ** 63,
  ),
  float: number('a number of single precision', (value) => Math.abs(value) <= largestFloat),
  double: number('a number of double precision', Number.isFinite),
}

function text(says: string, holds: (value: string) => boolean): FormatRules[string] {
  return { of: 'string', holds, says }
}

function number(says: string, holds: (value: number) => boolean): FormatRules[string] {
  return { of: 'number', holds, says }
}

/*
 * Sensitive data is replaced before it is stored, or even leaves the child process. Names decide first, then patterns:
 * a card number is found wherever it stands. Loaded by every child, so it imports nothing.
 */
import type { Hide } from './hide.ts'

export const redacted = '[redacted]'

const sensitiveWords = new Set(
  'authorization cookie password passwd passphrase passcode secret secrets token jwt credential credentials cvv cvc csc card pan pin iban ssn otp'.split(
    ' ',
  ),
)
const sensitiveNames = new Set(['number', 'apikey', 'privatekey', 'rockpoolidentity', 'signature'])

/** `Set-Cookie`, `clientSecret`, `card_number`: the name of something that nobody should read. */
export function isSensitiveName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  return (
    words.some((word) => sensitiveWords.has(word)) ||
    sensitiveNames.has(words.join('').replace(/^x(?=api)/, ''))
  )
}

// Digits in groups, as people write card numbers; not inside a longer word or number.
const cardLike = /(?<![\w.])[2-6]\d(?:[ -]?\d){11,17}(?![\w.]?\d)/g
const credentialLike = /\brp_(live|sandbox|run|session|service|control|ticket)_\w+/g
const jwtLike = /\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g
const schemeLike = /\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi
// What a browser's log says of typing: the field may be a secret one, and its name is not beside it.
const typedLike = /\b(fill|type|pressSequentially|insertText)\("(?:[^"\\]|\\.)*"\)/g
const queryLike = /([?&])([^=&#?\s"'<>]{1,200})=([^&#\s"'<>]*)/g
const userInfo = /(:\/\/)[^\s/@:]+:[^\s/@]+@/g

/** One process runs one attempt at a time: what that one was handed is hidden in all that it tells. */
let hidden: Hide = (text) => text

/** From now on. */
export function hideInThisProcess(hide: Hide): void {
  hidden = hide
}

/** Replaces the attempt's secrets, credentials, tokens and card numbers inside any text. */
export function redactText(text: string): string {
  return hidden(text)
    .replaceAll(credentialLike, (_, kind: string) => `rp_${kind}_${redacted}`)
    .replaceAll(jwtLike, redacted)
    .replaceAll(schemeLike, (_, scheme: string) => `${scheme} ${redacted}`)
    .replaceAll(typedLike, (_, action: string) => `${action}("${redacted}")`)
    .replaceAll(queryLike, (whole, before: string, name: string) =>
      isSensitiveName(name) ? `${before}${name}=${redacted}` : whole,
    )
    .replaceAll(userInfo, `$1${redacted}@`)
    .replaceAll(cardLike, (found) => (isCardNumber(found) ? `[card …${found.slice(-4)}]` : found))
}

/** Luhn's checksum (ISO/IEC 7812-1) over 13 to 19 digits. */
export function isCardNumber(text: string): boolean {
  const digits = text.replaceAll(/[ -]/g, '')
  if (!/^\d{13,19}$/.test(digits)) return false
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index])
    sum += index % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
  }
  return sum % 10 === 0
}

export function redactHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      isSensitiveName(name) ? redacted : redactText(value),
    ]),
  )
}

/** A body that is text: JSON and forms by name and pattern, anything else by pattern. */
export function redactBodyText(text: string): string {
  if (/^\s*[[{]/.test(text)) {
    try {
      return JSON.stringify(redactValue(JSON.parse(text)))
    } catch {
      // It only looked like JSON.
    }
  }
  return redactUrl(text)
}

/** Query parameters (or a form's fields) by name and pattern; the rest by pattern. */
export function redactUrl(url: string): string {
  return redactText(
    url.replaceAll(/(^|[?&])([^=&#?\s]+)=([^&#\s]*)/g, (whole, before: string, name: string) =>
      isSensitiveName(name) ? `${before}${name}=${redacted}` : whole,
    ),
  )
}

/** A copy of JSON-like data with sensitive names and patterns replaced, at every depth. */
export function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'number' || typeof value === 'bigint')
    return isCardNumber(String(value)) || hidden(String(value)) !== String(value) ? redacted : value
  if (typeof value !== 'object' || value === null) return value
  if (depth > 32) return '[too deep]'
  if (value instanceof Date) return value.toISOString()
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isSensitiveName(name) && inner !== null && inner !== undefined
        ? redacted
        : redactValue(inner, depth + 1),
    ]),
  )
}

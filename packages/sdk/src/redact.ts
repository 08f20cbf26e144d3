const secretName =
  /pass(?:word|phrase)?$|secret|token|authorization|cookie|api[-_]?key|credential|cvc|cvv|^pin$|iban/i
const cardName = /card|^pan$/i
const cardLike = /(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d.])/g
const keyLike = /\b(?:rp_[a-z]+_|sk_live_|sk_test_)[A-Za-z0-9]+|\beyJ[\w-]+\.[\w-]+\.[\w-]*/g

const maxDepth = 8
const maxItems = 100
const maxText = 2_000
/** In all: what refers to itself has no end, and its depth alone would let through a hundred to the eighth. */
const maxValues = 10_000

/**
 * A copy of an effect's arguments that is fit to be kept: bounded, plain JSON, without secrets. Members named like a
 * secret are dropped, card numbers keep their first six and last four digits (PCI DSS 4.0, requirement 3.4.1).
 */
export function redact(value: unknown): unknown {
  return copy(value, 0, { left: maxValues })
}

function copy(value: unknown, depth: number, budget: { left: number }): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'function' || typeof value === 'symbol' || value === undefined) return undefined
  if (typeof value !== 'object' || value === null) return value
  if (depth >= maxDepth) return '[deeper than kept]'
  if ((budget.left -= 1) < 0) return '[more than kept]'
  if (Array.isArray(value))
    return value.slice(0, maxItems).map((item) => copy(item, depth + 1, budget) ?? null)
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Error) return redactText(value.message)
  const members = Object.entries(value).slice(0, maxItems)
  return Object.fromEntries(
    members.map(([name, member]) => [storable(name), copyMember(name, member, depth, budget)]),
  )
}

function copyMember(name: string, member: unknown, depth: number, budget: { left: number }): unknown {
  if (secretName.test(name) && member !== undefined && member !== null) return '[redacted]'
  // A number by its type, but a card by its name.
  if (cardName.test(name) && typeof member === 'number') return redactText(String(member))
  return copy(member, depth + 1, budget)
}

function redactText(text: string): string {
  // Cut last: half a card number is not recognized.
  const kept = storable(text).replaceAll(keyLike, '[redacted]').replaceAll(cardLike, maskCard)
  return kept.length > maxText ? `${kept.slice(0, maxText).toWellFormed()}…` : kept
}

// jsonb holds neither U+0000 nor half of a surrogate pair.
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '')
}

function maskCard(found: string): string {
  const digits = found.replaceAll(/\D/g, '')
  return passesLuhn(digits) ? `${digits.slice(0, 6)}…${digits.slice(-4)}` : found
}

/** The check digit of ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2)
      return total + (value > 9 ? value - 9 : value)
    }, 0)
  return sum % 10 === 0
}

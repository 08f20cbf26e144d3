/** A segment that may stand in a document as it is: a word, no name of a thing. */
const word = /^[A-Za-z][A-Za-z0-9]*([._~-][A-Za-z][A-Za-z0-9]*)*$/
const longestWord = 40

/**
 * Whether a path segment names one of many things: numbers, UUIDs, hashes, prefixed ids, addresses, whatever is no
 * plain word. A word that names a thing (`acme`) cannot be told by itself; the learner tells it by its company. Pure.
 */
export function isId(segment: string): boolean {
  if (segment.length > longestWord || !word.test(segment)) return true
  const digits = segment.replaceAll(/[^0-9]/g, '').length
  if (digits >= 4 || (digits > 0 && segment.length >= 16)) return true
  // Long letters without a break, in both cases, say nothing to a reader.
  return (
    segment.length >= 20 && /^[A-Za-z]+$/.test(segment) && /[A-Z].*[a-z].*[A-Z].*[a-z].*[A-Z]/.test(segment)
  )
}

/** `orders` → `orderId`, `line-items` → `lineItemId`; without a word before it `id`. Pure. */
export function parameterName(before: string | undefined): string {
  const words = (before ?? '').split(/[^A-Za-z0-9]+/).filter(Boolean)
  const last = words.pop()
  if (last === undefined) return 'id'
  const isSingular = ['ss', 'us', 'is'].some((ending) => last.endsWith(ending))
  const one = isSingular ? last : last.replace(/ies$/, 'y').replace(/s$/, '')
  return `${camel([...words, one])}Id`
}

/** `['line', 'items']` → `lineItems`. Pure. */
export function camel(words: readonly string[]): string {
  return words
    .map(
      (one, index) =>
        (index === 0 ? one.charAt(0).toLowerCase() : one.charAt(0).toUpperCase()) + one.slice(1),
    )
    .join('')
}

/** A name with its value, which is still encoded. */
export interface Pair {
  name: string
  raw: string
}

/** Pairs of a query, a form or cookies, by name. */
export type Pairs = ReadonlyMap<string, readonly string[]>

export const mostPairs = 10_000

/** More than `mostPairs` are not looked at; `null` stands for them. Names that cannot be decoded stay as they are. */
export function splitPairs(text: string): Pair[] | null {
  const pairs: Pair[] = []
  for (let at = 0; at <= text.length && text.length > 0;) {
    const end = text.indexOf('&', at)
    const pair = text.slice(at, end < 0 ? text.length : end)
    at = end < 0 ? text.length + 1 : end + 1
    if (pair === '') continue
    if (pairs.length >= mostPairs) return null
    const equals = pair.indexOf('=')
    const name = equals < 0 ? pair : pair.slice(0, equals)
    pairs.push({ name: decodeForm(name) ?? name, raw: equals < 0 ? '' : pair.slice(equals + 1) })
  }
  return pairs
}

/** Of all `Cookie` headers (RFC 6265 4.2.1). */
export function cookiePairs(headers: readonly string[]): Pair[] {
  return headers.flatMap((header) =>
    header.split(';').flatMap((text) => {
      const equals = text.indexOf('=')
      return equals < 0 ? [] : [{ name: text.slice(0, equals).trim(), raw: text.slice(equals + 1).trim() }]
    }),
  )
}

export function byName(pairs: readonly Pair[]): Pairs {
  const found = new Map<string, string[]>()
  for (const { name, raw } of pairs) {
    const values = found.get(name)
    if (values === undefined) found.set(name, [raw])
    else values.push(raw)
  }
  return found
}

/** Values of a header, by a name in any letter case, without the space around them. */
export function headerValues(headers: readonly string[], name: string): string[] {
  const wanted = name.toLowerCase()
  const values: string[] = []
  for (let index = 0; index + 1 < headers.length; index += 2)
    if (headers[index]!.toLowerCase() === wanted) values.push(headers[index + 1]!.trim())
  return values
}

/** What undoes an encoding, once; undefined: it is not encoded rightly. */
export type Decode = (raw: string) => string | undefined

export const asIs: Decode = (raw) => raw

/** RFC 3986 2.1, of UTF-8. */
export const decodePercent: Decode = (raw) => {
  if (!raw.includes('%')) return raw
  try {
    return decodeURIComponent(raw)
  } catch {
    return undefined
  }
}

/** As forms are encoded (WHATWG URL, 5.1): a plus sign is a space. */
export const decodeForm: Decode = (raw) => decodePercent(raw.includes('+') ? raw.replaceAll('+', ' ') : raw)

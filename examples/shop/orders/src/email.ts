import { domainToASCII, domainToUnicode } from 'node:url'

/** An address in the one form in which it is stored and compared. */
export interface Email {
  /** `local@domain`, all in lower case. */
  text: string
  /** In ASCII (IDNA), without the dot of the root. */
  domain: string
}

// RFC 5322 dot-atom: no quotes and no comments, in which a second @ could hide.
const local = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** Reads an e-mail address; undefined if it is none. Pure. */
export function readEmail(text: unknown): Email | undefined {
  if (typeof text !== 'string' || text.length > 254) return undefined
  const at = text.lastIndexOf('@')
  const name = text.slice(0, Math.max(at, 0)).toLowerCase()
  const domain = readDomain(text.slice(at + 1))
  if (name.length > 64 || !local.test(name) || !domain) return undefined
  const canonical = `${name}@${domain}`
  return canonical.length <= 254 ? { text: canonical, domain } : undefined
}

/**
 * A domain as DNS would ask for it: one text, however it was written (letter case, a dot at the end, full-width
 * letters, other scripts' dots). Undefined if it is none. Pure.
 */
export function readDomain(text: string): string | undefined {
  // What UTS 46 would map is not ASCII; an ASCII character that belongs in no domain would be taken as a URL's syntax.
  if (text.length > 254 || /[^a-z0-9.\-\u0080-\u{10ffff}]/iu.test(text)) return undefined
  const ascii = domainToASCII(text).toLowerCase().replace(/\.$/, '')
  const labels = ascii.split('.')
  if (labels.length < 2 || ascii.length > 253 || !labels.every((one) => label.test(one))) return undefined
  if (/^[0-9]+$/.test(labels.at(-1)!)) return undefined // an IP address
  // A label that says it is encoded and hides plain letters would be the same name, written a second way.
  const plain = (one: string) => one.startsWith('xn--') && !/[^\x00-\x7f]/.test(domainToUnicode(one))
  return labels.some(plain) ? undefined : ascii
}

/** Whether an address is under a domain or below it. Pure. */
export function isUnder({ domain }: Email, reserved: string): boolean {
  return domain === reserved || domain.endsWith(`.${reserved}`)
}

const label = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/
const ipv4Number = /^(?:0|[1-9]\d{0,2})$/
const ipv6Group = /^[0-9a-fA-F]{1,4}$/
/** RFC 5322 3.2.3, dot-atom-text. */
const dotAtom = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/
/** RFC 5321 4.1.2, Quoted-string. */
const quotedString = /^"(?:[ !#-[\]-~]|\\[ -~])*"$/

/** RFC 1123 2.1: labels of at most 63 octets, 253 in all. */
export function isHostname(text: string): boolean {
  return text.length <= 253 && text.split('.').every((part) => part.length <= 63 && label.test(part))
}

/** RFC 2673 3.2, dotted-quad: no leading zeros, which some read as octal. */
export function isIpv4(text: string): boolean {
  if (text.length > 15) return false
  const numbers = text.split('.')
  return numbers.length === 4 && numbers.every((number) => ipv4Number.test(number) && Number(number) <= 255)
}

/** RFC 4291 2.2, without a zone. */
export function isIpv6(text: string): boolean {
  if (text.length > 45) return false
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')))
  const all = groups.flat()
  const last = all.at(-1) ?? ''
  // Only what ends it may be written as an IPv4 address, and counts for two.
  const isMixed = last.includes('.') && isIpv4(last) && groups.at(-1)!.length > 0
  const count = all.length + (isMixed ? 1 : 0)
  const isCounted = halves.length === 2 ? count <= 7 : count === 8
  return isCounted && (isMixed ? all.slice(0, -1) : all).every((group) => ipv6Group.test(group))
}

/** RFC 5321 4.1.2, Mailbox. */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@')
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)]
  if (at < 1 || local.length > 64 || domain.length > 255) return false
  if (!dotAtom.test(local) && !quotedString.test(local)) return false
  const literal = /^\[(IPv6:)?(.*)\]$/.exec(domain)
  if (literal === null) return isHostname(domain)
  return literal[1] === undefined ? isIpv4(literal[2]!) : isIpv6(literal[2]!)
}

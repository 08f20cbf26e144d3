import { isIpv6 } from './hosts.ts'

/** RFC 3986, appendix B: scheme, authority, path, query, fragment of any text. */
const parts = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#([^]*))?$/
const scheme = /^[a-zA-Z][a-zA-Z\d+.-]*$/
/** RFC 3986 3.3, pchar and what the parts add to it. */
const pathCharacters = /^(?:[\w.~!$&'()*+,;=:@/-]|%[\da-fA-F]{2})*$/
const queryCharacters = /^(?:[\w.~!$&'()*+,;=:@/?-]|%[\da-fA-F]{2})*$/
const userCharacters = /^(?:[\w.~!$&'()*+,;=:-]|%[\da-fA-F]{2})*$/
const hostCharacters = /^(?:[\w.~!$&'()*+,;=-]|%[\da-fA-F]{2})*$/
const futureAddress = /^[vV][\da-fA-F]+\.[\w.~!$&'()*+,;=:-]+$/

/** RFC 3986 3: with a scheme. */
export function isUri(text: string): boolean {
  return scheme.test(text.split(':', 1)[0]!) && text.includes(':') && isUriReference(text)
}

/** RFC 3986 4.1: a URI, or what is relative to one. */
export function isUriReference(text: string): boolean {
  const [, itsScheme, authority, path = '', query = '', fragment = ''] = parts.exec(text) ?? []
  // 4.2: a first segment with a colon would be a scheme.
  if (itsScheme !== undefined && !scheme.test(itsScheme)) return false
  if (authority !== undefined && !isAuthority(authority)) return false
  return pathCharacters.test(path) && queryCharacters.test(query) && queryCharacters.test(fragment)
}

/** RFC 3986 3.2. */
function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf('@')
  if (at >= 0 && !userCharacters.test(authority.slice(0, at))) return false
  const address = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(authority.slice(at + 1))
  if (address === null) return false
  const host = address[1]!
  if (!host.startsWith('[')) return hostCharacters.test(host)
  const literal = host.slice(1, -1)
  return isIpv6(literal) || futureAddress.test(literal)
}

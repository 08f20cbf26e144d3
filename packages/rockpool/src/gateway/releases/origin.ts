import { isIP } from 'node:net'
import { problem } from '../../kernel/index.ts'

/*
 * Addresses that are nobody's service, and often somebody's secrets: "this host" and link-local (RFC 1122 3.2.1.3, RFC 3927,
 * where clouds serve the credentials of their machines), multicast, and the same in IPv6 (RFC 4291 2.5.2, 2.5.6, 2.7), also
 * where IPv4 is written as IPv6.
 */
const nobodys = [/^0\./, /^169\.254\./, /^2(2[4-9]|3\d)\./, /^\[::\]$/, /^\[fe[89ab]/, /^\[ff/]
const mapped = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/

/** The origin of a release as it is kept. Pure. @throws Problem `invalid_input` */
export function readOrigin(text: string): string {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw refused('must be an http or https URL, such as http://127.0.0.1:9001')
  if (url.username !== '' || url.password !== '') throw refused('must not hold a user name or a password')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw refused('must be an origin: a release has no path of its own')
  if (isNobodys(url.hostname)) throw refused(`${url.hostname} is an address that no service has`)
  return url.origin
}

/** `URL` has written addresses in their one way: no octal, no shorthand. */
function isNobodys(hostname: string): boolean {
  const [, high, low] = mapped.exec(hostname) ?? []
  const bytes = [high, low].flatMap((part = '0') => [parseInt(part, 16) >> 8, parseInt(part, 16) & 255])
  const address = high === undefined ? hostname : bytes.join('.')
  if (isIP(address.replace(/^\[|\]$/g, '')) === 0) return false
  return nobodys.some((pattern) => pattern.test(address))
}

function refused(message: string) {
  return problem('invalid_input', `the address of a release ${message}`, {
    findings: [{ path: 'body.url', message }],
  })
}

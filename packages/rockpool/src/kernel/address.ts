import { isIPv6 } from 'node:net'

/**
 * Whom an address is counted as by a limit: an IPv4 address as itself, also where it is IPv4-mapped (`::ffff:192.0.2.1`,
 * RFC 4291 2.5.5.2); of IPv6 the /64, `2001:db8:0:1::/64`. The other half of an IPv6 address is the interface’s
 * (RFC 4291 2.5.4), which one machine changes as often as it likes (RFC 8981), and no site gets less than a /64
 * (RFC 6177): by exact addresses one machine would be 2^64. Who has a /48 has 65,536 of them still, so a limit needs a
 * total for all besides. What is no address counts as it is. Pure.
 */
export function countedAddress(remote: string): string {
  // Of a link-local one the zone is this machine's own name for the link (RFC 4007 11).
  const address = remote.replace(/%.*$/s, '')
  if (!isIPv6(address)) return remote
  const groups = groupsOf(address)
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** Whether a host, as `URL.hostname` has it, is this machine. Pure. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/** The eight groups of a valid IPv6 address; its end may be written as IPv4 (RFC 4291 2.2). */
function groupsOf(address: string): number[] {
  const [head = [], tail] = address
    .replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
      const [a, b, c, d] = bytes.slice(0, 4).map(Number) as [number, number, number, number]
      return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
    })
    .split('::')
    .map((half) => (half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16))))
  if (!tail) return head
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

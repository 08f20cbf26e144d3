import { expect, test } from 'vitest'
import { countedAddress } from './address.ts'

test.each([
  // IPv4 is counted by the address, however it is written.
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:c000:0207', '192.0.2.7'],
  ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
  ['::ffff:255.255.255.255', '255.255.255.255'],
  // Of IPv6 by the half that is not the machine's own to choose.
  ['2001:db8:0:1::7', '2001:db8:0:1::/64'],
  ['2001:DB8:0:1:ffff:ffff:ffff:ffff', '2001:db8:0:1::/64'],
  ['2001:0db8:0000:0001:0000:0000:0000:0007', '2001:db8:0:1::/64'],
  ['2001:db8::1:0:0:0:7', '2001:db8:0:1::/64'],
  ['2001:db8:0:2::7', '2001:db8:0:2::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  // What is no address stays what it is.
  ['', ''],
  ['somewhere', 'somewhere'],
  ['::ffff:1.2.3', '::ffff:1.2.3'],
])('%s is counted as %s', (remote, counted) => expect(countedAddress(remote)).toBe(counted))

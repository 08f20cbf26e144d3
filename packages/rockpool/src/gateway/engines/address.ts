import type { Socket } from 'node:net'

/** `host:port` of an origin, such as `127.0.0.1:41234` or `[::1]:443`. */
export function addressOf({ protocol, hostname, port }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`
}

/**
 * Who is at the other end of a connection: where a name has several addresses, that one of them. `origin`: what stands for it
 * while that is not known, and the same text where it is the same.
 */
export function peerOf({ remoteAddress, remotePort }: Socket, origin: string): string {
  if (remoteAddress === undefined) return origin
  const host = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress
  const peer = `${host}:${remotePort}`
  return peer === origin ? origin : peer
}

import { problem } from '../kernel/index.ts'

const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * Refuses a request whose Host is not one of ours: a page of an attacker whose name was rebound to this address would
 * otherwise be of the same origin as the control API (DNS rebinding). Pure.
 */
export function checkHost(header: string | undefined, hosts: readonly string[]): void {
  const name = /^(\[[0-9a-f:]+\]|[^:[\]@/\s]+)(?::\d{1,5})?$/i
    .exec(header ?? '')?.[1]
    ?.toLowerCase()
    .replace(/\.$/, '')
  if (name === undefined || ![...loopback, ...hosts.map((host) => host.toLowerCase())].includes(name)) {
    const shown = JSON.stringify((header ?? '').slice(0, 100))
    throw problem(
      'host_refused',
      `the control API is not served under the host name ${shown}; name it in the installation’s hosts`,
    )
  }
}

import { isIP } from 'node:net'

/**
 * A line of a request's head as it goes on. The one thing that a proxy must change: a client that was pointed at the
 * shadow names the shadow in `Host`, and the upstream has to be named. So where `Host` is localhost or an IP address its
 * value becomes the upstream's; any other name was chosen by the client, and stays. Everything else stays as it is. Pure.
 */
export function createHostLine(upstream: URL): (line: Buffer) => Buffer {
  return (line) => {
    if (!/^host:/i.test(line.toString('latin1', 0, 5))) return line
    const [, before, value, after] = /^(host:[ \t]*)(.*?)([ \t]*\r?\n)$/is.exec(line.toString('latin1')) ?? []
    if (value === undefined || !isAddress(value)) return line
    return Buffer.from(`${before}${upstream.host}${after}`, 'latin1')
  }
}

function isAddress(host: string): boolean {
  const name = host.replace(/:[0-9]+$/, '').replace(/^\[(.*)\]$/, '$1')
  return name.toLowerCase() === 'localhost' || isIP(name) !== 0
}

import { isLoopbackHost } from '../../kernel/light.ts'
import type { Finding } from '../../kernel/index.ts'

/**
 * Reads origins as somebody names them: `https://specs.example.test`, `http://127.0.0.1:8080`. What is sent in the clear
 * can be changed on its way, so `http` is for this machine alone; by `https` the certificate tells that a name leads where
 * it should, whatever its address is. `flag`: what they were given to. Pure.
 */
export function readOrigins(
  texts: readonly string[],
  flag = '--allow-remote',
): { origins: Set<string>; findings: Finding[] } {
  const origins = new Set<string>()
  const findings: Finding[] = []
  for (const text of texts) {
    const url = URL.parse(text)
    const isOrigin = url !== null && `${url.origin}/` === url.href
    if (isOrigin && isFetchable(url)) origins.add(url.origin)
    else
      findings.push({
        path: flag,
        message: `“${text.slice(0, 200)}” is no origin that can be allowed: it is https://<host>[:port], or http://<host>[:port] of this machine, with nothing behind it`,
      })
  }
  return { origins, findings }
}

/** Whether anything may be fetched by it at all, if its origin is allowed. Pure. */
export function isFetchable(url: URL): boolean {
  const isPlain = url.username === '' && url.password === ''
  return isPlain && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname)))
}

/** What to say of something in the network that is not fetched: what would allow it. Pure. */
export function adviceFor(address: string): string {
  const url = URL.parse(address)
  return url !== null && isFetchable(url)
    ? `nothing is fetched from there without --allow-remote ${url.origin}`
    : 'only https, and http of this machine, can be fetched, without a password in the address'
}

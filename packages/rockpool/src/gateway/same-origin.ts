import { valuesOf, type RequestHead } from './ground.ts'

/**
 * Whether a page of this gateway's own origin sent the request, as its browser vouches: by Sec-Fetch-Site (W3C Fetch
 * Metadata), by Origin (RFC 6454), and by both where both are there. Who tells neither is refused: a cookie comes along by
 * itself, and cookies are shared between the ports of a host. Of a page with the policy `no-referrer` the Origin is `null`
 * even for itself: then Sec-Fetch-Site alone says it.
 */
export function isSameOrigin(head: Pick<RequestHead, 'headers'>, secure: boolean): boolean {
  const sites = valuesOf(head, 'sec-fetch-site')
  const origins = valuesOf(head, 'origin')
  const [host] = valuesOf(head, 'host')
  const own = `${secure ? 'https' : 'http'}://${host}`.toLowerCase()
  if (sites.length + origins.length === 0 || host === undefined) return false
  return (
    sites.every((site) => site === 'same-origin') &&
    origins.every((origin) => origin === own || (origin === 'null' && sites.length > 0))
  )
}

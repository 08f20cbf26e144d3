import { problem } from '../kernel/index.ts'

/** The origin under which this request reached control: its Host, which was checked, with the scheme configured for it. Pure. */
export function originOf(host: string, origins: readonly string[]): string {
  const named = URL.parse(`http://${host}`)?.hostname
  const scheme = origins.map((origin) => new URL(origin)).find(({ hostname }) => hostname === named)?.protocol
  return `${scheme ?? 'http:'}//${host.toLowerCase()}`
}

/**
 * Refuses what a page of another origin asks for with this one's cookie. Another port of the same host counts as
 * another origin: cookies are shared between ports. `origin_refused`. Pure.
 *
 *   Sec-Fetch-Site   sent by browsers at trustworthy origins, for every method; no script can set it
 *   Origin           sent for every unsafe method
 */
export function checkOrigin(headers: Headers, method: string, origins: readonly string[]): void {
  const site = headers.get('sec-fetch-site')
  const origin = headers.get('origin')
  const ours = originOf(headers.get('host') ?? '', origins)
  const refuse = (why: string): never => {
    throw problem(
      'origin_refused',
      `a browser may ask this only from a page of ${ours.slice(0, 100)}: ${why}`,
    )
  }
  if (site !== null && site !== 'same-origin') refuse(`this came ${site.slice(0, 20)}`)
  if (origin !== null && origin !== ours) refuse(`this came from ${origin.slice(0, 100)}`)
  if (site === null && origin === null && method !== 'GET' && method !== 'HEAD')
    refuse('this names no origin')
}

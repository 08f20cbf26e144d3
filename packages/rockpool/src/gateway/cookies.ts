/** The cookie of a browser's session at the gateway. */
export const sessionCookie = 'rockpool_session'

const isOurs = (cookie: string) => /^[\s=]*rockpool[_-]/i.test(cookie)

/** All values of one cookie, without doubles, from the values of `Cookie` (RFC 6265 4.2.1). */
export function cookieValues(headers: readonly string[], name: string): string[] {
  const values = new Set<string>()
  for (const header of headers)
    for (const pair of header.split(';')) {
      const equals = pair.indexOf('=')
      if (equals >= 0 && pair.slice(0, equals).trim() === name) values.add(pair.slice(equals + 1).trim())
    }
  return [...values]
}

/** A `Cookie` header without Rockpool's cookies, in any letter case: no service sees one. '' when nothing is left. */
export function withoutOurCookies(header: string): string {
  const pairs = header.split(';')
  if (!pairs.some(isOurs)) return header
  return pairs
    .filter((pair) => pair.trim() !== '' && !isOurs(pair))
    .join(';')
    .trim()
}

/**
 * Whether a `Set-Cookie` would give a browser a cookie that counts as Rockpool's. One without a name counts too: browsers
 * send its value alone, and `=rockpool_session=…` would come back as a session.
 */
export function setsOurCookie(header: string): boolean {
  return isOurs(header)
}

const clearsOwn: ReadonlySet<string> = new Set([
  '"cache"',
  '"clientHints"',
  '"prefetchCache"',
  '"prerenderCache"',
])

/**
 * `Clear-Site-Data` without what takes more than a service's own: `"cookies"`, `"storage"` and `"*"` are about the whole host,
 * all its ports included, and would sign its browsers out. What is not known is taken out. '' when nothing is left. Pure.
 */
export function withoutSignOut(header: string): string {
  const types = header.split(',').map((type) => type.trim())
  return types.every((type) => clearsOwn.has(type))
    ? header
    : types.filter((type) => clearsOwn.has(type)).join(', ')
}

/** `Set-Cookie` for a session, host-only; `endsAt` and `now` in milliseconds. */
export function sessionSetCookie(text: string, endsAt: number, now: number, secure: boolean): string {
  const seconds = Math.max(0, Math.floor((endsAt - now) / 1000))
  return `${sessionCookie}=${text}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
}

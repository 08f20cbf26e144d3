import { originOf } from '../origins.ts'

/** Header with the page's share of the session. */
export const sessionKeyHeader = 'rockpool-session-key'

/** Of the port that the browser sees, so that two installations on one machine do not sign each other out. */
function cookieName(host: string): string {
  return `rockpool_control_${/:(\d{1,5})$/.exec(host)?.[1] ?? 'default'}`
}

/** The cookie's share in a request; undefined without one. Pure. */
export function sessionCookie(headers: Headers): string | undefined {
  const name = cookieName(headers.get('host') ?? '')
  for (const pair of (headers.get('cookie') ?? '').split(';')) {
    const [key, value] = pair.trim().split('=')
    if (key === name && value) return value
  }
  return undefined
}

/**
 * Set-Cookie for a share; null takes the cookie away. Host-only, out of reach of scripts, never sent by a request that
 * another site began, and never without TLS where control is configured with it. Pure.
 */
export function setSessionCookie(
  headers: Headers,
  origins: readonly string[],
  cookie: { share: string; endsAt: string } | null,
): string {
  const host = headers.get('host') ?? ''
  const secure = originOf(host, origins).startsWith('https:') ? '; Secure' : ''
  const ends = cookie ? new Date(cookie.endsAt) : new Date(0)
  return `${cookieName(host)}=${cookie?.share ?? ''}; Path=/; Expires=${ends.toUTCString()}; HttpOnly; SameSite=Strict${secure}`
}

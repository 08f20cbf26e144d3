/*
 * The page's half of the session. The other half is a cookie that no script can read; neither is worth anything alone.
 * Kept per origin (the port counts), so that two installations on one machine do not sign each other out.
 */

const place = 'rockpool-session-key'

export function sessionKey(): string | null {
  try {
    return localStorage.getItem(place)
  } catch {
    return null // storage is switched off: then there is no session either
  }
}

/** Null signs out. */
export function keepSessionKey(key: string | null): void {
  try {
    if (key === null) localStorage.removeItem(place)
    else localStorage.setItem(place, key)
  } catch {
    // As above.
  }
}

export function sessionHeaders(): Record<string, string> {
  const key = sessionKey()
  return key === null ? {} : { 'rockpool-session-key': key }
}

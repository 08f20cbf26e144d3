import type { Shown } from './header-memo.ts'
import { maxTokenBytes } from './issuers/token.ts'

const maxLength = 4096
const maxAuthorizationLength = maxTokenBytes + 'Bearer '.length

/**
 * Reads what both headers show. With the key in `Rockpool-Credential`, `Authorization` is the service's own matter; with a
 * credential of ours in each, nobody could tell which is meant.
 */
export function readShown(authorization: readonly string[], credential: readonly string[]): Shown {
  const shown = readAuthorization(authorization)
  const [value, ...more] = credential
  if (value === undefined || shown.kind === 'malformed') return shown
  if (more.length > 0)
    return { kind: 'malformed', detail: 'there is more than one Rockpool-Credential header' }
  if (shown.kind === 'credential')
    return { kind: 'malformed', detail: 'show one credential: in Authorization, or in Rockpool-Credential' }
  const text = value.trim()
  if (text.length > maxLength || !/^rp_[a-z]+_[0-9A-Za-z]+$/.test(text))
    return { kind: 'malformed', detail: 'Rockpool-Credential holds the key, and nothing beside it' }
  return { kind: 'credential', text, via: 'header' }
}

/**
 * Reads the values of `Authorization`: Bearer (RFC 6750), or Basic (RFC 7617) with the key as user name and an empty
 * password, as curl's `-u key:` sends it.
 */
export function readAuthorization(values: readonly string[]): Shown {
  const [value, ...more] = values
  if (value === undefined) return { kind: 'none' }
  if (more.length > 0) return { kind: 'malformed', detail: 'there is more than one Authorization header' }
  if (value.length > maxAuthorizationLength)
    return { kind: 'malformed', detail: 'the Authorization header is too long' }
  const [, scheme, rest] = /^([A-Za-z]+) +(\S+) *$/.exec(value) ?? []
  if (scheme === undefined || rest === undefined)
    return isOurs(value)
      ? { kind: 'malformed', detail: 'write “Bearer ” before the key' }
      : { kind: 'foreign' }
  if (/^bearer$/i.test(scheme)) {
    // By chance the signature of a token may hold what looks like a key: whose token it is, is asked first.
    const token = /^[\w-]+\.[\w-]+\.[\w-]*$/.test(rest) ? { token: rest } : {}
    return isOurs(rest)
      ? { kind: 'credential', text: rest, via: 'authorization', ...token }
      : { kind: 'foreign', ...token }
  }
  if (!/^basic$/i.test(scheme))
    return isOurs(value) ? { kind: 'malformed', detail: 'use Bearer or Basic' } : { kind: 'foreign' }
  const pair = Buffer.from(rest, 'base64').toString('latin1')
  if (!isOurs(pair)) return { kind: 'foreign' }
  const colon = pair.indexOf(':')
  if (colon < 0 || colon !== pair.length - 1 || !isOurs(pair.slice(0, colon)))
    return { kind: 'malformed', detail: 'with Basic, the key is the user name and the password is empty' }
  return { kind: 'credential', text: pair.slice(0, colon), via: 'authorization' }
}

/** Whether a text looks like a credential of ours anywhere in it: such a one is never passed on to a service. */
function isOurs(text: string): boolean {
  return /\brp_[a-z]+_[0-9A-Za-z]/.test(text)
}

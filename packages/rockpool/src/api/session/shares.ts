import { randomBytes } from 'node:crypto'

/*
 * A session's credential is in two shares: one in a cookie that no script can read, one in the page's storage.
 *
 *   cookie = random bytes        cookies are shared between the ports of a host: another server there receives it
 *   key    = text XOR cookie     storage is not: it belongs to one origin
 *
 * Either alone is random, and tells nothing at all of the credential. Control keeps neither.
 */

export interface Shares {
  /** base64url. */
  cookie: string
  /** base64url. */
  key: string
}

export function splitCredential(text: string): Shares {
  const bytes = Buffer.from(text, 'latin1')
  const pad = randomBytes(bytes.length)
  return { cookie: pad.toString('base64url'), key: xor(bytes, pad).toString('base64url') }
}

/** The credential's text; undefined when the two cannot belong together. Pure. */
export function joinCredential({ cookie, key }: Shares): string | undefined {
  const [pad, rest] = [cookie, key].map((share) => Buffer.from(share.slice(0, 200), 'base64url'))
  if (!pad || !rest || pad.length === 0 || pad.length !== rest.length) return undefined
  const text = xor(pad, rest).toString('latin1')
  return /^[\w]+$/.test(text) ? text : undefined
}

const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, at) => byte ^ b[at]!))

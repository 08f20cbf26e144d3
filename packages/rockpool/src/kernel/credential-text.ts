import { hash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

export const credentialKinds = ['live', 'sandbox', 'run', 'session', 'service', 'control'] as const
export type CredentialKind = (typeof credentialKinds)[number]

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const pattern = new RegExp(`^rp_(${credentialKinds.join('|')})_([0-9A-Za-z]{27})([0-9A-Za-z]{6})$`)
const ticketPattern = /^rp_ticket_([0-9A-Za-z]{27})([0-9A-Za-z]{6})$/

export interface NewCredential {
  /** `rp_<kind>_` + 27 characters of 160 random bits + 6 characters of checksum. Shown once, never stored. */
  text: string
  /** Hex SHA-256 of the text: all that is stored. 160 random bits need no salt and no slow hash. */
  sha256: string
  /** The beginning and the end, for lists. */
  hint: string
}

export function newCredential(kind: CredentialKind): NewCredential {
  const secret = newSecret()
  const text = `rp_${kind}_${secret}${checksum(kind, secret)}`
  return { text, sha256: sha256Hex(text), hint: `rp_${kind}_${secret.slice(0, 4)}…${text.slice(-4)}` }
}

/** The kind of a credential whose form and checksum are right (leaked ones can be found offline); else undefined. */
export function parseCredential(text: string): { kind: CredentialKind } | undefined {
  const match = pattern.exec(text)
  if (!match) return undefined
  const kind = match[1] as CredentialKind
  return match[3] === checksum(kind, match[2]!) ? { kind } : undefined
}

/** `rp_ticket_…`, in the form of a credential but none: it is exchanged once for one, and opens nothing by itself. */
export function newTicket(): Pick<NewCredential, 'text' | 'sha256'> {
  const secret = newSecret()
  const text = `rp_ticket_${secret}${checksum('ticket', secret)}`
  return { text, sha256: sha256Hex(text) }
}

/** Whether a text has the form and the checksum of a ticket: what has not need not be looked up. */
export function isTicket(text: string): boolean {
  const match = ticketPattern.exec(text)
  return match !== null && match[2] === checksum('ticket', match[1]!)
}

export function sha256Hex(text: string): string {
  return hash('sha256', text, 'hex')
}

function newSecret(): string {
  return base62(BigInt(`0x${randomBytes(20).toString('hex')}`), 27)
}

function checksum(kind: string, secret: string): string {
  let text = ''
  for (let rest = crc32(`${kind}_${secret}`); text.length < 6; rest = Math.floor(rest / 62))
    text = alphabet[rest % 62] + text
  return text
}

function base62(value: bigint, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest /= 62n) text = alphabet[Number(rest % 62n)] + text
  return text
}

import { hash, randomBytes } from 'node:crypto'

export const credentialKinds = ['live', 'sandbox', 'run', 'session', 'service', 'control'] as const
export type CredentialKind = (typeof credentialKinds)[number]

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** By character code: its value in base 62, or -1. */
const digits = Int8Array.from({ length: 128 }, (_, code) => alphabet.indexOf(String.fromCharCode(code)))
const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  return rest
})
const secretLength = 27
const checksumLength = 6
const prefixes = credentialKinds.map((kind) => ({ kind, ...prefixOf(kind) }))
const ticketPrefix = prefixOf('ticket')

/** What stands before a secret. */
interface Prefix {
  text: string
  length: number
  /** Of what is checked of it: all but its `rp_`. */
  crc: number
}

function prefixOf(kind: string): Prefix {
  const text = `rp_${kind}_`
  return { text, length: text.length, crc: crcOf(`${kind}_`) }
}

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
  const prefix = prefixes.find((one) => text.startsWith(one.text))
  return prefix !== undefined && isSound(text, prefix) ? { kind: prefix.kind } : undefined
}

/** `rp_ticket_…`, in the form of a credential but none: it is exchanged once for one, and opens nothing by itself. */
export function newTicket(): Pick<NewCredential, 'text' | 'sha256'> {
  const secret = newSecret()
  const text = `rp_ticket_${secret}${checksum('ticket', secret)}`
  return { text, sha256: sha256Hex(text) }
}

/** Whether a text has the form and the checksum of a ticket: what has not need not be looked up. */
export function isTicket(text: string): boolean {
  return text.startsWith(ticketPrefix.text) && isSound(text, ticketPrefix)
}

export function sha256Hex(text: string): string {
  return hash('sha256', text, 'hex')
}

/**
 * Whether a secret and its checksum follow the prefix, and nothing else does. Nearly every request shows a credential, so
 * its text is read once, by tables.
 */
function isSound(text: string, { length, crc: begun }: Prefix): boolean {
  const secretEnd = length + secretLength
  if (text.length !== secretEnd + checksumLength) return false
  let crc = begun
  for (let at = length; at < secretEnd; at++) {
    if (digitAt(text, at) < 0) return false
    crc = crcStep(crc, text.charCodeAt(at))
  }
  let rest = ~crc >>> 0
  for (let at = text.length - 1; at >= secretEnd; at--) {
    if (digitAt(text, at) !== rest % 62) return false
    rest = Math.floor(rest / 62)
  }
  return true
}

/** The value of a digit in base 62; -1: it is none. */
function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < 128 ? digits[code]! : -1
}

function newSecret(): string {
  return base62(BigInt(`0x${randomBytes(20).toString('hex')}`), secretLength)
}

function checksum(kind: string, secret: string): string {
  let text = ''
  let rest = ~crcOf(`${kind}_${secret}`) >>> 0
  for (; text.length < checksumLength; rest = Math.floor(rest / 62)) text = alphabet[rest % 62] + text
  return text
}

/** CRC-32 (RFC 1952 8) of an ASCII text, before its bits are turned over at the end: more may follow. */
function crcOf(text: string): number {
  let crc = -1
  for (let at = 0; at < text.length; at++) crc = crcStep(crc, text.charCodeAt(at))
  return crc
}

function crcStep(crc: number, byte: number): number {
  return crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8)
}

function base62(value: bigint, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest /= 62n) text = alphabet[Number(rest % 62n)] + text
  return text
}

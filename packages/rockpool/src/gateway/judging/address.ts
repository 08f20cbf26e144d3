import { createHash } from 'node:crypto'

/*
 * The address of a contract is the hash of its text: who has the text of an address has the right one, wherever it came
 * from, and another version is another address.
 */

export const addressForm = /^sha256:[0-9a-f]{64}$/

/** The largest contract that gateways hold calls against, in bytes. */
export const maxContractBytes = 32 * 1024 * 1024

/** The address of a contract's text: `sha256:` and 64 digits in hex. Pure. */
export function addressOf(text: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

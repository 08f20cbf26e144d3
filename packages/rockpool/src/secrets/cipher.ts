import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Secret as InstallationSecret } from '../kernel/index.ts'

/*
 * AES-256-GCM (NIST SP 800-38D). A sealed value is: one byte that names the form, 12 random bytes of nonce, 16 of tag,
 * the ciphertext. The name is authenticated with it, so that a value moved under another name does not open. With random
 * nonces one key is good for 2^32 values.
 */

const form = 1
const nonceBytes = 12
const tagBytes = 16

export interface Cipher {
  seal(name: string, value: string): Buffer
  /** Undefined: it was sealed under another key or name, or was changed. */
  open(name: string, sealed: Buffer): string | undefined
}

/** The key is derived from the installation's secret, one for each purpose: the database alone opens nothing. */
export function createCipher(secret: Pick<InstallationSecret, 'derive'>, purpose = 'secrets/values'): Cipher {
  const key = Buffer.from(secret.derive(purpose), 'base64url')
  return {
    seal(name, value) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
      const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.from([form]), nonce, cipher.getAuthTag(), text])
    },
    open(name, sealed) {
      if (sealed[0] !== form || sealed.length < 1 + nonceBytes + tagBytes) return undefined
      const nonce = sealed.subarray(1, 1 + nonceBytes)
      const tag = sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes)
      try {
        const opening = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name)).setAuthTag(tag)
        const text = opening.update(sealed.subarray(1 + nonceBytes + tagBytes))
        return Buffer.concat([text, opening.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
  }
}

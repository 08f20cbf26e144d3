import { createHmac, randomBytes } from 'node:crypto'

/*
 * Standard Webhooks 1.0.0, symmetric signatures: HMAC-SHA-256 of `<id>.<timestamp>.<body>`, in base64 behind `v1,`. The
 * secret is 24 bytes, in base64 behind `whsec_`. Neither id nor timestamp has a full stop, so nothing can be moved between them.
 */

const prefix = 'whsec_'

export const newSigningSecret = (): string => `${prefix}${randomBytes(24).toString('base64')}`

/** The headers of one attempt. `at`: milliseconds since 1970, of this attempt. Pure. */
export function signedHeaders(
  { message, at, body }: { message: string; at: number; body: string },
  secret: string,
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000))
  const key = Buffer.from(secret.slice(prefix.length), 'base64')
  const signature = createHmac('sha256', key).update(`${message}.${timestamp}.${body}`).digest('base64')
  return {
    'webhook-id': message,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  }
}

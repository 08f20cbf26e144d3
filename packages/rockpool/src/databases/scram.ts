import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

const iterations = 4096

/**
 * A password as Postgres stores it (SCRAM-SHA-256, RFC 5803 section 3 with StoredKey and ServerKey of RFC 5802), so that
 * the password itself never stands in a statement, where a server that logs DDL would keep it.
 * The password must be ASCII: SASLprep (RFC 4013) is not applied.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest()
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${hmac('Server Key').toString('base64')}`
}

export { createCipher } from './cipher.ts'
export { secretsOperations } from './handlers.ts'
export { listSecrets, secretName } from './operations.ts'
export { createSecrets } from './secrets.ts'
export type { Secrets } from './secrets.ts'
export type { Secret, TakenSecrets } from './types.ts'

/** For `migrate`. */
export const secretsMigrations = {
  schema: 'secrets',
  folder: new URL('./migrations/', import.meta.url),
} as const

export { createBots } from './bots.ts'
export type { Bots } from './bots.ts'
export { createDebts } from './debts.ts'
export type { Debts } from './debts.ts'
export { grantOf, grantToAdd, missingGrant } from './grants.ts'
export { botsOperations } from './handlers.ts'
export { createBotRuns } from './kind.ts'
export * from './operations.ts'
export { createBotKind } from './scenario.ts'

/** For `migrate`. */
export const botsMigrations = {
  schema: 'bots',
  folder: new URL('./migrations/', import.meta.url),
} as const

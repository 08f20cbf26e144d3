export { createSandboxKeeper } from './keeper.ts'
export type { SandboxKeeper, SandboxKeeperOptions } from './keeper.ts'
export type { Ledger } from './ledger.ts'
export { sandboxesOperations } from './handlers.ts'
export * from './operations.ts'
export { createSandboxes } from './sandboxes.ts'
export type { Sandboxes, SandboxesOptions } from './sandboxes.ts'
export type {
  Counted,
  CreatedSandbox,
  DeletionCause,
  LedgerEntry,
  LedgerFilter,
  NewSandbox,
  OwnData,
  Receipt,
  ReceiptService,
  ReceiptTable,
  Sandbox,
  SandboxFilter,
  SandboxState,
  Waiting,
} from './types.ts'

/** For `migrate`. */
export const sandboxesMigrations = {
  schema: 'sandboxes',
  folder: new URL('./migrations/', import.meta.url),
} as const

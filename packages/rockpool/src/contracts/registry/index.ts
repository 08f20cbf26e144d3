export { registryOperations } from './handlers.ts'
export * as registryApi from './operations.ts'
export { createEndpoints, createNoticeSender } from './notify/index.ts'
export { createRegistry } from './registry.ts'
export type { Registry } from './registry.ts'
export type { Seen } from './running.ts'
export type {
  Approval,
  Break,
  Notice,
  OperationOutline,
  PushResult,
  Traffic,
  Version,
  Watcher,
} from './types.ts'

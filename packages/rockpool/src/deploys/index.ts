export * from './agent/index.ts'
export { createDeploys } from './deploys.ts'
export type { Deploys } from './deploys.ts'
export { openServiceDirectory, readContracts, withOptions } from './directory.ts'
export type { ServiceDirectory } from './directory.ts'
export { deploysOperations } from './handlers.ts'
export * from './operations.ts'
export type { DesiredState, Observation, Service, ServiceKind, ServiceState } from './types.ts'

/** For `migrate`. */
export const deploysMigrations = {
  schema: 'deploys',
  folder: new URL('./migrations/', import.meta.url),
} as const

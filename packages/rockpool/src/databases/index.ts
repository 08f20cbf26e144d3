export { createDatabases } from './databases.ts'
export type { DatabasesOptions } from './databases.ts'
export type { DatabaseLimits, Databases, Exposure, ProvisionOptions, TableCount } from './types.ts'

export { createApi } from './api.ts'
export { builtPages } from './pages/pages.ts'
export * as sessionApi from './session/operations.ts'
export { createControlClient } from './client.ts'
export {
  answersFor,
  getStatus,
  latestVerdictOf,
  statusLines,
  statusOperations,
  type LatestVerdict,
  type StatusAnswer,
} from './status.ts'
export type { ControlClient, ControlClientOptions } from './client.ts'
export type { Api, ApiOptions, ApiServer, InternalRoutes } from './types.ts'

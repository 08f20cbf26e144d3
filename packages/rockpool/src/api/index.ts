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
} from './status.ts'
export { latestLifecycleOf } from './right-now.ts'
export type { StatusAnswer } from './status-answer.ts'
export type { ControlClient, ControlClientOptions } from './client.ts'
export type { Api, ApiOptions, ApiServer, InternalRoutes } from './types.ts'

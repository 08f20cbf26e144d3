export { createSupervisor, lockFolder } from './agent/index.ts'
export type {
  FolderLock,
  ProcessSpec,
  ProcessStatus,
  Readiness,
  Supervisor,
  SupervisorOptions,
} from './agent/index.ts'
export type { DesiredState, ServiceState } from './types.ts'

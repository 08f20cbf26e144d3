export { reachedBy } from './access.ts'
export { startArtifacts } from './artifacts/artifacts.ts'
export { getArtifact, viewTrace } from './artifacts/operations.ts'
export { browserOperations } from './browser/operations.ts'
export { createRunControl, rolePrefix } from './control.ts'
export type { CallControl, RunControl } from './control.ts'
export { discover, findFiles } from './discovery.ts'
export type { Discovered } from './discovery.ts'
export { readCatalogue } from './execute/catalogue.ts'
export { executeChecks } from './execute/execute.ts'
export type { ExecuteOptions } from './execute/execute.ts'
export type { CheckResult } from './execute/types.ts'
export type { RawScenario } from './child/protocol.ts'
export { checksOperations } from './handlers.ts'
export type { ChecksOperationsOptions, EffectsOf } from './handlers.ts'
export { createCheckRoutes } from './internal.ts'
export { checkKind } from './kinds.ts'
export type { ScenarioKind } from './kinds.ts'
export * from './operations.ts'
export { oneLine, printable } from './printable.ts'
export { createPool } from './process/pool.ts'
export type { Pool, PoolOptions } from './process/pool.ts'
export { openReading } from './reading.ts'
export { createRunRequests } from './queue.ts'
export type { RunRequests } from './queue.ts'
export { createReporter, reporterNames } from './reporters/index.ts'
export type { ReporterName, ReporterTarget } from './reporters/index.ts'
export type { Reporter, Summary } from './reporters/reporter.ts'
export { createRunner } from './runner/runner.ts'
export type { Runner, RunnerOptions, RunnerSource } from './runner/runner.ts'
export { createCauses } from './runs/causes.ts'
export type { Causes, CausesOptions, ServiceSight } from './runs/causes.ts'
export type { IssueCredential, RunKind, RunOf } from './runs/kind.ts'
export type { LatestVerdict } from './runs/latest.ts'
export { createRunKeeper } from './runs/keeper.ts'
export { createRuns } from './runs/runs.ts'
export type { Runs, RunsOptions, StartedRun } from './runs/runs.ts'
export { verdict } from './runs/schema.ts'
export type { CheckState, Definition, Grant, Run, RunDetails, RunSummary } from './runs/schema.ts'
export { isSensitiveName, redactText } from './redact.ts'
export { runMocksOperations } from './mocks.ts'
export type { ContractOf } from './mocks.ts'
export { runSecretsOperations } from './secrets.ts'
export type {
  Attempt,
  Catalogue,
  Check,
  Entry,
  Evidence,
  Failure,
  Kind,
  Obstacle,
  Trigger,
  Verdict,
} from './types.ts'

/** For `migrate`. */
export const checksMigrations = {
  schema: 'checks',
  folder: new URL('./migrations/', import.meta.url),
} as const

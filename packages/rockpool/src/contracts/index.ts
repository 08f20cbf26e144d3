export { emitCheckTypes, emitClient } from './clients/index.ts'
export {
  chooseDifferences,
  differencesOf,
  formatJson,
  formatMarkdown,
  formatText,
  noPolicy,
  operationsOf,
} from './differences/index.ts'
export type { Aspect, Difference, MetBy, Weights } from './differences/index.ts'
export { toOpenApi } from './export/openapi.ts'
export type { ContractFinding } from './findings.ts'
export { askGenerator, runGenerator } from './generators/index.ts'
export { fixDocuments, lintDocuments, loadSettings, unifiedDiff } from './lint/index.ts'
export type { LintFinding } from './lint/index.ts'
export { loadContract, loadDocuments, readDocuments } from './load.ts'
export type { Documents } from './load.ts'
export {
  createMock,
  createMockCalls,
  createMockFetch,
  readFaults,
  readLatency,
  startMockServer,
} from './mocks/index.ts'
export type { Fault, MockFetch, ToldCall } from './mocks/index.ts'
export { createFetchText } from './remote/fetch-text.ts'
export { readOrigins } from './remote/origins.ts'
export { readContract } from './read.ts'
export type { ContractReading } from './read.ts'
export type { Contract } from './types.ts'
export { emitTypes } from './typescript/index.ts'
export { addressOf, checkBundle, documentsOf, loadBundle, readBundle } from './bundle.ts'
export type { Bundle } from './bundle.ts'
export {
  createEndpoints,
  createNoticeSender,
  createRegistry,
  registryApi,
  registryOperations,
} from './registry/index.ts'
export type {
  Approval,
  Break,
  Notice,
  OperationOutline,
  PushResult,
  Registry,
  Seen,
  Traffic,
  Version,
  Watcher,
} from './registry/index.ts'
export {
  contractAddress,
  createMockFidelities,
  getMockFidelity,
  mockFidelityOperations,
  operationFidelity,
  replay,
} from './fidelity/index.ts'
export type {
  Given,
  MockFidelities,
  MockFidelity,
  OperationFidelity,
  SeenFidelity,
} from './fidelity/index.ts'

export { createUsageBook, createUsageKeeper, usageSides } from './usage/index.ts'
export type { UsageBook, UsageShipment } from './usage/index.ts'

export {
  createMockRoutes,
  createSandboxMocks,
  sandboxMocksApi,
  sandboxMocksOperations,
} from './sandbox-mocks/index.ts'
export type { SandboxMock, SandboxMocks, VersionRoute } from './sandbox-mocks/index.ts'

/** For `migrate`. */
export const contractsMigrations = {
  schema: 'contracts',
  folder: new URL('./migrations/', import.meta.url),
} as const
export {
  createObserver,
  driftOf,
  mergeUsage,
  noUsage,
  rowsOf,
  usageKinds,
  usageOf,
  weigh,
} from './traffic/index.ts'
export type {
  Drift,
  DriftFinding,
  Observer,
  ObserverBounds,
  ProposedPatch,
  ServiceUsageRow,
  Usage,
  UsageRow,
} from './traffic/index.ts'

// The door for who loads as little as it can: names, types, and the ways to what reads and to what judges, which are loaded when they are
// asked for.
export type { ContractFinding, Findings } from './findings.ts'
export { nameOfOperation } from './openapi/names.ts'
export { follow } from './references.ts'
export type { AnswerFinding, AnswerReader, ReceivedAnswer } from './answers/index.ts'
export type { OperationOutline } from './registry/types.ts'
export type { ReadRequest, RequestFinding, RequestReader } from './requests/index.ts'
export { mergeUsage } from './traffic/usage.ts'
export type { Observer, Usage, UsageRow } from './traffic/index.ts'
export type { ShippedRow, UsageShipment, UsageSide } from './usage/index.ts'
export { haveOneOrigin } from './source/origins.ts'
export type * from './types.ts'

/** What reads contracts, loaded when it is first asked for. */
export const loadReading = () => import('./load.ts')

/** What requests and answers are held against a contract with, loaded when it is first asked for. */
export const loadJudging = () => import('./judging.ts')
export type Judging = Awaited<ReturnType<typeof loadJudging>>

/** What answers for services in sandboxes: for the process of the role mocks. */
export const loadMockHost = () => import('./mock-host/index.ts')

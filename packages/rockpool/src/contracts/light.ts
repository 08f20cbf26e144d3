// The door for who loads as little as they can: names, types, and the way to what judges, which is loaded when it is asked for.
export { nameOfOperation } from './openapi/names.ts'
export type { ContractFinding } from './findings.ts'
export type { RequestFinding, RequestReader } from './requests/index.ts'
export type { Contract as ContractModel, MediaType, Operation } from './types.ts'

/** What requests and answers are held against a contract with, loaded when it is first asked for. */
export const loadJudging = () => import('./judging.ts')
export type Judging = Awaited<ReturnType<typeof loadJudging>>

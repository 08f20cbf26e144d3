export { toOpenApi } from './export/openapi.ts'
export type { ContractFinding } from './findings.ts'
export { loadContract } from './load.ts'
export { readContract } from './read.ts'

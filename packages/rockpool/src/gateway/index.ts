export { loadContract, readContract, routesOf } from './contract.ts'
export type { Contract, ContractOperation, ContractParameter, ContractReading } from './contract.ts'
export type * from './types.ts'

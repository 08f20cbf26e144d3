export { replay } from './replay.ts'
export type { ReplayOptions } from './replay.ts'
export { aspects, fidelities } from './types.ts'
export type { Fidelity, FidelityFinding, FidelityRequest, Given, OperationFidelity, Seen } from './types.ts'

// The part's second door, for the process of a gateway: what it serves with, and nothing of control's side, which it would
// only keep in its memory.
export { defaultEngine, engineNames, isEngineName } from './engines/names.ts'
export type { EngineName } from './engines/names.ts'
export { startGateway } from './process.ts'
export type { GatewayProcess } from './process.ts'
export { adoptLedgers, workerFolder } from './workers/folders.ts'
export { startWorkers } from './workers/parent.ts'
export { createWholeLines } from './workers/whole-lines.ts'
export { joinParent } from './workers/worker.ts'
export type { Parent } from './workers/worker.ts'

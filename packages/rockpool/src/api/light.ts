// The api part's second door, for commands: the way to a control that runs, and nothing of what answers there.
export { createAsk } from './client/ask.ts'
export type { Ask } from './client/ask.ts'
export { createControlClient } from './client/control.ts'
export type { ControlClient } from './client/control.ts'
export { createOperationClient } from './client/operations.ts'
export type { OperationClient } from './client/operations.ts'
export { statusLines } from './status-answer.ts'

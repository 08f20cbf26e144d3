export { createAnswerReader } from './reader.ts'
export type { AnswerReader } from './reader.ts'
export type { AnswerFinding, ReceivedAnswer } from './types.ts'

/*
 * What requests and answers are held against a contract with, and nothing else of this part: for the process of a gateway,
 * which loads it when a service first asks for it.
 */
export { readContract } from './read.ts'
export { createRequestReader, looksInto } from './requests/index.ts'
export { createValidator } from './validation/index.ts'
export { createAnswerReader } from './answers/index.ts'
export { createObserver, operationKey } from './traffic/index.ts'

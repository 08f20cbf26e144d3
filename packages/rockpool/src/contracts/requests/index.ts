export { createRequestReader } from './reader.ts'
export type { RequestReader } from './reader.ts'
export type { ReaderOptions, ReadRequest, Received, RequestFinding, Value } from './types.ts'
export { headerValues } from './pairs.ts'

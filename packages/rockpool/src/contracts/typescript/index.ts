export { emitTypes } from './emit-types.ts'
export type { TypeOptions } from './schemas.ts'

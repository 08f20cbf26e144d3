export { emitCheckTypes } from './check-types.ts'
export { emitClient } from './emit-client.ts'

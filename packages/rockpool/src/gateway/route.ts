import type { OperationValidation, Shape } from '../kernel/index.ts'

export interface Route {
  /** Upper case. */
  method: string
  /** A path template. */
  path: string
  operationId: string
  /** The contract says `security: []` for this operation: no credential is needed. */
  anonymous: boolean
  /** Other forms in which it may be called and answered (shapes/); most have none. */
  shapes?: readonly Shape[] | undefined
  /** What of its calls is held against the contract; of most nothing is. */
  validation?: OperationValidation | undefined
  /** Milliseconds that a call may take in all; null: any; without it, what route-limits.ts says. */
  totalMs?: number | null | undefined
  /** Bytes that a request's body may have; null: any; without it, what route-limits.ts says. */
  maxBodyBytes?: number | null | undefined
}

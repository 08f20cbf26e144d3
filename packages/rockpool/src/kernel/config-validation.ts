import { z } from 'zod'
import type { Finding } from './problem.ts'

/*
 * validation   whether what goes to a service is held against its contract, at the gateway
 * refuse       what does not keep to the contract does not reach the service
 * report       everything goes through as it came; what is wrong with it is counted
 * off          nothing is looked at
 * coerce       JSON with values of other types (`"5"` for a number) is given those of the contract
 * responses    the share of answers that are held against the contract after they went out, 0 to 1
 */

export const validationModes = ['refuse', 'report', 'off'] as const
export type ValidationMode = (typeof validationModes)[number]

const mode = z.enum(validationModes, "write 'refuse', 'report' or 'off'")
const share = z
  .number('write a share from 0 to 1, such as 0.05')
  .min(0, 'write a share from 0 to 1, such as 0.05')
  .max(1, 'write a share from 0 to 1, such as 0.05')

const validation = z.strictObject({
  requests: mode.default('off'),
  responses: share.default(0),
  coerce: z.boolean().default(false),
  /** By `operationId`: what counts for its requests instead of `requests`. */
  operations: z.record(z.string().min(1).max(200), mode).default({}),
})

/** Of one service, in `services`. A mode alone is that of its requests. A union would tell the findings of both forms. */
export const validationSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { requests: value } : value),
  validation.optional(),
)

export type ValidationConfig = z.output<typeof validation>

/** What counts for one operation. */
export interface OperationValidation {
  requests: ValidationMode
  /** The share of its answers that are judged, 0 to 1. */
  responses: number
  coerce: boolean
}

/** What counts for one operation; undefined: nothing of it is judged, as of most. Pure. */
export function validationOf(
  config: ValidationConfig | undefined,
  operationId: string,
): OperationValidation | undefined {
  if (config === undefined) return undefined
  const { operations, responses, coerce } = config
  const requests = Object.hasOwn(operations, operationId) ? operations[operationId]! : config.requests
  return requests === 'off' && responses === 0 ? undefined : { requests, responses, coerce }
}

/** Exceptions for operations that the service's contract does not have. Pure. */
export function validationFindings(
  service: string,
  config: ValidationConfig | undefined,
  operationIds: readonly string[],
): Finding[] {
  return Object.keys(config?.operations ?? {})
    .filter((name) => !operationIds.includes(name))
    .map((name) => ({
      path: `services.${service}.validation.operations.${name}`,
      message: `the contract of ${service} has no operation “${name}”`,
    }))
}

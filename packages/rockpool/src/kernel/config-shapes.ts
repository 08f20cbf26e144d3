import { z } from 'zod'
import type { Finding } from './problem.ts'

/*
 * shape           another form in which requests or answers of one operation may come, for clients that rely on it
 * envelope        `envelope=response`: the answer as JSON with status, headers and body; `envelope=request`: the request so
 * jsonp           `callback=name`: that envelope as a script
 * method          `method=PUT` in the query, of a request that comes as GET or POST
 * form            a body of the type application/x-www-form-urlencoded goes on as JSON
 * octet-stream    a body of the type application/octet-stream goes on as JSON, which it must be
 */

export const shapeNames = ['envelope', 'jsonp', 'method', 'form', 'octet-stream'] as const
export type Shape = (typeof shapeNames)[number]

/** Every operation of the service that is not named itself. */
const anyOperation = '*'

const shapes = z
  .array(z.enum(shapeNames, `write ${shapeNames.map((name) => `'${name}'`).join(', ')}`))
  .max(shapeNames.length)

/** Of one service, in `services`: by `operationId`, or `*`. What is named itself counts instead of `*`. */
export const shapesSchema = z.record(z.string().min(1).max(200), shapes).optional()

export type ShapesConfig = NonNullable<z.output<typeof shapesSchema>>

/** The shapes of one operation; undefined where it has none, as most have. Pure. */
export function shapesOf(config: ShapesConfig | undefined, operationId: string): Shape[] | undefined {
  if (config === undefined) return undefined
  const own = Object.hasOwn(config, operationId) ? config[operationId] : config[anyOperation]
  return own === undefined || own.length === 0 ? undefined : [...new Set(own)]
}

/** Shapes of operations that the service's contract does not have. Pure. */
export function shapeFindings(
  service: string,
  config: ShapesConfig | undefined,
  operationIds: readonly string[],
): Finding[] {
  return Object.keys(config ?? {})
    .filter((name) => name !== anyOperation && !operationIds.includes(name))
    .map((name) => ({
      path: `services.${service}.shapes.${name}`,
      message: `the contract of ${service} has no operation “${name}”`,
    }))
}

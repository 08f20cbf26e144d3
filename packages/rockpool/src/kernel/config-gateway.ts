import { z } from 'zod'
import { telemetrySchema } from './config-telemetry.ts'
import { parseDuration } from './duration.ts'

/** Worker processes of one gateway. */
export const mostWorkers = 64
const workersMessage = `write 'auto' or a whole number from 1 to ${mostWorkers}`

const connections = z.int().min(1, 'write a whole number of at least 1').max(1_000_000).optional()
const [leastAlone, mostAlone] = ['10s', '30d'] as const

/** What moves the gateway's bytes: `splice` (HTTP/1.1 over node:net by a parser of its own), or `node` (node:http, undici). */
export const gatewaySchema = z
  .strictObject({
    engine: z.enum(['node', 'splice'], "write 'node' or 'splice'").default('splice'),
    telemetry: telemetrySchema,
    /** Connections of clients that one process has: in all, and of one address. */
    limits: z.strictObject({ connections, connectionsPerClient: connections }).optional(),
    /** How long keys, people's sessions and anonymous calls count while control is gone; runs count for 10 s. */
    withoutControl: z
      .string()
      .refine(isAlone, `write a duration from ${leastAlone} to ${mostAlone}, such as 1h or 3d`)
      .optional(),
    /** PEM files, seen from the configuration; `ca`: who signed `cert`, where that is no public authority. */
    tls: z
      .strictObject({ cert: z.string().min(1), key: z.string().min(1), ca: z.string().min(1).optional() })
      .optional(),
    /** Processes that serve together; `auto`: one for each core. */
    workers: z
      .union([z.literal('auto'), z.int()], workersMessage)
      .refine((value) => value === 'auto' || (value >= 1 && value <= mostWorkers), workersMessage)
      .default(1),
  })
  .default({ engine: 'splice', workers: 1 })

function isAlone(text: string): boolean {
  try {
    const ms = parseDuration(text)
    return ms >= parseDuration(leastAlone) && ms <= parseDuration(mostAlone)
  } catch {
    return false
  }
}

import { z } from 'zod'
import { telemetrySchema } from './config-telemetry.ts'

/** Worker processes of one gateway. */
export const mostWorkers = 64
const workersMessage = `write 'auto' or a whole number from 1 to ${mostWorkers}`

/** What moves the gateway's bytes: `splice` (HTTP/1.1 over node:net by a parser of its own), or `node` (node:http, undici). */
export const gatewaySchema = z
  .strictObject({
    engine: z.enum(['node', 'splice'], "write 'node' or 'splice'").default('splice'),
    telemetry: telemetrySchema,
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

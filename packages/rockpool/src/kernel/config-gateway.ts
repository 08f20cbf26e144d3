import { z } from 'zod'

/** What moves the gateway's bytes: `node` (node:http, undici), or `splice` (HTTP/1.1 over node:net by a parser of its own). */
export const gatewaySchema = z
  .strictObject({ engine: z.enum(['node', 'splice'], "write 'node' or 'splice'").default('node') })
  .default({ engine: 'node' })

import { z } from 'zod'
import { shapeNames, validationModes } from '../kernel/index.ts'

/** A `Route`, as control may tell it. */
export const routeSchema = z.object({
  method: z.string().regex(/^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/, 'must be a method that is routed'),
  path: z.string().startsWith('/').max(2048),
  operationId: z.string().min(1).max(200),
  anonymous: z.boolean(),
  shapes: z.array(z.enum(shapeNames)).max(shapeNames.length).optional(),
  validation: z
    .object({ requests: z.enum(validationModes), responses: z.number().min(0).max(1), coerce: z.boolean() })
    .optional(),
  totalMs: z
    .number()
    .int()
    .positive()
    .max(24 * 60 * 60 * 1000)
    .nullable()
    .optional(),
  maxBodyBytes: z.number().int().positive().nullable().optional(),
})

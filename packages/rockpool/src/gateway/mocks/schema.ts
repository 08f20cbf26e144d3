import { z } from 'zod'
import { routeSchema } from '../route-schema.ts'

const word = z.string().min(1).max(200)

export const snapshotMock = z.object({
  id: z.string().regex(/^mck_[\w-]{1,80}$/, 'must be the id of a mock'),
  organization: z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/, 'must be a slug'),
  service: word,
  version: word,
  routes: word.optional(),
  origin: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .refine((url) => URL.parse(url)?.origin === url, 'must be an origin')
    .nullable(),
})

export const snapshotMockRoutes = z.object({
  name: word,
  service: word,
  routes: z.array(routeSchema.omit({ validation: true })).max(20_000),
})

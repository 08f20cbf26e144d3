import { effectRecorded } from '@rockpool/sdk/wire'
import type { EffectRecorded } from '@rockpool/sdk/wire'
import { z } from 'zod'
import { createLocalConsumer } from '../events/index.ts'
import type { Consumer, GoneOrganizations } from '../events/index.ts'
import { problem } from '../kernel/index.ts'
import type { Database } from '../kernel/index.ts'
import { holdRecords, writeRecord } from './store.ts'

/** The name of the projection's consumer. */
export const effectsConsumer = 'effects'

const recorded = z.object({
  effect: z.uuid(),
  name: z.string().min(1).max(200),
  mode: z.enum(['production', 'sandbox']),
  outcome: z.enum(['started', 'done', 'stood in', 'denied', 'failed']),
  arguments: z.unknown(),
  error: z.string().optional(),
})

/** For the relay: makes records from the events in which services tell of their effects. */
export function createEffectsConsumer({
  database,
  gone,
}: {
  database: Database
  gone: GoneOrganizations
}): Consumer {
  return createLocalConsumer({
    name: effectsConsumer,
    types: [effectRecorded],
    database,
    async apply(tx, events) {
      await holdRecords(tx, 'shared')
      const left = await gone([...new Set(events.map(({ event }) => event.organization))])
      for (const { position, event } of events) {
        if (left.has(event.organization)) continue
        const read = recorded.safeParse(event.data)
        if (!read.success) {
          throw problem(
            'invalid_input',
            `the event ${event.id} of ${event.source} is no record of an effect`,
            {
              findings: read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
            },
          )
        }
        await writeRecord(tx, position, event, read.data as EffectRecorded)
      }
    },
  })
}

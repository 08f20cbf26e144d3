import type { Actor, CloudEvent, Environment } from '@rockpool/sdk/wire'

/** A row of `events.log`, or of any outbox with its source. */
export interface LogRow {
  position: number
  id: string
  source: string
  type: string
  key: string
  number: number
  organization: string
  environment: Environment
  actor: Actor
  run: string | null
  data: unknown
  time: Date
}

export const logColumns =
  'l.position, l.id, l.source, l.type, l.key, l.number, l.organization, l.environment, l.actor, l.run, l.data, l.time'

/** CloudEvents 1.0, structured JSON. The source of Rockpool's own events is `/rockpool`. */
export function toCloudEvent(row: LogRow): CloudEvent {
  return {
    specversion: '1.0',
    id: row.id,
    source: row.source === 'rockpool' ? '/rockpool' : `/services/${row.source}`,
    type: row.type,
    time: row.time.toISOString(),
    datacontenttype: 'application/json',
    subject: row.key,
    sequence: String(row.number),
    organization: row.organization,
    environment: row.environment,
    actor: row.actor,
    ...(row.run === null ? {} : { run: row.run }),
    data: row.data,
  }
}

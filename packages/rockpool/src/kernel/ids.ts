import { randomUUIDv7 } from 'node:crypto'

/** The kinds of ids that Rockpool makes; the prefix tells a reader what an id names. */
export type IdPrefix =
  | 'org'
  | 'mem'
  | 'key'
  | 'run'
  | 'req'
  | 'rcp'
  | 'gw'
  | 'evt'
  | 'rly'
  | 'flt'
  | 'drn'
  | 'apr'
  | 'wat'
  | 'ntc'
  | 'mck'

/** A new id: the prefix and a UUIDv7 (RFC 9562), so that ids sort by the time they were made. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${randomUUIDv7()}`
}

/*
 * The vocabulary: place, usage, row, bounds.
 *
 *     requests ─┐                             ┌─► weigh: whom does a difference meet?
 *               ├─► observer ─► usage (rows) ─┤
 *     answers  ─┘     counts                  └─► drift: what does the document not say?
 *
 * A place is named as the differences name it: `schema Pet /born`, `request body application/json /price`. What stands in a
 * schema with a name is counted there, for each operation; that a place leads to a name is a row of its own.
 *
 * No value is kept, but for those of enums, and the kinds of unions. Of what no contract declares, the name and the type of
 * its value in JSON are.
 */

export type UsageDirection = 'request' | 'response'

export const usageKinds = [
  /** The operation was watched on that day, whether anybody called it or not. Without an organization. */
  'observed',
  /** A call of the operation. Place: `operation`. */
  'call',
  /** What lies at this place leads to the place in `value`: a schema with a name. Without an organization. */
  'leads',
  /** Something of these calls was not counted: it was unreadable, or beyond the bounds. Place: `operation`. */
  'cut',
  /** A value stood at this place. */
  'sent',
  /** A value of an enum, as JSON, or `null`; without `value`: one that is not declared, and was not kept. */
  'value',
  /** The value was this branch of a union: its label as the differences have it. */
  'branch',
  /** The value of a discriminator, as JSON; without `value`: one that is not declared. */
  'kind',
  /** A member that the contract does not declare; `value`: its type in JSON. */
  'undeclared',
  /** The same member, seen from another schema that holds for the same object. */
  'aside',
  /** Members that the contract does not declare, and whose names were not kept. Place: that of the object. */
  'more',
  /** A status that the contract does not declare. Place: `response <status>`. */
  'status',
  /** A media type that the contract does not declare for this body, in `value`. Place: `response <status>`. */
  'media type',
] as const

export type UsageKind = (typeof usageKinds)[number]

/** What was counted at one place, of one organization, on one day. A row of a table, but for the service. */
export interface UsageRow {
  /** Method and shape of the path, `GET /pets/{}`: names of parameters are no part of it, ids neither. */
  operation: string
  direction: UsageDirection
  place: string
  kind: UsageKind
  value: string | null
  /** Null: of nobody, or of those beyond the number that is told apart. */
  organization: string | null
  /** `2026-11-23` */
  day: string
  /** Calls. */
  count: number
  /** How often in them: a list may hold it many times. */
  times: number
  /** ISO 8601, to the moment of the `take` that told it. */
  lastSeen: string
}

/** Plain JSON. */
export interface Usage {
  /** In the order of their keys; no two have the same. */
  rows: UsageRow[]
  /** There was more than is kept: of what is not there, nobody knows. */
  isCut: boolean
}

/** As a table has it. */
export interface ServiceUsageRow extends UsageRow {
  service: string
}

export interface ObserverBounds {
  /** Organizations that are told apart between two takes; the rest counts together. */
  organizations: number
  /** Counters of one organization at one place, of all organizations and places; the rest counts together. */
  counters: number
  /** Places with what was counted there: further ones are not counted, and the calls are marked. */
  places: number
  /** Undeclared members of one object, undeclared values of one enum. */
  undeclared: number
  /** Values of one body. */
  values: number
  /** Levels of one body. */
  depth: number
}

export const usualBounds: ObserverBounds = {
  organizations: 1_000,
  counters: 200_000,
  places: 100_000,
  undeclared: 20,
  values: 10_000,
  depth: 64,
}

import { ruleOf } from '../differences/index.ts'
import type { Deed, Weighable } from '../differences/index.ts'
import type { Json } from '../types.ts'
import type { UsageKind } from './types.ts'
import { valueText } from './expand.ts'
import { ofBody, ofOperation } from './places.ts'

/** Whom a difference concerns: who did what, and what of usage tells it. */
export type Concern =
  | { who: 'called'; deed: Deed }
  /** Who sent something at the place, or what is at `place` instead of it. */
  | { who: 'sent'; deed: Deed; place?: string }
  /** Who sent this there, of all that was sent. */
  | { who: 'chose'; deed: Deed; kind: UsageKind; value: string }
  /** Who sent what stands around it, without it. */
  | { who: 'lacked'; deed: Deed }
  /** Who sent members that the contract does not declare. */
  | { who: 'added'; deed: Deed }

type Row = [rule: RegExp, concern: (details: Record<string, Json>) => Concern]

const called: Concern = { who: 'called', deed: 'called this operation' }
const sent: Concern = { who: 'sent', deed: 'sent this field' }

const chose =
  (kind: UsageKind, deed: Deed, name: string) =>
  (details: Record<string, Json>): Concern => {
    const value = details[name] ?? null
    const text = kind === 'branch' && typeof value === 'string' ? value : valueText(value)
    return { who: 'chose', deed, kind, value: text }
  }

/**
 * The first row that fits a rule about what is sent. What none fits concerns who sent something there: of lengths, bounds and
 * patterns nothing tells who keeps to them, as no values are kept.
 */
const table: Row[] = [
  // Another path: whoever calls the old one is concerned.
  [/^new-request-path-parameter$/, () => called],
  [/^request-body-(added|became)-required$/, () => ({ who: 'lacked', deed: 'sent no body' })],
  [/^request-body-(removed|added-optional|became-optional)$/, () => ({ who: 'sent', deed: 'sent a body' })],
  [
    /^request-body-media-type-removed$/,
    ({ before }) => ({ who: 'sent', deed: 'sent a body', place: `${ofBody} ${textOf(before)}` }),
  ],
  [
    /^(new-required-request-|request-.*became-required)|-required-property-became-not-read-only$/,
    () => ({ who: 'lacked', deed: 'did not send this field' }),
  ],
  [/-enum-value-removed$|-const-(changed|removed)$/, chose('value', 'sent this value', 'before')],
  [/-became-not-nullable$/, () => ({ who: 'chose', deed: 'sent this value', kind: 'value', value: 'null' })],
  [/-discriminator-value-(removed|renamed)$/, chose('kind', 'sent this kind', 'before')],
  [/-discriminator-(value-moved|mapping-(deleted|changed))$/, chose('kind', 'sent this kind', 'name')],
  [/-(one|any)-of-removed$/, chose('branch', 'sent this kind', 'before')],
  [
    /-additional-properties-(forbidden|typed)$/,
    () => ({ who: 'added', deed: 'sent members that are not told' }),
  ],
]

/** The name of a media type, which is a text. */
function textOf(name: Json | undefined): string {
  return typeof name === 'string' ? name : ''
}

/** What is answered goes to all who call, and so does what is about the whole operation. */
export function concernOf({ rule, place, details }: Pick<Weighable, 'rule' | 'place' | 'details'>): Concern {
  if (ruleOf(rule).direction !== 'request' || place === ofOperation) return called
  const row = table.find(([pattern]) => pattern.test(rule))
  return row === undefined ? sent : row[1](details)
}

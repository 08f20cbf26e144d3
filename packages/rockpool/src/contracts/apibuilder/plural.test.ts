import { expect, test } from 'vitest'
import { pluralOf } from './plural.ts'

test.each([
  ['user', 'users'],
  ['order_address', 'order_addresses'],
  ['organization_status', 'organization_statuses'],
  ['currency', 'currencies'],
  ['payment_key', 'payment_keys'],
  ['tax', 'taxes'],
  ['batch', 'batches'],
  ['leaf', 'leaves'],
  ['proof', 'proofs'],
  ['analysis', 'analyses'],
  ['logo', 'logoes'],
  ['photo', 'photos'],
  ['geo', 'geos'],
  ['child', 'children'],
  ['person', 'people'],
  ['datum', 'data'],
  ['metadata', 'metadata'],
  ['species', 'species'],
  ['series', 'series'],
  ['events', 'events'],
  ['settings', 'settingses'],
])('%s → %s', (name, plural) => {
  expect(pluralOf(name)).toBe(plural)
})

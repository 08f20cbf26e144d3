import { expect, test } from 'vitest'
import { rules } from '../differences/index.ts'
import type { Difference } from '../differences/index.ts'
import { concernOf } from './concern.ts'

function concernOfRule(rule: string) {
  const difference = {
    rule,
    place: 'schema Pet /x',
    details: { before: 'a', name: 'n' },
  } as unknown as Difference
  return concernOf(difference)
}

test('what is answered, and what is about operations, concerns who calls', () => {
  for (const [id, { direction }] of rules)
    if (direction !== 'request') expect([id, concernOfRule(id).who]).toEqual([id, 'called'])
})

test('each rule about what is sent concerns who sent it, but for these', () => {
  const others = [...rules.values()].flatMap(({ id, direction }) => {
    const { who } = concernOfRule(id)
    return direction === 'request' && who !== 'sent' ? [`${who}: ${id}`] : []
  })
  const inAnyPlace = others.map((each) =>
    each.replace(/request-(?:(?:read-only-|parameter-)?property|parameter|body)-/, '…'),
  )
  expect([...new Set(inAnyPlace)].toSorted()).toEqual([
    'added: …additional-properties-forbidden',
    'added: …additional-properties-typed',
    'called: new-request-path-parameter',
    'chose: …any-of-removed',
    'chose: …became-not-nullable',
    'chose: …const-changed',
    'chose: …const-removed',
    'chose: …discriminator-mapping-changed',
    'chose: …discriminator-mapping-deleted',
    'chose: …discriminator-value-moved',
    'chose: …discriminator-value-removed',
    'chose: …discriminator-value-renamed',
    'chose: …enum-value-removed',
    'chose: …one-of-removed',
    'chose: …x-extensible-enum-value-removed',
    'lacked: new-required-request-default-parameter-to-existing-path',
    'lacked: new-required-request-header-property',
    'lacked: new-required-request-parameter',
    'lacked: new-required-request-property',
    'lacked: new-required-…property',
    'lacked: new-required-…with-default',
    'lacked: request-header-property-became-required',
    'lacked: request-required-property-became-not-read-only',
    'lacked: …added-required',
    'lacked: …became-required',
    'lacked: …became-required-with-default',
  ])
})

test.each([
  [
    'request-property-enum-value-removed',
    { who: 'chose', kind: 'value', value: '"a"', deed: 'sent this value' },
  ],
  [
    'request-parameter-became-not-nullable',
    { who: 'chose', kind: 'value', value: 'null', deed: 'sent this value' },
  ],
  ['request-body-one-of-removed', { who: 'chose', kind: 'branch', value: 'a', deed: 'sent this kind' }],
  [
    'request-property-discriminator-value-removed',
    { who: 'chose', kind: 'kind', value: '"a"', deed: 'sent this kind' },
  ],
  ['request-property-became-required', { who: 'lacked', deed: 'did not send this field' }],
  ['new-required-request-parameter', { who: 'lacked', deed: 'did not send this field' }],
  ['request-body-became-required', { who: 'lacked', deed: 'sent no body' }],
  ['request-body-media-type-removed', { who: 'sent', deed: 'sent a body', place: 'request body a' }],
  ['request-property-removed', { who: 'sent', deed: 'sent this field' }],
  ['response-property-enum-value-removed', { who: 'called', deed: 'called this operation' }],
  ['api-security-tightened', { who: 'called', deed: 'called this operation' }],
  ['api-removed-without-deprecation', { who: 'called', deed: 'called this operation' }],
])('%s concerns as it must', (rule, concern) => {
  expect(concernOfRule(rule)).toEqual(concern)
})

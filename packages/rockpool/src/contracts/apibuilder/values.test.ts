import { describe, expect, test } from 'vitest'
import { errorsOfField, fieldOf, schemaOfField } from '../../../test/support/apibuilder.ts'

describe('a default', () => {
  test.each([
    ['boolean', 'true', true],
    ['boolean', false, false],
    ['integer', '-3', -3],
    ['long', 25, 25],
    ['decimal', '1.50', 1.5],
    ['string', 5, '5'],
    ['string', 'a b', 'a b'],
    ['date-iso8601', '2024-05-31', '2024-05-31'],
    ['date-time-iso8601', '2024-05-31T12:00Z', '2024-05-31T12:00:00.000Z'],
    ['date-time-iso8601', '2024-05-31T12:00:01+02:00', '2024-05-31T12:00:01+02:00'],
    ['uuid', '5AC0B6A6-0000-4000-8000-0123456789ab', '5AC0B6A6-0000-4000-8000-0123456789ab'],
    ['json', '{"a":[1]}', { a: [1] }],
    ['object', '{}', {}],
    ['[string]', '["a"]', ['a']],
    ['[role]', ['admin', 'read_only'], ['admin', 'ReadOnly']],
    ['[other]', '[]', []],
    ['map[long]', '{"a":"1"}', { a: 1 }],
    ['role', 'read_only', 'ReadOnly'],
    ['role', 'ADMIN', 'admin'],
  ])('of a %s written %j', (type, written, value) => {
    expect(schemaOfField({ type, default: written })).toMatchObject({ default: value })
  })

  test.each([
    ['boolean', 'yes', 'must be true or false'],
    ['integer', '1.5', 'must be a whole number that integer and JSON can tell'],
    ['integer', '3000000000', 'must be a whole number that integer and JSON can tell'],
    ['long', '9007199254740993', 'must be a whole number that long and JSON can tell'],
    ['decimal', 'NaN', 'must be a decimal'],
    ['double', 'Infinity', 'must be a double'],
    ['uuid', 'abc', 'must be a UUID'],
    ['date-iso8601', '2024-13-01', 'must be a date such as 2024-05-31'],
    ['date-time-iso8601', 'today', 'must be a time such as 2024-05-31T12:00:00Z'],
    ['json', '{', 'must be JSON'],
    ['json', '['.repeat(100_000), 'must be JSON'],
    ['object', '[]', 'must be an object in JSON'],
    ['unit', 'x', 'cannot be said of unit'],
    ['[long]', 'a', 'must be a list in JSON'],
    ['[long]', '["a"]', 'must be a whole number that long and JSON can tell'],
    ['map[long]', '[]', 'must be an object in JSON'],
    ['role', 'owner', 'must be a value of role'],
    ['other', '{}', 'cannot be said of other, which is no primitive and no enum'],
    ['[other]', '[{}]', 'cannot be said of other, which is no primitive and no enum'],
  ])('is valid for the type, not for models: of a %s not %j', (type, written, fault) => {
    expect(errorsOfField({ type, default: written })).toEqual([
      `/models/thing/fields/0/default: the default ${fault}`,
    ])
  })

  test.each([
    ['long', '0', { minimum: 1 }, 'below the minimum 1'],
    ['decimal', '1.5', { maximum: 1 }, 'above the maximum 1'],
    ['string', 'abc', { maximum: 2 }, 'above the maximum 2'],
    ['[string]', '[]', { minimum: 1 }, 'below the minimum 1'],
  ])('is within minimum and maximum: of a %s not %j', (type, written, bounds, fault) => {
    expect(errorsOfField({ type, default: written, ...bounds })).toEqual([
      `/models/thing/fields/0/default: the default is ${fault}`,
    ])
  })

  test.each([
    ['uuid', '5ac0b6a6-0000-4000-8000-0123456789ab'],
    ['date-iso8601', '2024-05-31'],
    ['role', 'admin'],
    ['object', '{}'],
  ])('of a %s has no size that a minimum or a maximum could be about', (type, written) => {
    expect(errorsOfField({ type, default: written, minimum: 100, maximum: 200 })).toEqual([])
    expect(errorsOfField({ type, default: written, maximum: -1 })).toEqual([])
  })

  test('that is an empty text is none', () => {
    expect(fieldOf({ type: 'long', default: ' ' })).toEqual({ type: 'integer', format: 'int64' })
  })
})

test('an example is said as a value where it is one, else as it is written', () => {
  expect(schemaOfField({ type: 'integer', example: '2021' })).toMatchObject({ examples: [2021] })
  expect(schemaOfField({ type: 'role', example: 'read_only' })).toMatchObject({ examples: ['ReadOnly'] })
  expect(schemaOfField({ type: '[string]', example: 'apibuilder.io' })).toMatchObject({
    examples: [['apibuilder.io']],
  })
  expect(schemaOfField({ type: 'other', example: 'can or world' })).toEqual({
    $ref: '#/components/schemas/other',
    'x-rockpool-example': 'can or world',
  })
})

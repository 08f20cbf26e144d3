import { holdTypes, one } from '../../../test/support/type-cases.ts'
import type { Schema } from '../types.ts'

const text: Schema = { type: 'string' }
const count: Schema = { type: 'integer' }

holdTypes([
  one('true is anything, false nothing', true, ['1', "'a'", 'null'], []),
  one('false is nothing', false, [], ['1', 'null']),
  one('a string', text, ["'a'"], ['1', 'null']),
  one('an integer of 64 bits is a number', { type: 'integer', format: 'int64' }, ['1'], ["'1'", '1n']),
  one('a date is a string', { type: 'string', format: 'date-time' }, ["'2020-01-01'"], ['new Date()']),
  one('bytes are a string', { type: 'string', format: 'binary' }, ["'a'"], ['1']),
  one('several types are a union', { type: ['string', 'number', 'null'] }, ["'a'", '1', 'null'], ['true']),
  one('an enum is its values', { type: 'string', enum: ['a', "it's"] }, ["'a'", '"it\'s"'], ["'b'"]),
  one(
    'an enum of any values',
    { enum: [1, -1.5, true, null, { a: [1, 'x'] }] },
    ['1', '-1.5', 'true', 'null', "{ a: [1, 'x'] }"],
    ['2', 'false', '{ a: [1] }'],
  ),
  one(
    'null by the type belongs to an enum',
    { type: ['string', 'null'], enum: ['a'] },
    ["'a'", 'null'],
    ["'b'"],
  ),
  one('a constant', { const: 'a' }, ["'a'"], ["'b'"]),
  one('a list', { type: 'array', items: count }, ['[]', '[1, 2]'], ["['a']"]),
  one(
    'a list of unions',
    { type: 'array', items: { type: ['string', 'null'] } },
    ["['a', null]"],
    ['null', '[1]'],
  ),
  one('a list of anything', { type: 'array' }, ["['a', 1]"], ["'a'"]),
  one('a list of nothing', { type: 'array', maxItems: 0 }, ['[]'], ['[1]']),
  one(
    'a tuple is as long as minItems says, and open without items',
    { type: 'array', prefixItems: [text, count], minItems: 1 },
    ["['a']", "['a', 1]", "['a', 1, true]"],
    ['[]', '[1]', "['a', 'b']"],
  ),
  one(
    'a closed tuple',
    { type: 'array', prefixItems: [text, { type: ['integer', 'null'] }], items: false, minItems: 2 },
    ["['a', 1]", "['a', null]"],
    ["['a']", "['a', 1, 2]"],
  ),
  one(
    'a tuple with others behind it',
    { type: 'array', prefixItems: [text], items: { type: ['number', 'boolean'] }, minItems: 1 },
    ["['a', 1, true]"],
    ["['a', 'b']"],
  ),
  one(
    'an object, its required members, and no others',
    { type: 'object', properties: { a: text, b: count }, required: ['a'] },
    ["{ a: 'x' }", "{ a: 'x', b: 1 }"],
    ['{}', '{ b: 1 }', "{ a: 'x', c: 1 }"],
  ),
  one('an object of whatever members', { type: 'object' }, ['{}', '{ a: 1 }'], ['1', 'null']),
  one('an object without members', { type: 'object', additionalProperties: false }, ['{}'], ['{ a: 1 }']),
  one(
    'a nullable object',
    { type: ['object', 'null'], properties: { a: text } },
    ['null', "{ a: 'x' }"],
    ['1'],
  ),
  one('properties alone mean an object', { properties: { a: text } }, ["{ a: 'x' }"], ['1']),
  one('a map', { type: 'object', additionalProperties: count }, ['{ a: 1 }'], ["{ a: 'x' }"]),
  one(
    'further members do not contradict the declared ones',
    { type: 'object', properties: { a: text }, required: ['a'], additionalProperties: count },
    ["{ a: 'x', b: 1 }"],
    ['{ b: 1 }', "{ a: 'x', b: true }"],
  ),
  one(
    'optional ones neither',
    { type: 'object', properties: { a: text }, additionalProperties: count },
    ["{ a: 'x', b: 1 }", '{ b: 1 }'],
    ['{ b: true }'],
  ),
  one(
    'members whose names begin alike',
    { type: 'object', properties: { a: count, 'x-b': count }, patternProperties: { '^x-': text } },
    ["{ a: 1, 'x-a': 'y', 'x-b': 1 }"],
    ["{ a: 'x' }", "{ 'x-a': true }", '{ b: 1 }'],
  ),
  one(
    'members by a pattern that no type says',
    { type: 'object', patternProperties: { '[0-9]$': text }, additionalProperties: false },
    ["{ a1: 'x' }"],
    ['{ a1: 1 }'],
  ),
  one(
    'names that are listed',
    { type: 'object', propertyNames: { enum: ['a', 'b-c'] }, additionalProperties: count, required: ['a'] },
    ['{ a: 1 }', "{ a: 1, 'b-c': 2 }"],
    ['{}', "{ a: 'x' }", '{ a: 1, d: 1 }'],
  ),
  one(
    'what is required is there, declared or not',
    { type: 'object', properties: { a: text }, required: ['b'] },
    ['{ b: 1 }'],
    ["{ a: 'x' }"],
  ),
  one(
    'what has a default may be missing',
    { properties: { a: { type: 'string', default: 'x' } } },
    ['{}'],
    ['{ a: 1 }'],
  ),
  one(
    'names like any other',
    { properties: { constructor: text, __proto__x: text, 'a-b': text, '1': text } },
    ["{ constructor: 'x', 'a-b': 'y', 1: 'z' }"],
    ['{ constructor: 1 }'],
  ),
])

import { holdTypes, one, ref } from '../../../test/support/type-cases.ts'
import type { Schema } from '../types.ts'

const text: Schema = { type: 'string' }
const count: Schema = { type: 'integer' }

holdTypes([
  one(
    'allOf is an intersection',
    { allOf: [{ properties: { a: text } }, { required: ['a'] }] },
    ["{ a: 'x' }"],
    ['{}'],
  ),
  {
    says: 'what a heir requires has the type that its base declares',
    schemas: {
      Base: { type: 'object', properties: { a: text } },
      T: { allOf: [ref('Base')], required: ['a'] },
    },
    fits: ["{ a: 'x' }"],
    fails: ['{}', '{ a: 1 }', '{ a: undefined }'],
  },
  {
    says: 'a branch may require what stands beside it',
    schemas: {
      T: {
        type: 'object',
        properties: { a: text, b: count },
        anyOf: [{ required: ['a'] }, { required: ['b'] }],
      },
    },
    fits: ["{ a: 'x' }", '{ b: 1 }'],
    fails: ['{}', "{ b: 'x' }"],
  },
  one('oneOf is a union', { oneOf: [text, { type: 'array', items: text }] }, ["'a'", "['a']"], ['1']),
  one(
    'a union beside members',
    {
      type: 'object',
      properties: { a: text },
      required: ['a'],
      oneOf: [{ properties: { b: text }, required: ['b'] }],
    },
    ["{ a: 'x', b: 'y' }"],
    ["{ a: 'x' }", "{ b: 'y' }"],
  ),
  one(
    'or null, of a composition',
    { type: ['object', 'null'], allOf: [{ properties: { a: text } }] },
    ['null'],
    ['1'],
  ),
  one('nothing is not anything', { not: {} }, [], ['1']),
  one(
    'if, then and else',
    {
      if: { properties: { a: { const: 1 } }, required: ['a'] },
      // oxlint-disable-next-line unicorn/no-thenable
      then: { properties: { b: text }, required: ['b'] },
      else: { properties: { c: text }, required: ['c'] },
    },
    ["{ a: 1, b: 'x' }", "{ c: 'x' }"],
    ['{ a: 1 }'],
  ),
  {
    says: 'a reference with something beside it',
    schemas: { A: { properties: { a: text } }, T: { $ref: '#/components/schemas/A', required: ['a'] } },
    fits: ["{ a: 'x' }"],
    fails: ['{}'],
  },
  {
    says: 'a recursive object',
    schemas: { T: { properties: { next: ref('T'), all: { type: 'array', items: ref('T') } } } },
    fits: ['{ next: { next: { all: [{}] } } }'],
    fails: ['{ next: { next: 1 } }'],
  },
  {
    says: 'lists of themselves',
    schemas: {
      T: { oneOf: [text, { type: 'array', items: ref('a-b') }] },
      'a-b': { type: 'array', items: ref('T') },
    },
    fits: ["'a'", "[['a', [[]]]]"],
    fails: ['1', "['a']"],
  },
  {
    says: 'tuples of themselves, as lists where they may be shorter',
    schemas: {
      T: { oneOf: [text, { type: 'array', prefixItems: [ref('Pair')], items: false }] },
      Pair: { type: 'array', prefixItems: [ref('T'), count], items: false, minItems: 2 },
    },
    fits: ["'a'", "[['a', 1]]", "[[[['a', 1]], 1]]"],
    fails: ['1', "[['a']]", "[['a', 'b']]"],
  },
  {
    says: 'a tuple within a tuple that leads back',
    schemas: {
      T: {
        oneOf: [
          text,
          {
            type: 'array',
            prefixItems: [{ type: 'array', prefixItems: [ref('T')], items: false, minItems: 1 }],
            items: false,
          },
        ],
      },
    },
    fits: ["'a'", "[['a']]", "[[[['a']]]]"],
    fails: ['1', '[[1]]'],
  },
  {
    says: 'a map of itself',
    schemas: { T: { type: ['object', 'number'], additionalProperties: ref('T') } },
    fits: ['1', '{ a: { b: 1 } }'],
    fails: ["'a'", "{ a: { b: 'x' } }"],
  },
  {
    says: 'a base whose union names its heirs',
    schemas: {
      T: { type: 'object', properties: { id: text }, required: ['id'], oneOf: [ref('Cat'), ref('Dog')] },
      Cat: { allOf: [ref('T'), { properties: { lives: count }, required: ['lives'] }] },
      Dog: { allOf: [ref('T'), { properties: { barks: { type: 'boolean' } }, required: ['barks'] }] },
    },
    fits: ["{ id: 'x', lives: 9 }", "{ id: 'x', barks: true }"],
    fails: ["{ id: 'x' }", '{ lives: 9 }', "{ id: 'x', lives: 'nine' }"],
  },
  {
    says: 'unions of themselves are what is left without',
    schemas: { T: { oneOf: [text, ref('B')] }, B: { oneOf: [count, ref('T')] } },
    fits: ["'a'", '1'],
    fails: ['true'],
  },
])

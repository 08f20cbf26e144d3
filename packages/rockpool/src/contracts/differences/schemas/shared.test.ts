import { expect, test } from 'vitest'
import type { JsonObject } from '../../types.ts'
import {
  between,
  documentWith,
  operation,
  told,
  toldOf,
  toSchema,
} from '../../../../test/support/differences/schema-documents.ts'

const text = { type: 'string' }
const order = (price: JsonObject): JsonObject => ({ type: 'object', properties: { price } })

test('what is different in a schema with a name is told once for each direction, with all that meet it', () => {
  const document = (price: JsonObject) =>
    documentWith(
      {
        '/orders': { post: operation(toSchema('Order'), toSchema('Order')) },
        '/batches': { post: operation({ type: 'array', items: toSchema('Order') }) },
      },
      { Order: order(price) },
    )
  const differences = between(
    document({ type: 'number', maximum: 9 }),
    document({ type: 'number', maximum: 8 }),
  )
  expect(differences).toMatchObject([
    {
      rule: 'request-property-max-decreased',
      operation: null,
      place: 'schema Order /price',
      details: { before: 9, after: 8 },
      uses: [
        { operation: { method: 'POST', path: '/batches' }, place: 'request body application/json /[]' },
        { operation: { method: 'POST', path: '/orders' }, place: 'request body application/json' },
      ],
    },
    {
      rule: 'response-property-max-decreased',
      uses: [{ operation: { method: 'POST', path: '/orders' }, place: 'response 200 application/json' }],
    },
  ])
  expect(differences[0]!.before).toMatchObject({
    pointer: '/components/schemas/Order/properties/price/maximum',
  })
})

test('what changes about a schema is told of it as a body and as a property where it is both', () => {
  const document = (order: JsonObject) =>
    documentWith(
      {
        '/orders': { post: operation(toSchema('Order')) },
        '/baskets': { post: operation({ type: 'object', properties: { order: toSchema('Order') } }) },
      },
      { Order: order },
    )
  expect(told(document({ type: 'object' }), document({ type: 'object', minProperties: 1 }))).toEqual([
    'request-body-min-properties-set: schema Order',
    'request-property-min-properties-set: schema Order',
  ])
})

test('what nobody sends is told as such, unless it is also met where it is sent', () => {
  const document = (status: JsonObject, isSent: boolean) =>
    documentWith(
      {
        '/orders': {
          post: operation({
            type: 'object',
            properties: {
              status: { ...toSchema('Status'), readOnly: true },
              ...(isSent && { wish: toSchema('Status') }),
            },
          }),
        },
      },
      { Status: status },
    )
  const [before, after] = [
    { ...text, enum: ['a', 'b'] },
    { ...text, enum: ['a'] },
  ]
  expect(told(document(before, false), document(after, false))).toEqual([
    'request-read-only-property-enum-value-removed: schema Status',
  ])
  expect(told(document(before, true), document(after, true))).toEqual([
    'request-property-enum-value-removed: schema Status',
  ])
})

test('schemas that hold themselves are compared to their end', () => {
  const tree = (leaf: JsonObject): JsonObject => ({
    Tree: {
      type: 'object',
      properties: { leaf, left: toSchema('Tree'), rest: { type: 'array', items: toSchema('Tree') } },
    },
  })
  expect(
    toldOf(toSchema('Tree'), toSchema('Tree'), tree({ type: 'integer' }), tree({ type: 'number' })),
  ).toEqual(['request-property-type-generalized: schema Tree /leaf'])
})

test('a schema that is written out on one side, and has a name on the other, is the same', () => {
  const node = (next: JsonObject): JsonObject => ({ type: 'object', properties: { value: text, next } })
  const one = { Node: node(toSchema('Node')) }
  const two = { Node: node(node(toSchema('Node'))) }
  const three = { Node: node(node(node(toSchema('Node')))) }
  expect(toldOf(toSchema('Node'), toSchema('Node'), one, two)).toEqual([])
  expect(toldOf(toSchema('Node'), toSchema('Node'), two, three)).toEqual([])
  expect(toldOf(node(toSchema('Node')), toSchema('Node'), three)).toEqual([])
})

test('a schema that got another name is compared with what it was', () => {
  const schemas = (name: string, price: JsonObject) => ({ [name]: order(price) })
  expect(
    toldOf(
      toSchema('Order'),
      toSchema('OrderV2'),
      schemas('Order', text),
      schemas('OrderV2', { ...text, maxLength: 9 }),
    ),
  ).toEqual([
    'api-schema-removed: schema Order',
    'request-property-max-length-set: schema Order (now OrderV2) /price',
  ])
})

test('what is said beside a name is compared as well', () => {
  const field = (beside: JsonObject) => ({
    type: 'object',
    properties: { mail: { ...toSchema('Mail'), ...beside } },
  })
  expect(
    toldOf(field({ 'x-sensitive': true, default: 'a' }), field({ default: 'b' }), { Mail: text }),
  ).toEqual([
    'request-property-annotation-removed: body /mail',
    'request-property-default-value-changed: body /mail',
  ])
})

test('a name with annotations is the same as what it names, written out with them', () => {
  const field = (schema: JsonObject): JsonObject => ({ type: 'object', properties: { mail: schema } })
  const mail = { ...text, maxLength: 9 }
  const named = { Mail: mail, Also: { ...toSchema('Mail'), 'x-kind': 'mail' } }
  expect(
    toldOf(
      field({ ...toSchema('Mail'), 'x-sensitive': true }),
      field({ ...mail, 'x-sensitive': true }),
      named,
    ),
  ).toEqual([])
  expect(toldOf(field({ ...toSchema('Mail'), 'x-sensitive': true }), field(mail), named)).toEqual([
    'request-property-annotation-removed: body /mail',
  ])
  expect(
    toldOf(field({ ...toSchema('Also'), 'x-sensitive': true }), field({ ...text, maxLength: 8 }), named),
  ).toEqual([
    'request-property-annotation-removed: body /mail',
    'request-property-max-length-decreased: body /mail',
  ])
})

test('what is read-only where it has its name is so wherever it stands', () => {
  const field = (schema: JsonObject, ...required: string[]): JsonObject => ({
    type: 'object',
    properties: { id: schema },
    required,
  })
  const schemas = { Id: { ...text, readOnly: true } }
  const id = { ...toSchema('Id'), 'x-kind': 'id' }
  expect(toldOf(field(id), field(id, 'id'), schemas)).toEqual([
    'request-read-only-property-became-required: body /id',
  ])
})

test('what no operation meets is not told', () => {
  const paths = { '/orders': { post: operation(text) } }
  expect(
    told(
      documentWith(paths, { Lost: order(text) }),
      documentWith(paths, { Lost: order({ type: 'integer' }) }),
    ),
  ).toEqual([])
})

test('a fingerprint hangs on what changed, not on lines, order or what else changed', () => {
  const document = (schema: JsonObject, more: JsonObject = {}) =>
    documentWith({ ...more, '/orders': { post: operation(schema) } })
  const [before, after] = [order({ type: 'number', maximum: 9 }), order({ type: 'number', maximum: 8 })]
  const [one] = between(document(before), document(after))
  const moved = { '/a': { get: operation(null, text) } }
  const reordered: JsonObject = { properties: { price: { maximum: 8, type: 'number' } }, type: 'object' }
  expect(between(document(before, moved), document(reordered, moved))).toMatchObject([
    { fingerprint: one!.fingerprint },
  ])
  const [other] = between(document(before), document(order({ type: 'number', maximum: 7 })))
  expect(other!.rule).toBe(one!.rule)
  expect(other!.fingerprint).not.toBe(one!.fingerprint)
})

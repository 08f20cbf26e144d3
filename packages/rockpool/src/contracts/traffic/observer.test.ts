import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  documentWith,
  operation,
  contractIn,
  toSchema,
} from '../../../test/support/differences/schema-documents.ts'
import { observedOf, readOf, told } from '../../../test/support/observed.ts'
import type { Json, JsonObject } from '../types.ts'
import { createObserver } from './index.ts'

const pet: JsonObject = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string' },
    kind: { type: 'string', enum: ['cat', 'dog'] },
    tags: { type: 'array', items: { type: 'object', properties: { label: { type: 'string' } } } },
    parent: toSchema('Pet'),
    notes: { type: 'object' },
    sizes: { type: 'object', additionalProperties: { type: 'number' } },
  },
}

function petShop(schemas: JsonObject = { Pet: pet }, more: JsonObject = {}) {
  const post = {
    ...operation(toSchema('Pet'), toSchema('Pet')),
    operationId: 'makePet',
    parameters: [{ name: 'sort', in: 'query', schema: { type: 'string', enum: ['asc', 'desc'] } }],
    ...more,
  }
  return contractIn(JSON.stringify(documentWith({ '/pets': { post } }, schemas)))
}

test('a place is named as differences name it, and counted by organization, once for each call and for each time', () => {
  const usage = observedOf(petShop(), (observer) => {
    const body = { name: 'Rex', tags: [{ label: 'a' }, { label: 'b' }], parent: { name: 'Old Rex' } }
    observer.request('makePet', 'acme', readOf(body, { query: { sort: 'asc' } }))
    observer.request('makePet', 'acme', readOf({ name: 'Tom' }))
    observer.request('makePet', 'beta', readOf({ name: 'Tom' }))
  })
  expect(told(usage, ['call', 'sent'])).toEqual([
    'call operation (acme 2)',
    'call operation (beta 1)',
    'sent parameter query sort (acme 1)',
    'sent request body (acme 2)',
    'sent request body (beta 1)',
    'sent request body application/json (acme 2)',
    'sent request body application/json (beta 1)',
    'sent schema Pet (acme 3)',
    'sent schema Pet (beta 1)',
    'sent schema Pet /name (acme 3)',
    'sent schema Pet /name (beta 1)',
    'sent schema Pet /parent (acme 1)',
    'sent schema Pet /tags (acme 1)',
    'sent schema Pet /tags/[] (acme 2)',
    'sent schema Pet /tags/[]/label (acme 2)',
  ])
  const ofName = usage.rows.find(
    ({ place, organization }) => place === 'schema Pet /name' && organization === 'acme',
  )
  expect(ofName).toEqual({
    operation: 'POST /pets',
    direction: 'request',
    place: 'schema Pet /name',
    kind: 'sent',
    value: null,
    organization: 'acme',
    day: '2026-11-22',
    count: 2,
    times: 3,
    lastSeen: '2026-11-22T12:00:00.000Z',
  })
})

test('values are kept of enums alone: those declared, and a few that are not', () => {
  const usage = observedOf(petShop(), (observer) => {
    for (const kind of ['cat', 'cat', 'fish', 'x'.repeat(65), 'a\nb', 7])
      observer.request('makePet', 'acme', readOf({ name: 'Rex', kind }, { query: { sort: 'up' } }))
  })
  expect(told(usage, ['value'])).toEqual([
    'value parameter query sort = "up" (acme 6)',
    'value schema Pet /kind (acme 3)',
    'value schema Pet /kind = "cat" (acme 2)',
    'value schema Pet /kind = "fish" (acme 1)',
  ])
})

test('what is not declared is told by name and type; names in maps are data, and so are names that look like it', () => {
  const usage = observedOf(petShop(), (observer) => {
    const body = {
      name: 'Rex',
      born: '2020-01-01',
      chips: [1, 2.5],
      notes: { mia: 1 },
      sizes: { mia: 1 },
      '4242424242424242': 1,
      'mia@harbor.example': 1,
      token_98765432: 1,
    }
    observer.request('makePet', 'acme', readOf(body))
  })
  expect(told(usage, ['undeclared', 'more'])).toEqual([
    'undeclared schema Pet /born = string (acme 1)',
    'undeclared schema Pet /chips = array (acme 1)',
    'undeclared schema Pet /chips/[] = integer (acme 1)',
    'undeclared schema Pet /chips/[] = number (acme 1)',
    'more request body application/json (acme 3)',
    'more schema Pet (acme 3)',
    'more schema Pet /notes (acme 1)',
  ])
})

const cat = (more: JsonObject = {}): JsonObject => ({
  allOf: [toSchema('Base'), { type: 'object', properties: { lives: { type: 'integer' } }, ...more }],
})
const base: JsonObject = { type: 'object', properties: { kind: { type: 'string' } } }

test('a union counts the branch that its discriminator tells, else the one that fits best', () => {
  const dog: JsonObject = {
    type: 'object',
    properties: { kind: { type: 'string' }, barks: { type: 'boolean' } },
  }
  const schemas = (discriminator: JsonObject): JsonObject => ({
    Base: base,
    Cat: cat(),
    Dog: dog,
    Pet: { oneOf: [toSchema('Cat'), toSchema('Dog')], ...discriminator },
  })
  const told1 = observedOf(
    petShop(
      schemas({
        discriminator: { propertyName: 'kind', mapping: { cat: '#/components/schemas/Cat' } },
      }),
    ),
    (observer) => {
      observer.request('makePet', 'acme', readOf({ kind: 'cat', barks: true }))
      observer.request('makePet', 'acme', readOf({ kind: 'Dog', lives: 9 }))
    },
  )
  expect(told(told1, ['branch', 'kind', 'undeclared'])).toEqual([
    'branch schema Pet = Cat (acme 1)',
    'branch schema Pet = Dog (acme 1)',
    'kind schema Pet = "Dog" (acme 1)',
    'kind schema Pet = "cat" (acme 1)',
    'undeclared schema Cat /barks = boolean (acme 1)',
    'undeclared schema Dog /lives = integer (acme 1)',
  ])
  const fitted = observedOf(petShop(schemas({})), (observer) =>
    observer.request('makePet', 'acme', readOf({ barks: true })),
  )
  expect(told(fitted, ['branch', 'undeclared'])).toEqual(['branch schema Pet = Dog (acme 1)'])
})

test('heirs of a base that names its discriminator know their own members', () => {
  const schemas = {
    Pet: { ...base, discriminator: { propertyName: 'kind' } },
    Cat: { allOf: [toSchema('Pet'), { type: 'object', properties: { lives: { type: 'integer' } } }] },
  }
  const usage = observedOf(petShop(schemas), (observer) =>
    observer.request('makePet', 'acme', readOf({ kind: 'Cat', lives: 9 })),
  )
  expect(told(usage, ['undeclared', 'branch'])).toEqual(['branch schema Pet = Cat (acme 1)'])
  expect(told(usage, ['sent'])).toContain('sent schema Cat /lives (acme 1)')
})

test('of answers: statuses and media types that are not declared, by the rule that a range and default declare', () => {
  const usage = observedOf(petShop(), (observer) => {
    observer.response('makePet', 'acme', 200, 'application/json; charset=utf-8', { name: 'Rex' })
    observer.response('makePet', 'acme', 200, 'text/html', undefined)
    observer.response('makePet', 'acme', 404, 'application/problem+json', { title: 'secret' })
    observer.response('makePet', 'acme', 404, '<script>', 'x')
  })
  expect(told(usage, ['sent', 'status', 'media type'])).toEqual([
    'sent response 200 (acme 2)',
    'sent response 200 application/json (acme 1)',
    'sent schema Pet (acme 1)',
    'sent schema Pet /name (acme 1)',
    'status response 404 (acme 2)',
    'media type response 200 = text/html (acme 1)',
    'media type response 404 (acme 1)',
    'media type response 404 = application/problem+json (acme 1)',
  ])
})

test('a body that could not be read marks the call', () => {
  const usage = observedOf(petShop(), (observer) =>
    observer.request('makePet', 'acme', {
      ...readOf(undefined),
      findings: [{ in: 'body', path: '', message: 'no JSON', keyword: 'syntax' }],
    }),
  )
  expect(told(usage)).toEqual(['call operation (acme 1)', 'cut operation (acme 1)'])
})

const secret = 'hunter2-S3cret'

/** JSON in which the secret stands somewhere, as a value. */
const withSecret = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>(secret, `x${secret}`, 7, true, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom('name', 'tags', 'parent', 'notes', 'label', 'other', '__proto__'),
      tie('value'),
      {
        maxKeys: 5,
      },
    ),
  ),
})).value

test('no value but those of enums leaves an observer, whatever is sent and answered', () => {
  fc.assert(
    fc.property(withSecret, (value) => {
      const usage = observedOf(petShop(), (observer) => {
        observer.request(
          'makePet',
          'acme',
          readOf(value, { query: { sort: 'asc' }, header: { key: secret } }),
        )
        observer.response('makePet', 'acme', 200, 'application/json', value)
        observer.response('makePet', 'acme', 500, secret, value)
      })
      expect(JSON.stringify(usage)).not.toContain(secret)
      expect(JSON.stringify(usage)).toContain('schema Pet')
    }),
    { numRuns: 300 },
  )
})

test('a value that an enum marked as sensitive does not declare is not kept', () => {
  const contract = petShop({
    Pet: { type: 'object', properties: { kind: { type: 'string', enum: ['a'], 'x-sensitive': true } } },
  })
  const usage = observedOf(contract, (observer) =>
    observer.request('makePet', 'acme', readOf({ kind: secret })),
  )
  expect(told(usage, ['value'])).toEqual(['value schema Pet /kind (acme 1)'])
})

test('what is taken is forgotten, and an operation that nobody called was watched', () => {
  const observer = createObserver(petShop())
  observer.request('makePet', 'acme', readOf({ name: 'Rex' }))
  observer.request('noSuchOperation', 'acme', readOf({ name: 'Rex' }))
  const [first, second] = [observer.take('2026-11-22T12:00:00Z'), observer.take('2026-11-23T12:00:00Z')]
  expect(first.rows.length).toBeGreaterThan(5)
  expect(second.rows.map(({ kind, operation, day }) => [kind, operation, day])).toEqual([
    ['observed', 'POST /pets', '2026-11-23'],
  ])
  observer.request('makePet', 'acme', readOf({ name: 'Rex' }))
  expect(told(observer.take('2026-11-22T13:00:00Z'))).toEqual(told(first))
})

test('names of an object that has patterns for them are data, beside those that are declared', () => {
  const sizes = { type: 'object', properties: { unit: { type: 'string' } }, patternProperties: { '^s': {} } }
  const usage = observedOf(petShop({ Pet: { type: 'object', properties: { sizes } } }), (observer) =>
    observer.request('makePet', 'acme', readOf({ sizes: { unit: 'cm', sMia: 1 } })),
  )
  expect(told(usage, ['undeclared', 'aside', 'more'])).toEqual(['more schema Pet /sizes (acme 1)'])
})

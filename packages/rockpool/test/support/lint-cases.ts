import type { Json, JsonObject } from '../../src/contracts/types.ts'

/** One document that a rule has nothing to say about, one that it has, and where. */
export interface LintCase {
  good: JsonObject
  bad: JsonObject
  /** JSON pointers of the findings in the bad one. */
  at: string[]
  options?: JsonObject
}

const string = { type: 'string' }
const list = (items: Json, rest: JsonObject = {}) => ({ type: 'array', items, ...rest })
const model = (properties: JsonObject) => ({ type: 'object', properties })
const to = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const schemas = (named: JsonObject) => ({ components: { schemas: named } })

const ok = (schema: Json = true) => ({
  '200': { description: '', content: { 'application/json': { schema } } },
})
const get = (parameters: Json[] = [], more: JsonObject = {}) => ({
  get: { parameters, responses: ok(), ...more },
})
const query = (name: string, schema: Json, more: JsonObject = {}) => ({ name, in: 'query', schema, ...more })
const inPath = (name: string) => ({ name, in: 'path', required: true, schema: string })
const paths = (items: JsonObject) => ({ paths: items })

/** A parameter of the query, as it should be, and as it should not. */
const parameter = (name: string, good: Json, bad: Json): LintCase => ({
  good: paths({ '/a': get([query(name, good)]) }),
  bad: paths({ '/a': get([query(name, bad)]) }),
  at: ['/paths/~1a/get/parameters/0'],
})

/** Models by their names; the finding is at the first of the bad ones. */
const models = (good: JsonObject, bad: JsonObject, within = ''): LintCase => ({
  good: schemas(good),
  bad: schemas(bad),
  at: [`/components/schemas/${Object.keys(bad)[0]}${within}`],
})

const event = { event_id: string, timestamp: string }
const reference = model({ id: string })
const expandable = { oneOf: [to('user'), to('user_reference')] }
const withUser = {
  user: model({ name: string }),
  user_reference: reference,
  expandable_user: expandable,
  order: model({ by: to('expandable_user') }),
}
const order = (parameters: Json[]) =>
  paths({ '/a/{id}': get([inPath('id'), ...parameters], { responses: ok(to('order')) }) })

/** By rule: each rule over the model has one. */
export const lintCases: Record<string, LintCase> = {
  'operations-distinct': {
    good: paths({ '/a/{x}': get([inPath('x')]), '/a/{x}/b': get([inPath('x')]) }),
    bad: paths({ '/a/{x}': get([inPath('x')]), '/a/{y}': get([inPath('y')]) }),
    at: ['/paths/~1a~1{y}/get'],
  },
  'path-case': {
    good: paths({ '/a/{petId}': get([inPath('petId')]) }),
    bad: paths({ '/petTypes': get() }),
    at: ['/paths/~1petTypes/get'],
  },
  'path-trailing-slash': {
    good: paths({ '/': get(), '/a': get() }),
    bad: paths({ '/a/': get() }),
    at: ['/paths/~1a~1/get'],
  },
  'standard-responses': {
    good: paths({ '/a': { get: { responses: { '200': { description: '' }, '4XX': { description: '' } } } } }),
    bad: paths({ '/a': { get: { responses: { '200': { description: '' } } } } }),
    at: ['/paths/~1a/get/responses'],
  },
  'parameter-id': parameter('id', list(string, { maxItems: 100 }), list(string, { maxItems: 101 })),
  'parameter-limit': parameter(
    'limit',
    { type: 'integer', minimum: 1, maximum: 100, default: 25 },
    { type: 'integer', minimum: 1, maximum: 100, default: 26 },
  ),
  'parameter-offset': parameter('offset', { type: 'integer', minimum: 0 }, { type: 'integer', minimum: -1 }),
  'parameter-sort': parameter('sort', string, { type: 'integer' }),
  'parameter-expand': parameter('expand', list(string), string),
  'parameter-order': {
    good: paths({
      '/a': get([query('id', string), query('name', string), query('limit', string), query('sort', string)]),
    }),
    bad: paths({ '/a': get([query('name', string), query('sort', string), query('limit', string)]) }),
    at: ['/paths/~1a/get/parameters/1'],
  },
  'parameter-descriptions': {
    good: paths({ '/a': get([query('limit', string), query('name', string, { description: 'Whose' })]) }),
    bad: paths({ '/a': get([query('limit', string, { description: 'How many' })]) }),
    at: ['/paths/~1a/get/parameters/0/description'],
  },
  'list-bounds': parameter('tags', list(string, { minItems: 0, maxItems: 9 }), list(string, { maxItems: 9 })),
  'reserved-parameters': {
    good: paths({ '/a': get([query('envelopes', string), { ...query('envelope', string), in: 'header' }]) }),
    bad: paths({
      '/a': get([query('envelope', string), { ...query('Rockpool-Run', string), in: 'header' }]),
    }),
    at: ['/paths/~1a/get/parameters/0/name', '/paths/~1a/get/parameters/1/name'],
  },
  'collection-get': {
    good: paths({ '/a': get(), '/a/{id}': get([inPath('id')]) }),
    bad: paths({ '/a': { post: { responses: ok() } }, '/a/{id}': get([inPath('id')]) }),
    at: ['/paths/~1a~1{id}/get'],
  },
  'collection-parameters': {
    good: paths({
      '/a': get(
        [query('q', string), query('limit', string), query('offset', string), query('sort', string)],
        { responses: ok(list(string)) },
      ),
    }),
    bad: paths({
      '/a': get([query('q', string), query('limit', string), query('sort', string)], {
        responses: ok(list(string)),
      }),
    }),
    at: ['/paths/~1a/get/parameters'],
  },
  'get-expand': {
    good: { ...schemas(withUser), ...order([query('expand', list(string))]) },
    bad: { ...schemas(withUser), ...order([]) },
    at: ['/paths/~1a~1{id}/get/parameters'],
  },
  'sort-attribute': parameter('sort', { type: 'string', enum: ['name', '-name'] }, string),
  'sort-default': {
    good: paths({ '/a': get([query('sort', { type: 'string', enum: ['name'], default: '-name' })]) }),
    bad: paths({ '/a': get([query('sort', string)]) }),
    at: ['/paths/~1a/get/parameters/0'],
  },
  'attributes-known': {
    good: schemas({
      order: { ...model({}), 'x-owner': 'a', 'x-rockpool-attributes': [{ name: 'sort', value: {} }] },
    }),
    bad: schemas({
      order: {
        ...model({}),
        'x-owner': 'a',
        'x-ovner': 'a',
        'x-rockpool-attributes': [{ name: 'srot', value: {} }],
      },
    }),
    at: ['/components/schemas/order', '/components/schemas/order/x-ovner'],
    options: { extensions: ['x-owner'] },
  },
  'preferred-names': models(
    { order: model({ organization: string }) },
    { order: model({ organisation: string }) },
    '/properties/organisation',
  ),
  'field-types': models(
    { order: model({ id: string, guid: { type: 'string', format: 'uuid' } }) },
    { order: model({ guid: string }) },
    '/properties/guid',
  ),
  'organization-fields': {
    good: schemas({ a: model({ organization: string }), b: model({ organization: string }) }),
    bad: schemas({
      a: model({ organization: string }),
      b: model({ organization: to('c') }),
      c: model({ organization: string }),
    }),
    at: ['/components/schemas/b/properties/organization'],
  },
  'error-fields': models(
    { failed: model({ error_id: string, timestamp: string, number: string, text: string }) },
    { failed: model({ error_id: string, text: string, timestamp: string }) },
  ),
  'error-codes': models(
    { order_error: model({ code: { type: 'string', enum: ['gone'] }, message: string }) },
    { order_error: model({ code: string, message: string }) },
    '/properties/code',
  ),
  'error-lists': models(
    { order_errors: model({ errors: list(to('order_error')) }), order_error: model({ code: string }) },
    { order_errors: model({ errors: list(string) }), order_error: model({ code: string }) },
  ),
  'mapping-fields': models(
    { a_big_b_mapping: model({ id: string, a: to('r'), big_b: to('r') }), r: reference },
    { a_big_b_mapping: model({ id: string, big_b: to('r'), a: to('r') }), r: reference },
  ),
  'versioned-fields': models(
    { a_version: model({ id: string, timestamp: string, type: string, a: to('a') }), a: reference },
    { a_version: model({ id: string, type: string, timestamp: string, a: to('a') }), a: reference },
  ),
  'event-fields': models(
    { a_upserted: model({ ...event, organization: string, a: string }) },
    { a_upserted: model({ ...event, a: string, organization: string }) },
  ),
  'event-twins': models(
    { a_upserted: model({ ...event, a: string }), a_deleted: model({ ...event, id: string }) },
    { a_upserted: model({ ...event, a: string }), a_deleted_v2: model({ ...event, id: string }) },
  ),
  'event-versions': {
    good: schemas({
      event: { oneOf: [to('a_upserted_v1')] },
      a_upserted_v1: model(event),
      b_upserted: model(event),
    }),
    bad: schemas({ event: { oneOf: [to('a_upserted')] }, a_upserted: model(event) }),
    at: ['/components/schemas/a_upserted'],
  },
  'discriminator-name': models(
    {
      u: { oneOf: [to('a')], discriminator: { propertyName: 'discriminator' } },
      a: model({ discriminator: string }),
    },
    { u: { oneOf: [to('a')], discriminator: { propertyName: 'type' } }, a: model({ type: string }) },
    '/discriminator',
  ),
  'expandable-types': models(
    {
      expandable_a: { oneOf: [to('a'), to('a_reference')] },
      a: model({ id: string }),
      a_reference: reference,
    },
    {
      expandable_a: { oneOf: [to('a_reference'), to('a')] },
      a: model({ id: string }),
      a_reference: reference,
    },
  ),
  'inclusive-words': {
    good: schemas({ allowlist: { ...model({}), description: 'The enslaved are remembered' } }),
    bad: schemas({ ipWhitelist: { ...model({}), description: 'Blacklist of addresses' } }),
    at: ['/components/schemas/ipWhitelist', '/components/schemas/ipWhitelist/description'],
  },
}

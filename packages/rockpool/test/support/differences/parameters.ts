import { casesOf, documentOf, ninetyDays, operationOf } from './case.ts'
import type { Case, CaseMore } from './case.ts'

const responses = 'responses: { 200: { description: Things } }'
const ofParameters = casesOf((parameters, version) => operationOf(`parameters: [${parameters}]`, version))
const ofPathParameter = casesOf((name, version) =>
  documentOf(
    `paths: { '/things/{${name}}': { get: { ${responses}, parameters: [{ name: ${name}, in: path, required: true, schema: { type: string } }] } } }`,
    version,
  ),
)
/** Of all operations of a path that has two. */
const ofWholePath = casesOf((parameters, version) =>
  documentOf(
    `paths: { /things: { parameters: [${parameters}], get: { ${responses} }, put: { ${responses} } } }`,
    version,
  ),
)
/** An operation that goes from path to path. */
const ofMove = casesOf((path, version) =>
  documentOf(`paths: { '${path}': { get: { operationId: things, ${responses} } } }`, version),
)

const query = (members: string) => `{ name: q, in: query, schema: { type: string }${members} }`
const other = '{ name: other, in: query, schema: { type: string } }'
const valued = (schema: string) => `{ name: q, in: query, schema: ${schema} }`
const propertied = (schema: string) =>
  `{ name: q, in: query, style: deepObject, schema: { type: object, properties: { a: ${schema} } } }`
const headed = (schema: string) => `{ name: X-Filter, in: header, schema: { type: object, ${schema} } }`
const listed = (members: string) =>
  `{ name: q, in: query, schema: { type: array, items: { type: string } }${members} }`

function ofQuery(id: string, before: string, after: string, more: CaseMore = {}): Case {
  return ofParameters(id, query(before), query(after), more)
}

function ofSchema(id: string, before: string, after: string): Case {
  return ofParameters(id, valued(before), valued(after))
}

function ofProperty(id: string, before: string, after: string): Case {
  return ofParameters(id, propertied(before), propertied(after))
}

/** A bound that goes up and down, and the type of what it bounds. */
function ofBound(name: string, type: string, keyword: string): Case[] {
  const [low, high] = [1, 2].map((bound) => `{ type: ${type}, ${keyword}: ${bound} }`) as [string, string]
  return [
    ofSchema(`request-parameter-${name}-increased`, low, high),
    ofSchema(`request-parameter-${name}-decreased`, high, low),
  ]
}

function ofNewBound(name: string, type: string, keyword: string): Case {
  return ofSchema(`request-parameter-${name}-set`, `{ type: ${type} }`, `{ type: ${type}, ${keyword}: 1 }`)
}

export const parameterCases: Case[] = [
  ofParameters('new-required-request-parameter', other, `${query(', required: true')}, ${other}`),
  ofParameters('new-optional-request-parameter', other, `${query('')}, ${other}`),
  ofWholePath('new-required-request-default-parameter-to-existing-path', '', query(', required: true')),
  ofWholePath('new-optional-request-default-parameter-to-existing-path', '', query('')),
  ofMove('new-request-path-parameter', '/things', '/{kind}/things', {
    also: ['api-path-removed-without-deprecation', 'endpoint-added'],
  }),
  ofParameters('request-parameter-removed', `${query('')}, ${other}`, other),
  ofParameters('request-parameter-removed-with-deprecation', query(', deprecated: true'), ''),
  ofParameters(
    'request-parameter-removed-before-sunset',
    query(", deprecated: true, x-sunset: '2027-01-01'"),
    '',
  ),
  ofParameters('request-parameter-sunset-parse', query(', deprecated: true, x-sunset: soon'), ''),
  ofQuery('request-parameter-became-required', '', ', required: true'),
  ofQuery('request-parameter-became-optional', ', required: true', ''),

  ofQuery('request-parameter-deprecated', '', ', deprecated: true'),
  ofQuery('request-parameter-reactivated', ', deprecated: true', ''),
  ofQuery('request-parameter-deprecated-sunset-missing', '', ', deprecated: true', { policy: ninetyDays }),
  ofQuery('request-parameter-sunset-parse', '', ', deprecated: true, x-sunset: soon'),
  ofQuery('request-parameter-sunset-date-too-small', '', ", deprecated: true, x-sunset: '2027-01-01'", {
    policy: ninetyDays,
  }),
  ofQuery(
    'request-parameter-sunset-deleted',
    ", deprecated: true, x-sunset: '2027-01-01'",
    ', deprecated: true',
  ),
  ofQuery(
    'request-parameter-sunset-date-changed-too-small',
    ", deprecated: true, x-sunset: '2027-06-01'",
    ", deprecated: true, x-sunset: '2027-02-01'",
    { policy: ninetyDays },
  ),

  ofPathParameter('request-path-parameter-renamed', 'id', 'thing'),
  ofParameters(
    'request-parameter-style-changed',
    listed(''),
    listed(', style: pipeDelimited, explode: true'),
  ),
  ofParameters('request-parameter-explode-changed', listed(''), listed(', explode: false')),
  ofParameters(
    'request-parameter-media-type-changed',
    query(''),
    '{ name: q, in: query, content: { application/json: { schema: { type: string } } } }',
  ),
  ofQuery('request-parameter-empty-value-allowed', '', ', allowEmptyValue: true'),
  ofQuery('request-parameter-empty-value-forbidden', ', allowEmptyValue: true', ''),
  ofQuery('request-parameter-reserved-characters-allowed', '', ', allowReserved: true'),
  ofQuery('request-parameter-reserved-characters-forbidden', ', allowReserved: true', ''),
  ofQuery('request-parameter-annotation-added', '', ', x-owner: us'),
  ofQuery('request-parameter-annotation-removed', ', x-owner: us', ''),
  ofQuery('request-parameter-annotation-changed', ', x-owner: us', ', x-owner: them'),

  ofParameters(
    'new-required-request-header-property',
    headed('properties: { a: { type: string } }, required: [a]'),
    headed('properties: { a: { type: string }, b: { type: string } }, required: [a, b]'),
  ),
  ofParameters(
    'request-header-property-became-required',
    headed('properties: { a: { type: string } }'),
    headed('properties: { a: { type: string } }, required: [a]'),
  ),
  ofParameters(
    'request-header-property-became-enum',
    headed('properties: { a: { type: string } }'),
    headed('properties: { a: { type: string, enum: [x] } }'),
  ),

  ofSchema('request-parameter-became-enum', '{ type: string }', '{ type: string, enum: [a, b] }'),
  ofSchema(
    'request-parameter-enum-value-added',
    '{ type: string, enum: [a] }',
    '{ type: string, enum: [b, a] }',
  ),
  ofSchema(
    'request-parameter-enum-value-removed',
    '{ type: string, enum: [a, b] }',
    '{ type: string, enum: [b] }',
  ),
  ofSchema(
    'request-parameter-x-extensible-enum-value-removed',
    '{ type: string, x-extensible-enum: [a, b] }',
    '{ type: string, x-extensible-enum: [b] }',
  ),
  ofSchema('request-parameter-became-nullable', '{ type: string }', "{ type: [string, 'null'] }"),
  ofSchema('request-parameter-became-not-nullable', "{ type: [string, 'null'] }", '{ type: string }'),
  ofSchema('request-parameter-default-value-added', '{ type: integer }', '{ type: integer, default: 1 }'),
  ofSchema('request-parameter-default-value-removed', '{ type: integer, default: 1 }', '{ type: integer }'),
  ofSchema(
    'request-parameter-default-value-changed',
    '{ type: integer, default: 1 }',
    '{ type: integer, default: 2 }',
  ),
  ofSchema('request-parameter-type-changed', '{ type: string }', '{ type: integer }'),
  ofSchema(
    'request-parameter-type-generalized',
    '{ type: string }',
    '{ type: array, items: { type: string } }',
  ),
  ofSchema(
    'request-parameter-type-changed',
    '{ type: string }',
    '{ type: array, items: { type: string }, minItems: 2 }',
  ),
  ofSchema('request-parameter-type-generalized', '{ type: integer }', '{ type: number }'),
  ofSchema(
    'request-parameter-list-of-types-widened',
    '{ type: boolean }',
    '{ anyOf: [{ type: boolean }, { type: integer }] }',
  ),
  ofSchema(
    'request-parameter-list-of-types-narrowed',
    '{ anyOf: [{ type: boolean }, { type: integer }] }',
    '{ type: boolean }',
  ),

  ...ofBound('max', 'integer', 'maximum'),
  ...ofBound('min', 'integer', 'minimum'),
  ...ofBound('exclusive-max', 'integer', 'exclusiveMaximum'),
  ...ofBound('exclusive-min', 'integer', 'exclusiveMinimum'),
  ...ofBound('max-length', 'string', 'maxLength'),
  ...ofBound('min-length', 'string', 'minLength'),
  ...ofBound('max-items', 'array', 'maxItems'),
  ...ofBound('min-items', 'array', 'minItems'),
  ofNewBound('max', 'integer', 'maximum'),
  ofNewBound('min', 'integer', 'minimum'),
  ofNewBound('exclusive-max', 'integer', 'exclusiveMaximum'),
  ofNewBound('exclusive-min', 'integer', 'exclusiveMinimum'),
  ofNewBound('max-length', 'string', 'maxLength'),
  ofNewBound('min-items', 'array', 'minItems'),

  ofSchema('request-parameter-pattern-added', '{ type: string }', '{ type: string, pattern: ^a }'),
  ofSchema('request-parameter-pattern-removed', '{ type: string, pattern: ^a }', '{ type: string }'),
  ofSchema(
    'request-parameter-pattern-changed',
    '{ type: string, pattern: ^a }',
    '{ type: string, pattern: ^b }',
  ),
  ofSchema(
    'request-parameter-pattern-generalized',
    '{ type: string, pattern: ^a }',
    '{ type: string, pattern: .* }',
  ),

  ofProperty('request-parameter-property-became-nullable', '{ type: string }', "{ type: [string, 'null'] }"),
  ofProperty(
    'request-parameter-property-became-not-nullable',
    "{ type: [string, 'null'] }",
    '{ type: string }',
  ),
  ofProperty(
    'request-parameter-property-enum-value-added',
    '{ type: string, enum: [a] }',
    '{ type: string, enum: [b, a] }',
  ),
  ofProperty(
    'request-parameter-property-enum-value-removed',
    '{ type: string, enum: [a, b] }',
    '{ type: string, enum: [b] }',
  ),
  ofProperty('request-parameter-property-type-changed', '{ type: string }', '{ type: integer }'),
  ofProperty('request-parameter-property-type-generalized', '{ type: integer }', '{ type: number }'),
  ofProperty('request-parameter-property-type-specialized', '{ type: number }', '{ type: integer }'),
  ofProperty(
    'request-parameter-property-list-of-types-widened',
    '{ type: boolean }',
    '{ anyOf: [{ type: boolean }, { type: integer }] }',
  ),
  ofProperty(
    'request-parameter-property-list-of-types-narrowed',
    '{ anyOf: [{ type: boolean }, { type: integer }] }',
    '{ type: boolean }',
  ),
]

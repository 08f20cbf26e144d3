import { casesOf, documentOf, ninetyDays, operationOf } from './case.ts'
import type { Case } from './case.ts'

const things = '/things: { get: { responses: { 200: { description: Things } } } }'
const ofDocument = casesOf(documentOf)
const ofOperation = casesOf(operationOf)
/** Another path beside the one that stays. */
const ofPath = casesOf((path, version) => documentOf(`paths: {\n  ${things}\n  ${path}\n}`, version))
/** Another operation beside the one that stays. */
const ofMethod = casesOf((method, version) =>
  documentOf(
    `paths: { /things: { get: { responses: { 200: { description: Things } } }${method} } }`,
    version,
  ),
)
const ofBudget = casesOf((members, version) => documentOf(`paths: { ${things} }\n${members}`, version))

const old = (more: string) => `, /old: { get: { responses: { 204: { description: Old } }${more} } }`
const put = (more: string) => `, put: { responses: { 204: { description: Put } }${more} }`

/** A breaking change, from one version to another. */
const ofVersion = (id: string, before: string, after: string): Case => ({
  ...ofPath(id, '', ''),
  before: documentOf(`paths: { ${things} ${old('')} }`, before),
  after: documentOf(`paths: { ${things} }`, after),
  also: ['api-path-removed-without-deprecation'],
})

const callback = (address: string) =>
  `callbacks: { done: { '${address}': { post: { responses: { 204: { description: Seen } } } } } }`
const webhook = 'webhooks: { made: { post: { responses: { 204: { description: Seen } } } } }'
const anywhere = 'paths: {}\n'

export const operationCases: Case[] = [
  ofMethod('endpoint-added', '', put('')),
  ofMethod('api-removed-without-deprecation', put(''), ''),
  ofMethod('api-removed-with-deprecation', put(', deprecated: true'), ''),
  ofMethod('api-removed-before-sunset', put(", deprecated: true, x-sunset: '2026-11-24'"), ''),
  ofPath('api-path-removed-without-deprecation', old(''), ''),
  ofPath('api-path-removed-with-deprecation', old(", deprecated: true, x-sunset: '2026-11-23'"), ''),
  ofPath('api-path-removed-before-sunset', old(", deprecated: true, x-sunset: '2027-01-31T12:00:00Z'"), ''),
  ofPath('api-path-sunset-parse', old(", deprecated: true, x-sunset: '2026-02-31'"), ''),

  ofOperation('endpoint-deprecated', '', 'deprecated: true'),
  ofOperation('endpoint-deprecated-with-sunset', '', "deprecated: true, x-sunset: '2027-03-01'"),
  ofOperation('endpoint-reactivated', 'deprecated: true', ''),
  ofOperation('api-deprecated-sunset-missing', '', 'deprecated: true', { policy: ninetyDays }),
  ofOperation('api-deprecated-sunset-parse', '', 'deprecated: true, x-sunset: soon'),
  ofOperation('api-sunset-date-too-small', '', "deprecated: true, x-sunset: '2027-01-01'", {
    policy: ninetyDays,
  }),
  ofOperation('sunset-deleted', "deprecated: true, x-sunset: '2027-01-01'", 'deprecated: true'),
  ofOperation(
    'api-sunset-date-changed-too-small',
    "deprecated: true, x-sunset: '2027-06-01'",
    "deprecated: true, x-sunset: '2027-02-01'",
    { policy: ninetyDays },
  ),
  ofOperation('api-invalid-stability-level', '', 'x-stability-level: rough'),
  ofOperation('api-stability-decreased', '', 'x-stability-level: beta'),
  ofOperation('api-stability-increased', 'x-stability-level: draft', 'x-stability-level: alpha'),

  ofOperation('api-operation-id-added', '', 'operationId: list'),
  ofOperation('api-operation-id-removed', 'operationId: list', ''),
  ofOperation('api-operation-id-renamed', 'operationId: list', 'operationId: all'),
  ofOperation('api-tag-added', 'tags: [a]', 'tags: [b, a]'),
  ofOperation('api-tag-removed', 'tags: [a, b]', 'tags: [b]'),
  ofOperation('api-annotation-added', '', 'x-owner: us'),
  ofOperation('api-annotation-removed', 'x-owner: us', ''),
  ofOperation('api-annotation-changed', 'x-owner: us', 'x-owner: them'),

  ofOperation('api-rate-limit-tightened', 'x-rockpool-rate-limit: 2', 'x-rockpool-rate-limit: 1'),
  ofBudget('api-rate-limit-tightened', '', 'x-rockpool-rate-limit: { calls: 100, seconds: 60 }'),
  ofOperation('api-rate-limit-relaxed', 'x-rockpool-rate-limit: 1', ''),
  ofOperation('api-latency-budget-tightened', 'x-rockpool-latency-ms: 200', 'x-rockpool-latency-ms: 100'),
  ofBudget('api-latency-budget-relaxed', 'x-rockpool-latency-ms: 100', 'x-rockpool-latency-ms: 200'),

  ofVersion('api-version-not-bumped', '1.2.3', '1.2.3'),
  ofVersion('api-version-decreased', '2.0.0', '1.9.9'),
  ofVersion('api-major-version-not-bumped', '1.2.3', '1.3.0'),
  ofDocument(
    'api-schema-removed',
    `${anywhere}components: { schemas: { Thing: { type: object }, Other: { type: object } } }`,
    `${anywhere}components: { schemas: { Other: { type: object } } }`,
  ),

  ofDocument('webhook-added', anywhere, anywhere + webhook),
  ofDocument('webhook-removed', anywhere + webhook, anywhere),
  ofOperation('callback-added', '', callback('{$request.query.to}')),
  ofOperation('callback-removed', callback('{$request.query.to}'), ''),

  ofDocument(
    'api-server-added',
    `${anywhere}servers: [{ url: /a }]`,
    `${anywhere}servers: [{ url: /b }, { url: /a }]`,
  ),
  ofDocument(
    'api-server-removed',
    `${anywhere}servers: [{ url: /a }, { url: /b }]`,
    `${anywhere}servers: [{ url: /b }]`,
  ),
  ofDocument('api-server-changed', `${anywhere}servers: [{ url: /a }]`, `${anywhere}servers: [{ url: /b }]`),
  ofOperation(
    'api-server-changed',
    "servers: [{ url: 'https://a.test' }]",
    "servers: [{ url: 'https://b.test' }]",
  ),
  ofDocument(
    'api-server-changed',
    `${anywhere}servers: [{ url: '/{at}', variables: { at: { default: eu, enum: [eu, us] } } }]`,
    `${anywhere}servers: [{ url: '/{at}', variables: { at: { default: eu, enum: [eu] } } }]`,
  ),
]

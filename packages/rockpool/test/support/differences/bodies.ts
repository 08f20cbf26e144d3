import { casesOf, documentOf } from './case.ts'
import type { Case } from './case.ts'

const ofRequest = casesOf((body, version) =>
  documentOf(`paths: { /things: { post: { responses: { 204: { description: Done } }${body} } } }`, version),
)
const ofResponses = casesOf((responses, version) =>
  documentOf(`paths: { /things: { get: { responses: { ${responses} } } } }`, version),
)
const ofResponse = casesOf((members, version) =>
  documentOf(
    `paths: { /things: { get: { responses: { 200: { description: Things${members} } } } } }`,
    version,
  ),
)

const body = (members: string) => `, requestBody: { ${members} }`
const text = 'text/plain: { schema: { type: string } }'
const json = 'application/json: { schema: { type: string } }'
const anySchema = 'application/json: { schema: {} }'
const anything = 'application/json: {}'
const form = (encoding: string) =>
  `application/x-www-form-urlencoded: { schema: { type: object, properties: { a: { type: array } } }, encoding: { a: { ${encoding} } } }`
const content = (types: string) => `, content: { ${types} }`
const header = (members: string) => `, headers: { X-Rate: { schema: { type: integer }${members} } }`
const typed = (schema: string) => `, headers: { X-Rate: { schema: ${schema} } }`
const link = (operation: string) => `, links: { next: { operationId: ${operation} } }`
const ok = '200: { description: Things }'

export const bodyCases: Case[] = [
  ofRequest('request-body-added-required', '', body(`required: true, content: { ${json} }`)),
  ofRequest('request-body-added-optional', '', body(`content: { ${json} }`)),
  ofRequest('request-body-removed', body(`content: { ${json} }`), ''),
  ofRequest(
    'request-body-became-required',
    body(`content: { ${json} }`),
    body(`required: true, content: { ${json} }`),
  ),
  ofRequest(
    'request-body-became-optional',
    body(`required: true, content: { ${json} }`),
    body(`content: { ${json} }`),
  ),
  ofRequest(
    'request-body-media-type-added',
    body(`content: { ${json} }`),
    body(`content: { ${text}, ${json} }`),
  ),
  ofRequest(
    'request-body-media-type-removed',
    body(`content: { ${json}, ${text} }`),
    body(`content: { ${text} }`),
  ),
  ofRequest(
    'request-body-media-type-schema-added',
    body(`content: { ${anything} }`),
    body(`content: { ${json} }`),
  ),
  ofRequest(
    'request-body-media-type-schema-added',
    body(`content: { ${anySchema} }`),
    body(`content: { ${json} }`),
  ),
  ofRequest(
    'request-body-media-type-schema-removed',
    body(`content: { ${json} }`),
    body(`content: { ${anything} }`),
  ),

  ofRequest(
    'request-body-encoding-changed',
    body(`content: { ${form('')} }`),
    body(`content: { ${form('style: pipeDelimited')} }`),
  ),

  ofResponses('response-success-status-added', ok, `202: { description: Later }, ${ok}`),
  ofResponses('response-success-status-removed', `${ok}, 202: { description: Later }`, ok),
  ofResponses('response-success-status-added', ok, `2XX: { description: Others }, ${ok}`),
  ofResponses('response-non-success-status-added', ok, `404: { description: None }, ${ok}`),
  ofResponses('response-non-success-status-removed', `${ok}, default: { description: None }`, ok),

  ofResponse('response-media-type-added', content(json), content(`${text}, ${json}`)),
  ofResponse('response-media-type-removed', content(`${json}, ${text}`), content(text)),
  ofResponse(
    'response-media-type-name-changed',
    content('text/csv;header=present: { schema: { type: string } }'),
    content('text/csv;header=absent: { schema: { type: string } }'),
  ),
  ofResponse(
    'response-media-type-name-generalized',
    content(text),
    content('text/*: { schema: { type: string } }'),
  ),
  ofResponse(
    'response-media-type-name-specialized',
    content(json),
    content('application/things+json: { schema: { type: string } }'),
  ),
  ofResponse('response-body-media-type-schema-added', content(anything), content(json)),
  ofResponse('response-body-media-type-schema-removed', content(json), content(anything)),

  ofResponse('response-header-added', '', header('')),
  ofResponse('required-response-header-removed', header(', required: true'), ''),
  ofResponse('optional-response-header-removed', header(''), ''),
  ofResponse('response-header-became-optional', header(', required: true'), header('')),
  ofResponse('response-header-became-required', header(''), header(', required: true')),
  ofResponse(
    'response-header-type-changed',
    typed('{ type: string }'),
    typed('{ type: array, items: { type: string } }'),
  ),
  ofResponse('response-header-type-generalized', typed('{ type: integer }'), typed('{ type: number }')),
  ofResponse('response-header-type-specialized', typed('{ type: number }'), typed('{ type: integer }')),
  ofResponse('response-header-type-compatible', typed('{ type: integer }'), typed('{ type: string }')),
  ofResponse(
    'response-header-became-nullable',
    typed('{ type: string }'),
    typed("{ type: [string, 'null'] }"),
  ),
  ofResponse(
    'response-header-became-not-nullable',
    typed("{ type: [string, 'null'] }"),
    typed('{ type: string }'),
  ),

  ofResponse(
    'response-header-media-type-changed',
    typed('{ type: string }'),
    ', headers: { X-Rate: { content: { application/json: { schema: { type: string } } } } }',
  ),

  ofResponse('response-link-added', '', link('next')),
  ofResponse('response-link-removed', link('next'), ''),
  ofResponse('response-link-changed', link('next'), link('last')),
]

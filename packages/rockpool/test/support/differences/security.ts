import { casesOf, documentOf } from './case.ts'
import type { Case } from './case.ts'

const components = `components:
  securitySchemes:
    key: { type: apiKey, name: X-Key, in: header }
    other: { type: http, scheme: bearer }
    oauth: { type: oauth2, flows: { clientCredentials: { tokenUrl: /token, scopes: { read: Read, write: Write } } } }`
const responses = 'responses: { 204: { description: Done } }'

const ofOperation = casesOf((security, version) =>
  documentOf(`paths: { /things: { get: { ${responses}${security} } } }\n${components}`, version),
)
const ofContract = casesOf((security, version) =>
  documentOf(`paths: { /things: { get: { ${responses} } } }\n${security}\n${components}`, version),
)
const ofSchemes = casesOf((schemes, version) =>
  documentOf(`paths: {}\ncomponents: { securitySchemes: { ${schemes} } }`, version),
)
const ofFlow = casesOf((members, version) =>
  documentOf(
    `paths: {}\ncomponents: { securitySchemes: { oauth: { type: oauth2, flows: { ${members} } } } }`,
    version,
  ),
)

const code = (authorize: string, token: string, scopes: string) =>
  `authorizationCode: { authorizationUrl: ${authorize}, tokenUrl: ${token}, scopes: { ${scopes} } }`

export const securityCases: Case[] = [
  ofOperation('api-security-added', '', ', security: [{ key: [] }]', { also: ['api-security-required'] }),
  ofOperation('api-security-added', ', security: [{ key: [] }]', ', security: [{ other: [] }, { key: [] }]', {
    also: ['api-security-relaxed'],
  }),
  ofOperation('api-security-removed', ', security: [{ key: [] }]', '', { also: ['api-security-relaxed'] }),
  ofOperation(
    'api-security-scope-added',
    ', security: [{ oauth: [read] }]',
    ', security: [{ oauth: [write, read] }]',
    {
      also: ['api-security-tightened'],
    },
  ),
  ofOperation(
    'api-security-scope-removed',
    ', security: [{ oauth: [read, write] }]',
    ', security: [{ oauth: [read] }]',
    {
      also: ['api-security-relaxed'],
    },
  ),
  ofContract('api-global-security-added', '', 'security: [{ key: [] }]', { also: ['api-security-required'] }),
  ofContract(
    'api-global-security-removed',
    'security: [{ key: [] }, { other: [] }]',
    'security: [{ other: [] }]',
    {
      also: ['api-security-tightened'],
    },
  ),
  ofContract(
    'api-global-security-scope-added',
    'security: [{ oauth: [] }]',
    'security: [{ oauth: [read] }]',
    {
      also: ['api-security-tightened'],
    },
  ),
  ofContract(
    'api-global-security-scope-removed',
    'security: [{ oauth: [read] }]',
    'security: [{ oauth: [] }]',
    {
      also: ['api-security-relaxed'],
    },
  ),

  ofContract('api-security-required', 'security: [{ key: [] }, {}]', 'security: [{ key: [] }]'),
  ofContract('api-security-relaxed', 'security: [{ key: [] }]', 'security: [{}, { key: [] }]'),
  ofOperation('api-security-tightened', ', security: [{ key: [] }]', ', security: [{ key: [], other: [] }]', {
    also: ['api-security-added', 'api-security-removed'],
  }),

  ofSchemes('api-security-component-added', '', 'key: { type: http, scheme: basic }'),
  ofSchemes('api-security-component-removed', 'key: { type: http, scheme: basic }', ''),
  ofSchemes(
    'api-security-component-type-changed',
    'key: { type: http, scheme: basic }',
    'key: { type: apiKey, name: X-Key, in: header }',
  ),
  ofSchemes(
    'api-security-component-changed',
    'key: { type: apiKey, name: X-Key, in: header }',
    'key: { type: apiKey, name: X-Key, in: query }',
  ),
  ofFlow('api-security-component-oauth-url-changed', code('/a', '/t', ''), code('/b', '/t', '')),
  ofFlow('api-security-component-oauth-token-url-changed', code('/a', '/t', ''), code('/a', '/u', '')),
  ofFlow('api-security-component-oauth-scope-added', code('/a', '/t', ''), code('/a', '/t', 'read: Read')),
  ofFlow('api-security-component-oauth-scope-removed', code('/a', '/t', 'read: Read'), code('/a', '/t', '')),
  ofFlow(
    'api-security-component-oauth-scope-changed',
    code('/a', '/t', 'read: Read'),
    code('/a', '/t', 'read: Read all'),
  ),
  ofFlow('api-security-component-oauth-flow-added', '', code('/a', '/t', '')),
  ofFlow('api-security-component-oauth-flow-removed', code('/a', '/t', ''), ''),
]

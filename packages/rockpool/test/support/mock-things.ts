import type { Mock, MockAnswer } from '../../src/contracts/mocks/types.ts'
import type { JsonObject } from '../../src/contracts/types.ts'
import { contractOf } from './contracts.ts'

const thing = { $ref: '#/components/schemas/Thing' }
/** Content of a response or body. */
export const json = (schema: object, more: object = {}) => ({
  content: { 'application/json': { schema, ...more } },
})
/** Things that can be made, and some oddities beside them. */
export const things = contractOf({
  paths: {
    '/{organization}/things': {
      parameters: [{ name: 'organization', in: 'path', required: true, schema: { type: 'string' } }],
      get: {
        operationId: 'listThings',
        parameters: [
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1 } },
          { name: 'offset', in: 'query', schema: { type: 'integer' } },
        ],
        responses: {
          '200': {
            description: '',
            ...json({
              type: 'object',
              required: ['data', 'has_more'],
              properties: { data: { type: 'array', items: thing }, has_more: { type: 'boolean' } },
            }),
          },
        },
      },
      post: {
        operationId: 'makeThing',
        requestBody: {
          required: true,
          ...json({
            type: 'object',
            required: ['name'],
            properties: {
              id: { type: 'string' },
              name: { type: 'string' },
              price: { type: 'number' },
              secret: { type: 'string' },
            },
          }),
        },
        responses: {
          '201': {
            description: '',
            ...json(thing),
            headers: { 'X-Count': { schema: { type: 'integer', minimum: 3, maximum: 3 } } },
          },
          '409': {
            description: '',
            ...json({ type: 'object', required: ['why'], properties: { why: { const: 'taken' } } }),
          },
        },
      },
    },
    '/{organization}/things/{id}': {
      parameters: ['organization', 'id'].map((name) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      get: {
        operationId: 'getThing',
        responses: {
          '200': {
            description: '',
            ...json(thing, {
              examples: { red: { value: { id: 'r', name: 'red', price: 1 } }, wrong: { value: { id: 3 } } },
            }),
          },
          '404': { description: '', ...json({ const: 'gone' }) },
        },
      },
      patch: {
        operationId: 'changeThing',
        requestBody: json({ type: 'object' }),
        responses: { '200': { description: '', ...json(thing) } },
      },
      put: {
        operationId: 'putThing',
        requestBody: json(thing),
        responses: { '200': { description: '', ...json(thing) } },
      },
      delete: { operationId: 'deleteThing', responses: { '204': { description: '' } } },
    },
    '/report': {
      get: {
        operationId: 'report',
        responses: {
          '200': {
            description: '',
            content: {
              'text/csv': { schema: { type: 'string' } },
              'application/json': { schema: { const: [1] } },
              'application/xml': { schema: { type: 'object' } },
            },
          },
        },
      },
    },
    '/never': {
      get: {
        operationId: 'never',
        responses: {
          '200': { description: '', ...json({ allOf: [{ type: 'string' }, { type: 'integer' }] }) },
        },
      },
    },
    '/files/{name}.{kind}': {
      parameters: ['name', 'kind'].map((name) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      get: {
        operationId: 'file',
        responses: {
          '200': {
            description: '',
            ...json({
              type: 'object',
              required: ['name', 'kind'],
              properties: { name: { type: 'string' }, kind: { type: 'string' } },
            }),
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        required: ['id', 'name', 'price'],
        properties: {
          id: { type: 'string' },
          name: { type: 'string', maxLength: 20 },
          price: { type: 'number', minimum: 0 },
        },
      },
    },
  },
})

/** Status, body (as JSON, where it is), and all headers in small letters. */
export function ask(
  mock: Mock,
  method: string,
  target: string,
  given: { body?: unknown; headers?: string[] } = {},
) {
  const { body, headers = [] } = given
  const type = body === undefined ? [] : ['Content-Type', 'application/json']
  const answer = mock.answer({
    method,
    target,
    headers: [...type, ...headers],
    body: body === undefined ? null : Buffer.from(JSON.stringify(body)),
  })
  const told: Record<string, string> = {}
  for (let index = 0; index < answer.headers.length; index += 2)
    told[answer.headers[index]!.toLowerCase()] = answer.headers[index + 1]!
  const isJson = told['content-type']?.includes('json') === true
  const content = isJson ? (JSON.parse(textOf(answer)) as JsonObject) : textOf(answer)
  return { status: answer.status, body: content, headers: told }
}

/** Of the body, all pieces together. */
export function textOf({ body }: MockAnswer): string {
  return typeof body === 'string' || Buffer.isBuffer(body) ? body.toString() : [...body.pieces].join('')
}

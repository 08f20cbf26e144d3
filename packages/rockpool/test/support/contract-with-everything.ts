const media = {
  'application/json': {
    schema: { type: 'object' },
    examples: { one: { summary: 's', value: 1 }, far: { externalValue: 'https://a.test' } },
  },
}
const responses = {
  '200': {
    description: 'ok',
    headers: { E: { required: true, schema: { type: 'string' } } },
    content: media,
    links: { next: { operationId: 'a' } },
    'x-r': 1,
  },
  default: { description: '' },
}
/** A document in which each thing that can be said is said once. */
export const everything = {
  openapi: '3.2.0',
  info: { title: 'T', version: '1', summary: 's', description: 'd', license: { name: 'MIT' }, 'x-i': true },
  servers: [{ url: '/v1', description: 'd', variables: { a: { default: 'b' } }, 'x-s': [] }],
  security: [{ key: ['read'] }, {}],
  tags: [{ name: 't', description: 'd' }],
  externalDocs: { url: 'https://docs.test' },
  'x-root': { a: 1 },
  paths: {
    '/a/{id}': {
      parameters: [
        {
          name: 'id',
          in: 'path',
          required: true,
          style: 'matrix',
          explode: true,
          schema: { type: 'string' },
        },
        {
          name: 'q',
          in: 'query',
          style: 'deepObject',
          explode: true,
          allowReserved: true,
          allowEmptyValue: true,
          deprecated: true,
          schema: {},
          example: { a: 1 },
          'x-p': null,
        },
        { name: 'j', in: 'query', content: media },
        {
          name: 'c',
          in: 'cookie',
          explode: false,
          schema: { type: 'array' },
          examples: { a: { value: [1] } },
        },
      ],
      get: {
        responses,
        summary: 's',
        description: 'd',
        tags: ['t'],
        deprecated: true,
        security: [],
        servers: [{ url: '/v2' }],
        externalDocs: { url: 'https://a.test' },
      },
      post: {
        operationId: 'postA',
        requestBody: {
          required: true,
          description: 'd',
          content: {
            'multipart/form-data': {
              schema: { type: 'object' },
              encoding: { a: { contentType: 'image/png' } },
              example: {},
            },
          },
          'x-b': 1,
        },
        responses: {},
        callbacks: { done: { '{$url}': { post: { responses }, put: { operationId: 'done', responses } } } },
      },
      query: { responses, parameters: [{ name: 'all', in: 'querystring', content: media }] },
      additionalOperations: {
        COPY: {
          responses: {
            '200': { description: '', content: { 'application/jsonl': { itemSchema: { type: 'integer' } } } },
          },
        },
      },
      trace: { responses },
    },
  },
  webhooks: { made: { post: { operationId: 'made', responses } } },
  components: {
    securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
    schemas: {
      Node: {
        type: ['object', 'null'],
        properties: { next: { $ref: '#/components/schemas/Node' }, a: true, b: false },
        discriminator: { propertyName: 'k', mapping: { n: 'Node' } },
        'x-sensitive': 'card',
      },
      Yes: true,
      No: false,
      'with space': { $ref: '#/components/schemas/Node', description: 'd' },
      constructor: { type: 'string' },
    },
  },
}

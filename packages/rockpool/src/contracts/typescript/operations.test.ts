import { beforeAll, expect, test } from 'vitest'
import { compile } from '../../../test/support/compile.ts'
import { contractOf } from '../../../test/support/contracts.ts'
import { emitTypes } from './index.ts'

const text = { type: 'string' }
const json = (schema: object) => ({ 'application/json': { schema } })
const pet = { $ref: '#/components/schemas/Pet' }

const contract = contractOf({
  openapi: '3.2.0',
  paths: {
    '/pets/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer', format: 'int64' } }],
      get: {
        operationId: 'getPet',
        parameters: [
          { name: 'fields', in: 'query', deprecated: true, schema: { type: 'array', items: text } },
          { name: 'X-Trace', in: 'header', schema: text },
          { name: 'session', in: 'cookie', schema: text },
        ],
        responses: {
          '200': {
            description: 'ok',
            headers: { ETag: { required: true, schema: text } },
            content: json(pet),
          },
          '4XX': { description: 'refused', content: json({ $ref: '#/components/schemas/Refusal' }) },
          default: { description: 'broken', content: { 'text/plain': { schema: text } } },
        },
      },
      put: {
        operationId: 'putPet',
        requestBody: { required: true, content: json(pet) },
        responses: { '204': { description: 'done' } },
      },
      delete: { deprecated: true, responses: { '204': { description: 'gone' } } },
    },
    '/pets': {
      post: {
        operationId: 'add pets',
        requestBody: {
          content: {
            ...json(pet),
            'multipart/form-data': {
              schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } },
            },
          },
        },
        responses: { '201': { description: 'made', content: json(pet) } },
        callbacks: {
          added: {
            '{$request.body#/url}': {
              post: { operationId: 'added', requestBody: { content: json(pet) }, responses: {} },
            },
          },
        },
      },
      query: {
        operationId: 'findPets',
        parameters: [
          {
            name: 'all',
            in: 'querystring',
            required: true,
            content: {
              'application/x-www-form-urlencoded': {
                schema: { type: 'object', properties: { tag: text }, required: ['tag'] },
              },
            },
          },
        ],
        responses: {
          '200': { description: 'ok', content: { 'application/jsonl': { itemSchema: pet } } },
        },
      },
    },
  },
  webhooks: {
    petMade: { post: { operationId: 'petMade', requestBody: { content: json(pet) }, responses: {} } },
  },
  components: {
    schemas: {
      Pet: { type: 'object', properties: { id: { type: 'integer' }, name: text }, required: ['name'] },
      Refusal: { type: 'object', properties: { code: text }, required: ['code'] },
    },
  },
})

const client = `import createClient from 'openapi-fetch'
import type { Pet, components, operations, paths, webhooks } from './pets.ts'
const client = createClient<paths>({ baseUrl: 'http://127.0.0.1' })
`

/** Programs that use the client or the types, each of one statement or more. */
const good: Record<string, string> = {
  'an answer and a refusal have their types': `
    const { data, error } = await client.GET('/pets/{id}', { params: { path: { id: 1 }, query: { fields: ['a'] } } })
    if (data !== undefined) { const name: string = data.name; const id: number | undefined = data.id; void [name, id] }
    else { const said: string = typeof error === 'string' ? error : error.code; void said }`,
  'headers and cookies may be left out, or given': `
    await client.GET('/pets/{id}', { params: { path: { id: 1 }, header: { 'X-Trace': 'a' }, cookie: { session: 'b' } } })`,
  'what answers nothing has no data': `
    const { data } = await client.PUT('/pets/{id}', { params: { path: { id: 1 } }, body: { name: 'a' } })
    const nothing: undefined = data; void nothing`,
  'a body that is not required may be missing': `
    const { data } = await client.POST('/pets'); const name: string | undefined = data?.name; void name
    await client.POST('/pets', { body: { name: 'a' } })
    await client.POST('/pets', { body: { file: 'bytes' } })`,
  'a schema is a type of its own, and the same as in its list': `
    const pet: Pet = { name: 'a' }; const same: components['schemas']['Pet'] = pet; void same`,
  'headers of a response': `
    const headers: operations['getPet']['responses'][200]['headers'] = { ETag: 'a', other: 1 }; void headers`,
  'webhooks and callbacks are operations': `
    type Told = NonNullable<webhooks['petMade']['post']['requestBody']>['content']['application/json']
    type Called = operations['add pets']['callbacks']['added']['{$request.body#/url}']['post']['requestBody']
    const told: Told = { name: 'a' }; const called: Called = { content: { 'application/json': told } }; void called`,
  'a whole query, a stream, and a method that OpenAPI 3.2 added': `
    const query: paths['/pets']['query']['parameters']['query'] = { tag: 'a' }
    const found: operations['findPets']['responses'][200]['content']['application/jsonl'] = [{ name: 'a' }]
    void [query, found]`,
}

const bad: Record<string, string> = {
  'a path that is not there': `await client.GET('/cats')`,
  'a method that is not there': `await client.PATCH('/pets')`,
  'a parameter of another type': `await client.GET('/pets/{id}', { params: { path: { id: 'a' } } })`,
  'a parameter of the path is left out': `await client.GET('/pets/{id}', {})`,
  'a parameter that is not there': `await client.GET('/pets/{id}', { params: { path: { id: 1 }, query: { all: true } } })`,
  'a required body is left out': `await client.PUT('/pets/{id}', { params: { path: { id: 1 } } })`,
  'a body of another type': `await client.PUT('/pets/{id}', { params: { path: { id: 1 } }, body: { name: 1 } })`,
  'a body where none is taken': `await client.GET('/pets/{id}', { params: { path: { id: 1 } }, body: { name: 'a' } })`,
  'a member that no answer has': `const { data } = await client.POST('/pets'); void data?.age`,
  'headers of a response without a required one': `
    const headers: operations['getPet']['responses'][200]['headers'] = { other: 1 }; void headers`,
  'a status that is not answered': `type Other = operations['getPet']['responses'][500]; let other: Other; void other!`,
}

let faultsOf: (file: string) => string[]

beforeAll(async () => {
  const files: Record<string, string> = { 'pets.ts': emitTypes(contract) }
  const use = `export type Used = [Pet, components, operations, paths, webhooks, typeof client]\n`
  Object.values(good).forEach((text, index) => (files[`good-${index}.ts`] = client + use + text))
  Object.values(bad).forEach((text, index) => (files[`bad-${index}.ts`] = client + use + text))
  faultsOf = await compile(files)
})

test.each(Object.keys(good))('%s', (name) => {
  expect(faultsOf('pets.ts')).toEqual([])
  expect(faultsOf(`good-${Object.keys(good).indexOf(name)}.ts`)).toEqual([])
})

test.each(Object.keys(bad))('it does not compile: %s', (name) => {
  expect(faultsOf(`bad-${Object.keys(bad).indexOf(name)}.ts`)).toHaveLength(1)
})

test('what is deprecated says so, and so does what it is called by', () => {
  const module = emitTypes(contract)
  expect(module).toContain('/** @deprecated */\n        fields?: string[]')
  expect(module).toMatch(/\/\*\* @deprecated \*\/\n {4}delete: operations\['\w+'\]/)
})

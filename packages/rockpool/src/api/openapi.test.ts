import { expect, test } from 'vitest'
import { z } from 'zod'
import { operation, pageOf, pageQuery, type Operation } from '../kernel/index.ts'
import { organizationsApi } from '../organizations/index.ts'
import { openapiDocument } from './openapi.ts'

/** Any part of the document: what is not there reads as undefined, and fails the test. */
type Json = { [key: string]: Json }

const operations: Operation[] = Object.values(organizationsApi)
const document = openapiDocument(operations, '1.2.3') as unknown as Json

function* everyNode(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield value as Record<string, unknown>
  for (const inner of Object.values(value)) yield* everyNode(inner)
}

test('every operation is in the document once, under its id, path and method', () => {
  const found = Object.entries(document['paths']!).flatMap(([path, item]) =>
    Object.entries(item).map(
      ([method, { operationId }]) => `${method.toUpperCase()} ${path} ${operationId as unknown as string}`,
    ),
  )
  expect(found.toSorted()).toEqual(
    operations.map(({ id, method, path }) => `${method} ${path} ${id}`).toSorted(),
  )
})

test('every reference leads somewhere, and no JSON Schema keyword is misplaced', () => {
  const pointers = [...everyNode(document)].flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []))
  expect(pointers.length).toBeGreaterThan(10)
  for (const pointer of pointers) {
    const target = pointer
      .slice(2)
      .split('/')
      .reduce<unknown>((node, key) => (node as Json | undefined)?.[key], document)
    expect(target, pointer).toBeTypeOf('object')
  }
  for (const node of everyNode(document)) {
    expect(node).not.toHaveProperty('$schema')
    expect(node).not.toHaveProperty('$defs')
    if (typeof node['pattern'] === 'string')
      expect(() => new RegExp(node['pattern'] as string, 'u')).not.toThrow()
  }
})

test('every path parameter is declared, required, and in the path (OpenAPI 3.1, 4.8.12)', () => {
  for (const [path, item] of Object.entries(document['paths']!)) {
    for (const described of Object.values(item)) {
      const parameters = (described['parameters'] ?? []) as unknown as {
        name: string
        in: string
        required: boolean
      }[]
      const inPath = parameters.filter((parameter) => parameter.in === 'path')
      expect(inPath.every(({ required }) => required)).toBe(true)
      expect(inPath.map(({ name }) => `{${name}}`).toSorted()).toEqual(
        (path.match(/\{\w+\}/g) ?? []).toSorted(),
      )
      expect(new Set(parameters.map((parameter) => `${parameter.in} ${parameter.name}`)).size).toBe(
        parameters.length,
      )
    }
  }
})

test('every operation says who may call it, what it answers, and that it may refuse', () => {
  for (const { path, method, scope, answers } of operations) {
    const described = document['paths']![path]![method.toLowerCase()]!
    expect(described['security']).toEqual([{ control: [scope] }])
    expect(Object.keys(described['responses']!)).toEqual([...Object.keys(answers), 'default'])
    expect(described['responses']!['default']).toEqual({ $ref: '#/components/responses/Problem' })
  }
})

test('what goes in is described before, what comes out after validation', () => {
  const list = document['paths']!['/organizations']!['get']! as unknown as { parameters: unknown[] }
  expect(list.parameters).toContainEqual({
    name: 'limit',
    in: 'query',
    required: false,
    description: 'items in a page',
    schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  })
  const create = document['paths']!['/organizations']!['post']!
  expect(create['requestBody']).toMatchObject({
    required: true,
    content: {
      'application/json': {
        schema: { required: ['slug', 'name', 'environment'], additionalProperties: false },
      },
    },
  })
  expect(document['components']!['schemas']!['Organization']).toMatchObject({
    type: 'object',
    required: ['slug', 'name', 'environment', 'parent', 'status', 'createdAt'],
  })
})

test('an operation without a body to answer has none, and one open to parents’ keys says so', () => {
  const remove = operation({
    id: 'x.remove',
    method: 'DELETE',
    path: '/x/{x}',
    summary: 'Remove',
    scope: 'write',
    parentKey: true,
    params: z.strictObject({ x: z.string() }),
    answers: { 204: null },
  })
  const described = (openapiDocument([remove], '1') as unknown as Json)['paths']!['/x/{x}']!['delete']!
  expect(described['responses']!['204']).toEqual({ description: 'Remove' })
  expect(described['security']).toEqual([{ control: ['write'] }, { parentKey: [] }])
})

test('two different schemas under one name are a mistake that is told at once', () => {
  const named = (schema: z.ZodType, id: string, path: `/${string}`) =>
    operation({
      id,
      method: 'GET',
      path,
      summary: 's',
      scope: 'read',
      query: pageQuery,
      answers: { 200: pageOf(schema) },
    })
  const one = named(z.object({ a: z.string() }).meta({ id: 'SameName' }), 'a.one', '/one')
  const makeOther = () => named(z.object({ b: z.string() }).meta({ id: 'SameName' }), 'a.two', '/two')
  expect(() => openapiDocument([one, makeOther()], '1')).toThrow(/SameName/)
})

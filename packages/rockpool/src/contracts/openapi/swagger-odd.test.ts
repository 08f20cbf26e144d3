import { describe, expect, test } from 'vitest'
import { readDocument } from '../../../test/support/contracts.ts'
import type { Contract } from '../types.ts'

const responses = { '200': { description: 'ok' } }

describe('what is understood, and told', () => {
  /** One operation, what it became and what was said. */
  function read(operation: object, more: object = {}) {
    const reading = readDocument({
      openapi: undefined,
      swagger: '2.0',
      paths: { '/a': { post: { responses, ...operation } } },
      ...more,
    })
    if (!reading.ok) throw new Error(JSON.stringify(reading.findings, null, 2))
    return {
      operation: reading.contract.operations[0]!,
      told: reading.findings.map(({ message }) => message),
    }
  }
  const shown = (operation: { responses: Contract['operations'][0]['responses'] }) =>
    operation.responses[0]!.content.map(({ name, examples }) => [name, examples.map(({ value }) => value)])

  test('an example is of the media type that it is of, whatever its parameters', () => {
    const { operation, told } = read({
      produces: ['application/json; charset=utf-8'],
      responses: { '200': { description: 'ok', schema: {}, examples: { 'application/json': { a: 1 } } } },
    })
    expect(shown(operation)).toEqual([['application/json; charset=utf-8', [{ a: 1 }]]])
    expect(told).toEqual([])
  })

  test('an example of what is not produced is answered as well', () => {
    const schema = { type: 'object' }
    const { operation, told } = read({
      produces: ['application/x-tar'],
      responses: { '404': { description: 'none', schema, examples: { 'application/json': { a: 1 } } } },
    })
    expect(shown(operation)).toEqual([
      ['application/x-tar', []],
      ['application/json', [{ a: 1 }]],
    ])
    expect(operation.responses[0]!.content[1]).toMatchObject({ schema })
    expect(told).toEqual(['application/json is not produced here: it is taken for answered as well'])
  })

  test('an example under no media type is left out', () => {
    const { operation, told } = read({
      responses: { '200': { description: 'ok', examples: { message: 'done' } } },
    })
    expect(shown(operation)).toEqual([])
    expect(told).toEqual(['an example stands under its media type, and message is none: left out'])
  })

  test('a file is answered as bytes where nothing is said of media types', () => {
    const { operation } = read({
      responses: { '200': { description: 'ok', schema: { type: 'file' } } },
    })
    expect(operation.responses[0]!.content).toMatchObject([
      { name: 'application/octet-stream', schema: { type: 'string', format: 'binary' } },
    ])
  })

  test('statuses are those of HTTP', () => {
    const { operation, told } = read({
      responses: { '4xx': { description: 'refused' }, ok: { description: 'ok' } },
    })
    expect(operation.responses.map(({ status }) => status)).toEqual(['4XX', 'ok'])
    expect(told).toEqual(['“ok” is no status: write one such as 200, 4XX or default'])
  })

  test('of two parameters with one name the first one counts, and so of two bodies', () => {
    const { operation, told } = read({
      parameters: [
        { name: 'a', in: 'query', type: 'integer' },
        { name: 'a', in: 'query', type: 'string' },
        { name: 'one', in: 'body', schema: { type: 'integer' } },
        { name: 'two', in: 'body', schema: { type: 'string' } },
      ],
    })
    expect(operation.parameters).toMatchObject([{ name: 'a', schema: { type: 'integer' } }])
    expect(operation.body!.content).toMatchObject([{ schema: { type: 'integer' } }])
    expect(told).toEqual([
      'there is another parameter a in query: the first one counts',
      'there is another body: the first one counts',
    ])
  })

  test('the type of a parameter is understood in a schema, and that of a body beside its name', () => {
    const { operation, told } = read({
      parameters: [
        { name: 'a', in: 'query', schema: { type: 'integer' } },
        { name: 'b', in: 'body', type: 'array', items: { type: 'string' } },
      ],
    })
    expect(operation.parameters).toMatchObject([{ name: 'a', schema: { type: 'integer' } }])
    expect(operation.body!.content[0]!.schema).toEqual({ type: 'array', items: { type: 'string' } })
    expect(told).toEqual([
      'its type stands beside its name in OpenAPI 2.0, and in no schema',
      'the type of a body stands in its schema',
    ])
  })

  test('a body and a form are not sent at once', () => {
    const { operation, told } = read({
      parameters: [
        { name: 'file', in: 'formData', type: 'file' },
        { name: 'one', in: 'body', schema: { type: 'integer' } },
      ],
    })
    expect(operation.body!.content).toMatchObject([{ name: 'application/json' }])
    expect(told).toEqual(['there is a body beside this field of a form: the field is left out'])
  })

  test('headers that are no parameters in OpenAPI 3 are none', () => {
    const header = (name: string) => ({ name, in: 'header', type: 'string', required: true })
    const { operation, told } = read({ parameters: [header('Authorization'), header('X-Trace')] })
    expect(operation.parameters.map(({ name }) => name)).toEqual(['X-Trace'])
    expect(told).toEqual(['the header Authorization is no parameter since OpenAPI 3: it is left out'])
  })

  test('paths that Azure tells apart by their query are left out', () => {
    const { told } = read({}, { 'x-ms-paths': { '/a?comp=list': { get: { responses } } } })
    expect(told).toEqual([
      'x-ms-paths: what tells paths apart by their query is not read: 1 of them is left out',
    ])
  })
})

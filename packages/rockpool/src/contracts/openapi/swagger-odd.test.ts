import { describe, expect, test } from 'vitest'
import { readDocument } from '../../../test/support/contracts.ts'

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
})

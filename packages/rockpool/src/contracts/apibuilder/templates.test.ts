import { describe, expect, test } from 'vitest'
import { apiOf, readApi, schemaNamed } from '../../../test/support/apibuilder.ts'

const field = (name: string, type = 'string', more: object = {}) => ({ name, type, ...more })
const timed = {
  description: 'knows its times',
  fields: [
    field('created_at', 'date-time-iso8601', { description: 'when' }),
    field('name', 'string', { minimum: 1 }),
  ],
  attributes: [{ name: 'a', value: { from: 'template' } }],
}
const withTemplate = (model: object, templates: object = { timed }) => ({
  templates: { models: templates },
  models: { thing: { templates: [{ name: 'timed' }], ...model } },
})

describe('a template of models', () => {
  const contract = apiOf(
    withTemplate({ fields: [field('id'), field('name', 'string', { required: false })] }),
  )

  test('is merged first: what the model says itself counts more', () => {
    expect(schemaNamed(contract, 'thing')).toMatchObject({
      description: 'knows its times',
      properties: {
        id: { type: 'string' },
        name: { type: 'string', minLength: 1 },
        created_at: { format: 'date-time', description: 'when' },
      },
      required: ['id', 'created_at'],
      'x-rockpool-attributes': [{ name: 'a', value: { from: 'template' } }],
    })
  })

  test('does not make a field optional that the model has', () => {
    const templates = { timed: { fields: [field('at', 'long', { required: false, default: '1' })] } }
    const model = schemaNamed(apiOf(withTemplate({ fields: [field('at')] }, templates)), 'thing')
    expect(model).toMatchObject({ properties: { at: { type: 'string', default: '1' } }, required: ['at'] })
  })

  test('becomes an interface of the fields that all who use it have alike', () => {
    expect(schemaNamed(contract, 'thing')['x-rockpool-interfaces']).toEqual(['timed'])
    expect(schemaNamed(contract, 'timed')).toMatchObject({
      'x-rockpool-kind': 'interface',
      properties: { created_at: {} },
      required: ['created_at'],
    })
    expect(schemaNamed(contract, 'timed').properties).not.toHaveProperty('name')
  })

  test('may use templates itself, in a circle too', () => {
    const templates = {
      timed: { fields: [field('at')], templates: [{ name: 'Named' }] },
      named: { fields: [field('name')], templates: [{ name: 'timed' }] },
    }
    const { properties } = schemaNamed(apiOf(withTemplate({ fields: [] }, templates)), 'thing')
    expect(Object.keys(properties!)).toEqual(['at', 'name'])
  })

  test('stands for the type that uses it, or is cast', () => {
    const templates = {
      timed: { fields: [field('before', '[timed]'), field('other', 'x')] },
    }
    const cast = { x: 'long', timed: 'thing' }
    const model = schemaNamed(
      apiOf(withTemplate({ fields: [], templates: [{ name: 'timed', cast }] }, templates)),
      'thing',
    )
    expect(model.properties).toEqual({
      before: { type: 'array', items: { $ref: '#/components/schemas/thing' } },
      other: { type: 'integer', format: 'int64' },
    })
  })

  test('is there, and has a name of its own', () => {
    expect(readApi(withTemplate({ fields: [] }, {})).errors).toEqual([
      '/models/thing/templates/0/name: there is no template “timed”',
    ])
    const { errors } = readApi({ ...withTemplate({ fields: [] }, { timed, thing: timed }) })
    expect(errors).toContain('/templates/models/thing: “thing” is the name of a model, too')
  })
})

test('a template of resources gives paths, operations, parameters and responses', () => {
  const contract = apiOf({
    templates: {
      resources: {
        crud: {
          path: '/all',
          operations: [
            {
              method: 'GET',
              description: 'finds',
              parameters: [field('q'), field('limit', 'long')],
              responses: { 200: { type: '[crud]' } },
            },
            { method: 'DELETE', path: '/:id' },
          ],
        },
      },
    },
    models: { thing: { fields: [] } },
    resources: {
      thing: {
        templates: [{ name: 'crud' }],
        operations: [{ method: 'get', parameters: [field('q', 'string', { required: false })] }],
      },
    },
  })
  expect(contract.operations).toMatchObject([
    {
      method: 'GET',
      path: '/all',
      description: 'finds',
      parameters: [{ name: 'q', required: false }, { name: 'limit' }],
      responses: [{ content: [{ schema: { items: { $ref: '#/components/schemas/thing' } } }] }],
    },
    { method: 'DELETE', path: '/all/{id}' },
  ])
})

import { describe, expect, test } from 'vitest'
import { contractOf } from '../../../test/support/contracts.ts'
import { emitClient } from './emit-client.ts'
import { camelCase, pascalCase } from './names.ts'
import { clientOperations } from './operations.ts'

const answers = (schema: object) => ({
  200: { description: '', content: { 'application/json': { schema } } },
})
const ids = { type: 'array', items: { type: 'string' } }
const parameter = (name: string, more: object = {}) => ({
  name,
  in: 'query',
  schema: { type: 'string' },
  ...more,
})
const notesOf = (document: object) =>
  Object.fromEntries(clientOperations(contractOf(document)).map(({ route, note }) => [route, note]))
/** The note of one GET. */
const noteOf = (operation: object) =>
  notesOf({ paths: { '/x': { get: { operationId: 'x', ...operation } } } })['GET /x']

describe('names', () => {
  test('of methods and clients are made of whatever a contract says', () => {
    expect(
      ['listPets', 'ListPets', 'list pets', 'Pets:list', 'pets/{id}', '3d_secure', 'GET', '日本', ''].map(
        camelCase,
      ),
    ).toEqual(['listPets', 'listPets', 'listPets', 'petsList', 'petsId', '_3dSecure', 'get', '', ''])
    expect(['Pet shop API', 'pet-shop', '3D', '日本'].map(pascalCase)).toEqual([
      'PetShopApi',
      'PetShop',
      '_3d',
      '',
    ])
  })

  test('stand in groups by tags, none twice, and none that a client has itself', () => {
    const get = (operationId: string, tag?: string) => ({
      get: { operationId, ...(tag === undefined ? {} : { tags: [tag] }), responses: answers({}) },
    })
    const contract = contractOf({
      paths: {
        '/a': get('pets.list', 'pets'),
        '/b': get('list', 'pets'),
        '/c': get('then', 'pages'),
        '/d': get('d', '__proto__'),
        '/e': get('e', 'Pets'),
        '/f': get('f'),
      },
    })
    const all = clientOperations(contract).map(({ name, note }) => `${note.group}.${name} ${note.id}`)
    expect(all).toEqual([
      'pets.list pets.list',
      'pets.list_2 list',
      'pages_.then_ then',
      '__proto___.d d',
      'pets.e e',
      'api.f f',
    ])
  })
})

describe('what is known of an operation', () => {
  test('the media type of its body where that is not JSON, and how its lists are written', () => {
    const post = (content: object) =>
      notesOf({ paths: { '/x': { post: { operationId: 'x', requestBody: { content }, responses: {} } } } })[
        'POST /x'
      ]
    expect(post({ 'application/json': {} })).toEqual({ id: 'x', group: 'api' })
    expect(post({ 'text/xml': {}, 'application/vnd.x+json': {} })?.media).toBe('application/vnd.x+json')
    expect(
      post({ 'text/xml': {}, 'multipart/form-data': {}, 'application/x-www-form-urlencoded': {} })?.media,
    ).toBe('application/x-www-form-urlencoded')
    const schema = { type: 'object', properties: { expand: ids } }
    const deep = {
      'application/x-www-form-urlencoded': { schema, encoding: { expand: { style: 'deepObject' } } },
    }
    expect(post(deep)).toMatchObject({ numbered: true })
    const parameters = [
      parameter('a', { schema: ids }),
      parameter('b', { schema: ids, explode: false }),
      parameter('c', { schema: ids, explode: false, style: 'pipeDelimited' }),
      parameter('d', { schema: ids, explode: false, style: 'spaceDelimited' }),
      parameter('e', { schema: ids, style: 'deepObject' }),
      parameter('f', { explode: false }),
    ]
    expect(noteOf({ parameters, responses: {} })?.lists).toEqual({ b: ',', c: '|', d: '%20', e: '[]' })
  })

  test('that it takes a key by which it does nothing twice', () => {
    const key = { name: 'IDEMPOTENCY-KEY', in: 'header', schema: { type: 'string' } }
    expect(noteOf({ parameters: [key], responses: {} })).toMatchObject({ keyed: true })
    expect(noteOf({ parameters: [{ ...key, in: 'query' }], responses: {} })).not.toHaveProperty('keyed')
  })

  const page = { type: 'object', properties: { items: ids, next: { type: ['string', 'null'] } } }
  const offset = [parameter('limit'), parameter('offset')]
  test.each<[string, object[], object, object | undefined]>([
    [
      'by cursor',
      [parameter('cursor')],
      page,
      { kind: 'cursor', parameter: 'cursor', next: 'next', items: 'items' },
    ],
    [
      'by cursor, of what it consists of',
      [parameter('page_token')],
      {
        allOf: [
          { properties: { pets: ids } },
          { properties: { next_page_token: { anyOf: [{ type: 'string' }, { type: 'null' }] } } },
        ],
      },
      { kind: 'cursor', parameter: 'page_token', next: 'next_page_token', items: 'pets' },
    ],
    ['by offset', offset, ids, { kind: 'offset', parameter: 'offset', items: null }],
    [
      'by offset, of a member',
      offset,
      { properties: { pets: ids } },
      { kind: 'offset', parameter: 'offset', items: 'pets' },
    ],
    [
      'of two lists, the usual one',
      offset,
      { properties: { errors: ids, data: ids } },
      { kind: 'offset', parameter: 'offset', items: 'data' },
    ],
    ['of two lists nobody knows', offset, { properties: { errors: ids, pets: ids } }, undefined],
    ['without an offset', [parameter('limit')], ids, undefined],
    [
      'whose next is a number',
      [parameter('cursor')],
      { properties: { items: ids, next: { type: 'integer' } } },
      undefined,
    ],
    ['that is none', offset, { type: 'object' }, undefined],
  ])('how a list is read on: %s', (_, parameters, schema, pages) => {
    expect(noteOf({ parameters, responses: answers(schema) })?.pages).toEqual(pages)
  })
})

test('the same contract gives the same text', () => {
  const document = { paths: { '/x': { get: { operationId: 'x', responses: answers(ids) } } } }
  const emit = () => [...emitClient(contractOf(document), { command: 'c', name: 'things' })]
  expect(emit()).toEqual(emit())
  expect(emit().find(([name]) => name === 'client.ts')?.[1]).toContain('createThingsClient')
})

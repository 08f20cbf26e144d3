import { describe, expect, test } from 'vitest'
import { isStream, pathFindings, querySerializer, serializeBody } from './serialize.ts'

const form = 'application/x-www-form-urlencoded'
const body = {
  a: 'x y',
  list: [1, 2],
  inner: { deep: [{ b: true }], none: null },
  at: new Date(0),
  gone: undefined,
}

describe('a body', () => {
  test('is JSON, a form or parts of one, as its media type says', async () => {
    expect(serializeBody({ a: 1 }, 'application/vnd.x+json')).toEqual({
      body: '{"a":1}',
      type: 'application/vnd.x+json',
    })
    expect(serializeBody('text', 'application/json').body).toBe('"text"')
    expect(serializeBody('text', 'text/plain')).toEqual({ body: 'text', type: 'text/plain' })
    const at = 'at=1970-01-01T00%3A00%3A00.000Z'
    expect(serializeBody(body, form).body).toBe(
      `a=x+y&list=1&list=2&inner%5Bdeep%5D%5B0%5D%5Bb%5D=true&${at}`,
    )
    expect(serializeBody({ list: [1, 2] }, form, 'numbered').body).toBe('list%5B0%5D=1&list%5B1%5D=2')
    const parts = serializeBody(
      { file: new Uint8Array([1]), note: 'n', meta: { a: 1 }, many: ['a', 'b'] },
      'multipart/form-data',
    )
    const read = parts.body as FormData
    expect(parts.type).toBeNull()
    expect(read.getAll('many')).toEqual(['a', 'b'])
    expect((read.get('file') as Blob).size).toBe(1)
    expect((read.get('meta') as Blob).type).toBe('application/json')
    expect(read.get('note')).toBe('n')
  })

  test('that fetch knows is sent as it is', () => {
    const bytes = new Uint8Array([1, 2])
    expect(serializeBody(bytes, 'application/json')).toEqual({
      body: bytes,
      type: 'application/octet-stream',
    })
    expect(serializeBody(bytes, 'image/png')).toEqual({ body: bytes, type: 'image/png' })
    const blob = new Blob(['a'], { type: 'text/csv' })
    expect(serializeBody(blob, 'application/json')).toEqual({ body: blob, type: 'text/csv' })
    const parts = new FormData()
    expect(serializeBody(parts, 'application/json')).toEqual({ body: parts, type: null })
    expect(serializeBody(new URLSearchParams({ a: '1' }), 'application/json')).toEqual({
      body: 'a=1',
      type: form,
    })
    expect([new ReadableStream(), bytes, blob, parts, {}, null, 'a'].map(isStream)).toEqual([
      true,
      ...Array(6).fill(false),
    ])
  })
})

test('a query has lists by the contract, objects with brackets, and nothing of what is missing', () => {
  const query = { ids: ['a,b', 'c'], tags: ['x', 'y'], none: [], at: { gt: 1, in: [1, 2] }, gone: null }
  expect(decodeURIComponent(querySerializer()(query))).toBe(
    'ids=a,b&ids=c&tags=x&tags=y&at[gt]=1&at[in]=1&at[in]=2',
  )
  expect(decodeURIComponent(querySerializer({ tags: '[]' })(query))).toContain('&tags[0]=x&tags[1]=y&')
  expect(querySerializer({ ids: ',', none: ',' })(query)).toContain('ids=a%2Cb,c&tags=x')
  expect(querySerializer()(JSON.parse('{"__proto__":"a","toString":["b"]}') as object)).toBe(
    '__proto__=a&toString=b',
  )
})

test('dots that stand beside something are a value as any other', () => {
  expect(pathFindings('/files/{name}.csv', { name: '..' })).toEqual([])
  expect(pathFindings('/files/{name}', { name: '..' })).toHaveLength(1)
  expect(pathFindings('/files/{a}/{b}', { a: 0, b: false })).toEqual([])
  expect(
    pathFindings('/files/{a}/{b}', Object.create({ a: 'inherited' }) as Record<string, unknown>),
  ).toHaveLength(2)
})

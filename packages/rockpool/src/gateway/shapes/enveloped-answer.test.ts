import { runInNewContext } from 'node:vm'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { envelop } from './enveloped-answer.ts'

const json = ['Content-Type', 'application/json; charset=utf-8']
const put = (
  inner: { status?: number; headers?: string[]; body?: string | Buffer },
  callback: string | null = null,
) =>
  envelop(
    { status: inner.status ?? 200, headers: inner.headers ?? json, body: Buffer.from(inner.body ?? '') },
    { callback },
  )
const header = (headers: readonly string[], name: string) => headers[headers.indexOf(name) + 1]

describe('an answer in its envelope', () => {
  test('is 200 with status, headers and body in it', () => {
    const answer = put({ status: 422, headers: [...json, 'X-A', '1', 'x-a', '2'], body: '{"a": 1}' })!
    expect(answer.status).toBe(200)
    expect(header(answer.headers, 'Content-Type')).toBe('application/json')
    expect(header(answer.headers, 'Content-Length')).toBe(String(Buffer.byteLength(answer.body)))
    expect(header(answer.headers, 'X-Content-Type-Options')).toBe('nosniff')
    expect(header(answer.headers, 'Cache-Control')).toBe('no-store')
    expect(JSON.parse(answer.body)).toEqual({
      status: 422,
      headers: { 'content-type': ['application/json; charset=utf-8'], 'x-a': ['1', '2'] },
      body: { a: 1 },
    })
  })

  test('JSON stands in it as it came, all else as text', () => {
    expect(put({ body: '{"id":12345678901234567890}' })!.body).toContain(
      '"body":{"id":12345678901234567890}}',
    )
    expect(put({ headers: ['content-type', 'text/csv'], body: 'a,"b"' })!.body).toContain(
      '"body":"a,\\"b\\""}',
    )
    // What says that it is JSON and is not cannot break the envelope.
    expect(JSON.parse(put({ body: '{"a":1},"status":500' })!.body)).toMatchObject({ status: 200 })
    expect(put({ status: 204, headers: [] })!.body).toBe('{"status":204,"headers":{},"body":null}')
    expect(JSON.parse(put({ headers: [], body: Buffer.from([0xff, 0x41]) })!.body)).toMatchObject({
      body: 'ÿA',
    })
  })

  test('as a script it calls the function, and ends no line and no element before its end', () => {
    const answer = put({ body: '"</script>\u2028\u2029"' }, 'app.f')!
    expect(header(answer.headers, 'Content-Type')).toBe('application/javascript; charset=utf-8')
    expect(header(answer.headers, 'X-Content-Type-Options')).toBe('nosniff')
    expect(answer.body).toMatch(/^\/\*\*\/app\.f\(\{.*\}\)$/)
    expect(answer.body).not.toMatch(/<\/|\u2028|\u2029/)
    const f = (told: { body: string }) => expect(told.body).toBe('</script>\u2028\u2029')
    runInNewContext(answer.body, { app: { f } })
    expect.assertions(5)
  })

  test('what a browser has to read stays outside, and no script reads a cookie', () => {
    const headers = [
      ...json,
      'Set-Cookie',
      'a=1; HttpOnly',
      'Vary',
      'Origin',
      'Access-Control-Allow-Origin',
      'https://a.example',
    ]
    const answer = put({ headers, body: '1' })!
    expect(answer.body).not.toMatch(/HttpOnly|vary|access-control/i)
    expect(answer.headers).toEqual(
      expect.arrayContaining(['Set-Cookie', 'a=1; HttpOnly', 'Access-Control-Allow-Origin']),
    )
  })

  test('a compressed answer is undone, as far as it is known and not a bomb', () => {
    const coded = (coding: string, body: Buffer) =>
      put({ headers: [...json, 'Content-Encoding', coding], body })
    expect(coded('gzip', gzipSync('{"a":1}'))!.body).toContain('"body":{"a":1}')
    expect(coded('br', brotliCompressSync('{"a":1}'))!.body).not.toContain('content-encoding')
    expect(coded('gzip', Buffer.from('no'))).toBeUndefined()
    expect(coded('zstd', Buffer.from('x'))).toBeUndefined()
    expect(coded('gzip, br', Buffer.from('x'))).toBeUndefined()
    expect(coded('gzip', gzipSync(Buffer.alloc(2 * 1024 * 1024)))).toBeUndefined()
  })
})

import { describe, expect, test } from 'vitest'
import { bodyShapeOf, refusedShape, toJsonBody } from './body.ts'

const head = (...headers: string[]) => ({ method: 'POST', target: '/', headers })
const code = (shape: 'form' | 'octet-stream', text: string | Buffer) => {
  const shaped = toJsonBody(shape, Buffer.from(text))
  return shaped.ok ? shaped.body.toString() : shaped.problem.code
}

describe('a body that becomes JSON', () => {
  test('is one whose type says so, where the operation has the option', () => {
    const form = head('Content-Type', 'application/x-www-form-urlencoded; charset=utf-8')
    expect(bodyShapeOf(form, ['form'])).toBe('form')
    expect(bodyShapeOf(form, ['octet-stream', 'envelope'])).toBeNull()
    expect(bodyShapeOf(head('content-type', 'Application/Octet-Stream'), ['octet-stream'])).toBe(
      'octet-stream',
    )
    for (const type of ['application/json', 'multipart/form-data', 'constructor', ''])
      expect(bodyShapeOf(head('content-type', type), ['form', 'octet-stream'])).toBeNull()
    expect(bodyShapeOf(head(), ['form'])).toBeNull()
  })

  test('comes as it is: not compressed, in UTF-8', () => {
    const form = ['Content-Type', 'application/x-www-form-urlencoded']
    expect(refusedShape(head(...form))).toBeNull()
    expect(refusedShape(head(...form, 'Content-Encoding', 'identity'))).toBeNull()
    expect(refusedShape(head(...form, 'Content-Encoding', 'gzip'))?.status).toBe(415)
    expect(
      refusedShape(head('Content-Type', 'application/x-www-form-urlencoded; charset=latin1'))?.status,
    ).toBe(415)
  })

  test('that says octet-stream goes on byte for byte, or is refused', () => {
    expect(code('octet-stream', ' {"id":12345678901234567890} ')).toBe(' {"id":12345678901234567890} ')
    expect(code('octet-stream', 'PK')).toBe('unsupported_media_type')
    expect(code('octet-stream', Buffer.from([0x22, 0xff, 0x22]))).toBe('unsupported_media_type')
  })

  test.each(['{"name":"a"}', ' {"a":"b=c&d"}', '%7B%22a%22%3A1%7D', '{"a":1}=', '[1]'])(
    'JSON that says it is a form is refused, with what to say instead: %s',
    (text) => {
      const shaped = toJsonBody('form', Buffer.from(text))
      expect(shaped.ok ? '' : shaped.problem.detail).toContain('Content-Type: application/json')
    },
  )

  test('a form becomes the JSON that it means', () => {
    expect(code('form', 'a[b]=1&c=x')).toBe('{"a":{"b":"1"},"c":"x"}')
    expect(code('form', '{a}=1')).toBe('{"{a}":"1"}')
    expect(code('form', '%=1')).toBe('invalid_input')
    expect(code('form', Buffer.from([0x61, 0x3d, 0xff]))).toBe('malformed_request')
  })
})

import { describe, expect, test } from 'vitest'
import { bodiesOf } from '../../../test/support/contract-requests.ts'
import { mostParts } from './multipart.ts'

const type = 'multipart/form-data; boundary="b b"'

function part(headers: string, content: string): string {
  return `--b b\r\n${headers}\r\n\r\n${content}\r\n`
}
const field = (name: string, content: string) =>
  part(`Content-Disposition: form-data; name="${name}"`, content)
const end = '--b b--\r\n'

const schema = {
  type: 'object',
  required: ['title'],
  properties: {
    title: { type: 'string' },
    count: { type: 'integer' },
    picture: { type: 'string', format: 'binary', maxLength: 5 },
    pictures: { type: 'array', items: { type: 'string', format: 'binary' } },
    address: { type: 'object', properties: { zip: { type: 'string' } } },
  },
}
const read = bodiesOf('multipart/form-data', schema)

describe('multipart/form-data', () => {
  test('has fields with the types of the contract, and files as bytes', () => {
    const bytes = Buffer.from([0, 255, 13, 10, 45, 45])
    const body = Buffer.concat([
      Buffer.from(
        `preamble\r\n${field('title', 'two\r\nlines')}${field('count', '5')}${field('address[zip]', '007')}`,
      ),
      Buffer.from(
        '--b b  \r\ncontent-disposition: FORM-data; NAME=pictures; filename="a \\"b\\".png"\r\nContent-Type: image/png\r\n\r\n',
      ),
      bytes,
      Buffer.from(`\r\n${end}epilogue`),
    ])
    expect(read(body, type)).toMatchObject({
      findings: [],
      body: { title: 'two\r\nlines', count: 5, address: { zip: '007' }, pictures: [bytes] },
    })
  })

  test('has lists in one part where their encoding says so', () => {
    const ids = { type: 'array', items: { type: 'integer' } }
    const encoding = {
      commas: { style: 'form', explode: false },
      pipes: { style: 'pipeDelimited', explode: false },
      spaces: { style: 'spaceDelimited', explode: false },
    }
    const properties = { commas: ids, pipes: ids, spaces: ids, many: ids }
    const joined = bodiesOf('multipart/form-data', { type: 'object', properties }, { encoding })
    const parts = [
      field('commas', '1,2'),
      field('commas', '3'),
      field('pipes', '4|5'),
      field('spaces', '6 7'),
    ]
    const body = `${parts.join('')}${field('many', '8')}${field('many', '9')}${end}`
    expect(joined(body, type)).toMatchObject({
      findings: [],
      body: { commas: [1, 2, 3], pipes: [4, 5], spaces: [6, 7], many: [8, 9] },
    })
    expect(joined(field('many', '8,9') + end, type).findings).toHaveLength(1)
  })

  test('has JSON in a part that says so, and where an object is wanted', () => {
    const json = 'Content-Disposition: form-data; name="address"\r\nContent-Type: application/json'
    const wanted = { title: 'x', address: { zip: '1' } }
    expect(read(field('title', 'x') + part(json, '{"zip":"1"}') + end, type).body).toEqual(wanted)
    expect(read(field('title', 'x') + field('address', '{"zip":"1"}') + end, type).body).toEqual(wanted)
    expect(read(field('title', 'x') + field('address', '{"zip"') + end, type).findings).toMatchObject([
      {
        path: '/address',
        message: '/address: is no good JSON: expected “:”, found the end (line 1, column 7)',
      },
    ])
  })

  test('has files that are judged by their bytes', () => {
    const file = (content: string) =>
      field('title', 'x') +
      part('Content-Disposition: form-data; name="picture"; filename="a"', content) +
      end
    expect(read(file('12345'), type)).toMatchObject({ findings: [], body: { picture: Buffer.from('12345') } })
    expect(read(file('123456'), type).findings).toMatchObject([{ path: '/picture', keyword: 'maxLength' }])
  })

  test('says what is missing', () => {
    expect(read(field('count', 'x') + end, type).findings.map(({ message }) => message)).toEqual([
      'the body: must have title',
      '/count: must be a whole number',
    ])
  })

  test('ends a part only at a line that is the boundary', () => {
    const content = '\r\n--b bc\r\n--b b-\r\n --b b--'
    expect(read(field('title', content) + end, type).body).toEqual({ title: content })
  })

  test('may have names that need escapes', () => {
    const any = bodiesOf('multipart/form-data', { type: 'object' })
    expect(any(field('a%22b\\"c', '1') + field('__proto__', '2') + end, type).body).toEqual(
      JSON.parse('{"a\\"b\\"c":"1","__proto__":"2"}'),
    )
  })

  test.each([
    [
      'no boundary named',
      field('title', 'x') + end,
      'multipart/form-data',
      'Content-Type must name a boundary',
    ],
    [
      'another boundary',
      field('title', 'x') + end,
      'multipart/form-data; boundary=c',
      'does not stand in the body',
    ],
    ['no end', field('title', 'x'), type, 'the last boundary is missing'],
    ['a boundary alone', '--b b', type, 'a boundary must end its line'],
    ['no headers', '--b b\r\nx\r\n--b b--', type, 'a part must have headers'],
    ['no disposition', part('Content-Type: text/plain', 'x') + end, type, 'Content-Disposition: form-data'],
    ['no name', part('Content-Disposition: form-data', 'x') + end, type, 'must have a name'],
    ['no header', part('Content-Disposition', 'x') + end, type, 'must have a name and a value'],
    ['headers without end', part(`X: ${'x'.repeat(20_000)}`, 'x') + end, type, 'are too long'],
    [
      'base64',
      part('Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64', 'x') + end,
      type,
      'must not be encoded',
    ],
    ['too many parts', field('a', '').repeat(mostParts + 1) + end, type, `more than ${mostParts} parts`],
  ])('%s: is told', (_, body, contentType, message) => {
    const { findings, body: made } = read(body, contentType)
    expect(made).toBeUndefined()
    expect(findings).toMatchObject([{ in: 'body', path: '', keyword: 'syntax' }])
    expect(findings[0]!.message).toContain(message)
  })
})

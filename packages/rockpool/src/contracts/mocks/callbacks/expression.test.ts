import { describe, expect, test } from 'vitest'
import type { Value } from '../../requests/index.ts'
import { longest, resolveTarget } from './expression.ts'
import type { Exchange } from './types.ts'

const named = (values: Record<string, string>) => (name: string) =>
  Object.hasOwn(values, name) ? values[name] : undefined
const nothing = () => undefined

const body = {
  url: 'http://a.example/hook',
  ids: [7, 'x&y=1#z'],
  deep: { 'a/b': { '~c': true } },
  none: null,
  empty: '',
  again: '{$request.body#/url}',
  file: Buffer.from('bytes'),
} as unknown as Value

const exchange: Exchange = {
  url: 'http://127.0.0.1:8490/jobs?a=1&b=2',
  method: 'POST',
  status: 201,
  request: {
    header: (name) => named({ 'x-back': 'http://b.example' })(name.toLowerCase()),
    query: named({ back: 'http://c.example/?x=1', 'a.b': 'dots' }),
    path: named({ id: '7/8' }),
    body: () => body,
  },
  response: {
    header: (name) => named({ location: '/jobs/9' })(name.toLowerCase()),
    query: nothing,
    path: nothing,
    body: () => 'plain text',
  },
}

describe('where a callback goes to', () => {
  test.each([
    ['http://z.example/fixed', 'http://z.example/fixed'],
    ['{$request.body#/url}', 'http://a.example/hook'],
    ['$request.body#/url', 'http://a.example/hook'],
    ['{$request.query.back}', 'http://c.example/?x=1'],
    ['{$request.header.X-Back}/hook', 'http://b.example/hook'],
    ['http://z.example{$response.header.Location}', 'http://z.example/jobs/9'],
    ['http://z.example/{$request.path.id}', 'http://z.example/7/8'],
    ['http://z.example/{$request.query.a.b}', 'http://z.example/dots'],
    ['http://z.example/{$request.body#/ids/0}/{$method}/{$statusCode}', 'http://z.example/7/POST/201'],
    ['http://z.example/{$request.body#/deep/a~1b/~0c}', 'http://z.example/true'],
    [
      'http://z.example/?from={$url}',
      'http://z.example/?from=http%3A%2F%2F127.0.0.1%3A8490%2Fjobs%3Fa%3D1%26b%3D2',
    ],
    ['{$request.query.back}&y={$request.body#/ids/1}', 'http://c.example/?x=1&y=x%26y%3D1%23z'],
    ['http://z.example/?t={$response.body}', 'http://z.example/?t=plain%20text'],
  ])('%s is %s', (text, url) => {
    expect(resolveTarget(text, exchange)).toEqual({ url })
  })

  test.each([
    ['{$request.body#/missing}', '$request.body#/missing leads to nothing'],
    ['{$request.body#/none}', '$request.body#/none leads to nothing'],
    ['{$request.body#/empty}', '$request.body#/empty leads to nothing'],
    ['{$request.body#/ids}', '$request.body#/ids leads to nothing'],
    ['{$request.body#/ids/00}', '$request.body#/ids/00 leads to nothing'],
    ['{$request.body#/ids/length}', '$request.body#/ids/length leads to nothing'],
    ['{$request.body#/url/length}', '$request.body#/url/length leads to nothing'],
    ['{$request.body#/file/length}', '$request.body#/file/length leads to nothing'],
    ['{$request.body#/constructor/name}', '$request.body#/constructor/name leads to nothing'],
    [
      '{$request.body#/__proto__/constructor/name}',
      '$request.body#/__proto__/constructor/name leads to nothing',
    ],
    ['{$request.path.constructor}', '$request.path.constructor leads to nothing'],
    ['{$response.query.back}', '$response.query.back leads to nothing'],
    ['{$response.body#/url}', '$response.body#/url leads to nothing'],
    ['{$request.body}', '$request.body leads to nothing'],
    ['{request.body#/url}', '“request.body#/url” is no runtime expression'],
    ['{$request.body#url}', '“$request.body#url” is no runtime expression'],
    ['{$request.bodyguard}', '“$request.bodyguard” is no runtime expression'],
    ['{$request.query.}', '“$request.query.” is no runtime expression'],
    ['{$request.cookie.a}', '“$request.cookie.a” is no runtime expression'],
    ['http://z.example/{}', '“” is no runtime expression'],
    ['$urls', '“$urls” is no runtime expression'],
  ])('%s is told: %s', (text, reason) => {
    expect(resolveTarget(text, exchange)).toEqual({ reason })
  })

  test('a value is no expression, whatever it says', () => {
    expect(resolveTarget('http://z.example/{$request.body#/again}', exchange)).toEqual({
      url: 'http://z.example/{$request.body#/url}',
    })
  })

  test('nobody knows the address of a request that has none', () => {
    expect(resolveTarget('{$url}', { ...exchange, url: undefined })).toEqual({
      reason: '$url leads to nothing',
    })
  })

  test('texts and values that are endless are refused within a moment', () => {
    const long = 'x'.repeat(10_000_000)
    const request = { ...exchange.request, body: () => ({ long, half: 'x'.repeat(longest / 2) }) }
    const started = performance.now()
    for (const text of [
      `http://z.example/{$request.body#/long}`,
      'http://z.example/{$request.body#/half}{$request.body#/half}',
      `http://z.example/${'{$'.repeat(5_000_000)}`,
      `$request.body#/${long}`,
    ])
      expect(resolveTarget(text, { ...exchange, request })).toEqual({
        reason: expect.stringContaining('8000 characters') as string,
      })
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})

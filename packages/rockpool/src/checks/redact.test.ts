import { expect, test } from 'vitest'
import {
  isCardNumber,
  isSensitiveName,
  redactBodyText,
  redacted,
  redactHeaders,
  redactText,
  redactUrl,
  redactValue,
} from './redact.ts'

test('card numbers are found wherever they stand, and other numbers stay', () => {
  expect(redactText('card 4242424242424242, or 4000 0566-5566 5556.')).toBe(
    'card [card …4242], or [card …5556].',
  )
  expect(redactValue({ note: 'x4242424242424242', amount: 4242424242424242, at: 1767225600000 })).toEqual({
    note: 'x4242424242424242',
    amount: redacted,
    at: 1767225600000,
  })
  expect(redactText('4242424242424241 is no card, nor is 01234567890123')).toBe(
    '4242424242424241 is no card, nor is 01234567890123',
  )
  expect(isCardNumber('378282246310005')).toBe(true)
})

test('credentials, tokens and passwords in text are replaced', () => {
  const jwt = `eyJhbGciOiJFZERTQSJ9.eyJvcmciOiJoIn0.c2lnbmF0dXJl`
  const text = redactText(`rp_run_abc123 Bearer abcdef.ghi ${jwt} postgres://user:p4ss@host/db`)
  for (const secret of ['abc123', 'abcdef', 'c2lnbmF0dXJl', 'p4ss']) expect(text).not.toContain(secret)
  expect(text).toContain('rp_run_[redacted]')
})

test.each([
  'Authorization',
  'Set-Cookie',
  'x-api-key',
  'cvv',
  'card_number',
  'cardNumber',
  'number',
  'clientSecret',
  'accessToken',
  'Rockpool-Identity',
  'password',
])('%s names something that nobody should read', (name) => expect(isSensitiveName(name)).toBe(true))

test.each(['orderNumber', 'status', 'discarded', 'tokenized', 'price', 'spinning', 'cardinality'])(
  '%s does not',
  (name) => expect(isSensitiveName(name)).toBe(false),
)

test('values are replaced by name at every depth, and what is not there is not invented', () => {
  expect(
    redactValue({
      a: [{ password: 'x', token: null, secret: undefined }],
      when: new Date(0),
      raw: new Uint8Array(3),
    }),
  ).toEqual({
    a: [{ password: redacted, token: null, secret: undefined }],
    when: '1970-01-01T00:00:00.000Z',
    raw: '[3 bytes]',
  })
  const deep: Record<string, unknown> = {}
  let at = deep
  for (let i = 0; i < 100; i++) at = at['x'] = {} as Record<string, unknown>
  expect(JSON.stringify(redactValue(deep))).toContain('[too deep]')
})

test('headers, query parameters, forms and JSON in text are replaced by name', () => {
  expect(redactHeaders({ authorization: 'Basic eDp5', accept: 'text/plain' })).toEqual({
    authorization: redacted,
    accept: 'text/plain',
  })
  expect(redactUrl('http://a/b?token=abc&page=2')).toBe(`http://a/b?token=${redacted}&page=2`)
  expect(redactBodyText('user=me&password=p4ss')).toBe(`user=me&password=${redacted}`)
  expect(redactBodyText('{"password":"p4ss","n":1}')).toBe(`{"password":"${redacted}","n":1}`)
  expect(redactBodyText('{ not json, 4242424242424242')).toBe('{ not json, [card …4242]')
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readEnvelopedRequest } from './enveloped-request.ts'
import { withEnvelope } from './heads.ts'
import { membersOf } from './members.ts'

const read = (value: unknown) =>
  readEnvelopedRequest(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))
const findings = (value: unknown) => {
  const reading = read(value)
  return reading.ok ? [] : reading.findings.map(({ path, message }) => `${path}: ${message}`)
}
const request = (value: unknown) => {
  const reading = read(value)
  if (!reading.ok) throw new Error(JSON.stringify(reading.findings))
  return reading.request
}

describe('a request in a body', () => {
  test('has a method, headers and a body', () => {
    const { method, headers, body } = request({
      method: 'put',
      headers: { Accept: 'a', 'X-Many': ['1', '2'] },
      body: { name: 'x' },
    })
    expect(method).toBe('PUT')
    expect(headers).toEqual(['Accept', 'a', 'X-Many', '1', 'X-Many', '2', 'Content-Type', 'application/json'])
    expect(body?.toString()).toBe('{"name":"x"}')
    expect(request({ method: 'GET' })).toMatchObject({ headers: [], body: undefined })
    expect(request({ method: 'DELETE', body: null }).body).toBeUndefined()
  })

  test('each fault is named, all at once', () => {
    expect(findings({})).toEqual(['body.method: is missing'])
    expect(findings({ method: 7 })).toEqual(['body.method: must be a text'])
    expect(findings({ method: 'FETCH' }).join()).toContain('body.method: is none')
    expect(findings({ method: 'GET', headers: 'x' })).toEqual([
      'body.headers: must be an object of texts, or of lists of texts',
    ])
    expect(findings({ method: 1, headers: [], body: 1, more: 1 })).toHaveLength(3)
    expect(
      findings({ method: 'GET', headers: { 'a b': 'x', a: 1, b: ['\n'], c: 'ok' }, body: 1 }),
    ).toHaveLength(4)
    for (const text of ['', '[]', '"x"', '{', 'null', '{"method":"GET"}x'])
      expect(findings(text), text).toEqual(['body: must be a JSON object with method, headers and body'])
    expect(findings('{"method":"GET","method":"PUT"}')).toEqual(['body.method: is there twice'])
  })

  test('is bounded', () => {
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`x-${at}`, '1']))
    expect(findings({ method: 'GET', headers: many }).join()).toContain('are too many')
    expect(findings({ method: 'GET', headers: { x: 'y'.repeat(17_000) } }).join()).toContain('are too large')
    const unknown = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`x-${at}`, 1]))
    expect(findings(unknown).length).toBeLessThan(30)
  })

  test('sets nothing that says who asks, from which page, or how the message is framed', () => {
    const names = [
      'Authorization',
      'Cookie',
      'Origin',
      'Referer',
      'Sec-Fetch-Site',
      'Host',
      'Content-Length',
      'Transfer-Encoding',
      'Connection',
      'Upgrade',
      'Expect',
      'Proxy-Authorization',
      'X-Forwarded-For',
      'Forwarded',
      'TE',
      'Content-Encoding',
    ]
    const given = Object.fromEntries(names.map((name) => [name, 'forged']))
    expect(request({ method: 'GET', headers: { ...given, 'x-kept': '1' } }).headers).toEqual(['x-kept', '1'])
  })

  test('marks of ours in it are taken out and counted', () => {
    const { headers, reserved, ...rest } = request({
      method: 'GET',
      headers: { 'Rockpool-Identity': ['a', 'b'], rockpool_credential: 'c' },
    })
    expect({ headers, reserved }).toEqual({ headers: [], reserved: 3 })
    const outer = { method: 'POST', target: '/', remote: '', encrypted: false, headers: ['Accept', 'x'] }
    const { headers: all } = withEnvelope(outer, { headers, reserved, ...rest })
    expect(all.filter((name) => /^rockpool-/i.test(name))).toHaveLength(3)
    expect(all.join()).not.toMatch(/identity|credential/i)
  })

  test('what it names counts instead of what the outer head says; of the outer body nothing is left', () => {
    const headers = [
      'Host',
      'h',
      'Authorization',
      'Bearer k',
      'Content-Type',
      'text/plain',
      'Content-Length',
      '9',
      'accept',
      'a',
      'Trace',
      't',
    ]
    const outer = { method: 'POST', target: '/', remote: '', encrypted: false, headers }
    const inner = withEnvelope(outer, request({ method: 'PUT', headers: { Accept: 'b' }, body: [1] }))
    expect(inner.method).toBe('PUT')
    expect(inner.headers).toEqual([
      'Host',
      'h',
      'Authorization',
      'Bearer k',
      'Trace',
      't',
      'Accept',
      'b',
      'Content-Type',
      'application/json',
    ])
    expect(
      withEnvelope(outer, request({ method: 'GET', headers: { 'Content-Type': 'x' } })).headers,
    ).not.toContain('x')
  })

  test('numbers of many digits stay what they are; a text of a type of its own is sent as it is', () => {
    expect(request('{"method":"POST","body":{"id":12345678901234567890}}').body?.toString()).toBe(
      '{"id":12345678901234567890}',
    )
    expect(
      request({ method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'a,b' }).body?.toString(),
    ).toBe('a,b')
    expect(request({ method: 'POST', body: 'a,b' }).body?.toString()).toBe('"a,b"')
  })
})

test('the members of an object are found with their text, whatever stands in them', () => {
  const spaced = fc.tuple(
    fc.dictionary(
      fc.string().filter((name) => name !== '__proto__'),
      fc.jsonValue(),
    ),
    fc.constantFrom(0, 1, '\t'),
  )
  fc.assert(
    fc.property(spaced, ([object, space]) => {
      const text = JSON.stringify(object, null, space)
      const members = membersOf(text)
      expect(members.map(({ name }) => name)).toEqual(Object.keys(object))
      for (const { name, text: value } of members)
        expect(JSON.stringify(JSON.parse(value))).toBe(JSON.stringify(object[name]))
    }),
    { numRuns: 200 },
  )
})

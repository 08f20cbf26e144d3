import { describe, expect, test } from 'vitest'
import type { Shape } from '../../kernel/index.ts'
import { createRouter } from '../router.ts'
import { readAsked } from './asked.ts'
import { mayAsk } from './query.ts'

const route = (method: string, path: string, shapes?: Shape[]) => ({
  method,
  path,
  operationId: `${method}${path}`,
  anonymous: false,
  ...(shapes ? { shapes } : {}),
})
const { router } = createRouter([
  {
    name: 'catalog',
    routes: [
      route('GET', '/{organization}/items', ['envelope', 'jsonp', 'method']),
      route('PUT', '/{organization}/items', ['envelope', 'method']),
      route('DELETE', '/{organization}/items'),
      route('GET', '/{organization}/plain'),
      route('POST', '/{organization}/writes', ['envelope']),
    ],
  },
])

function asked(target: string, method = 'GET', headers: string[] = []) {
  return readAsked(router, { method, target, headers })
}
const told = (target: string, method = 'GET') =>
  asked(target, method)?.findings.map(({ path, message }) => `${path}: ${message}`)

describe('what the query asks for', () => {
  test('is looked for where one of its parameters stands, and nowhere else', () => {
    expect(mayAsk('/box/items')).toBe(false)
    expect(mayAsk('/box/envelope=response')).toBe(false)
    expect(mayAsk('/box/items?a=1&method=PUT')).toBe(true)
    expect(asked('/box/items?limit=1')).toBeNull()
  })

  test('is the service’s own where no operation of the path has the option', () => {
    for (const query of ['envelope=response', 'callback=f', 'method=PUT', 'envelope=nonsense'])
      expect(asked(`/box/plain?${query}`), query).toBeNull()
    expect(asked('/nobody/knows/this?envelope=response')).toBeNull()
  })

  test('is taken out of the query, and what else stands there goes on as it was', () => {
    const { target, envelope } = asked('/box/items?a=%20b&envelope=response&c&d=+')!
    expect(target).toBe('/box/items?a=%20b&c&d=+')
    expect(envelope).toEqual({ callback: null })
    expect(asked('/box/items?envelope=response')!.target).toBe('/box/items')
  })

  test('an unknown value of envelope is refused with the two that are', () => {
    expect(told('/box/items?envelope=both')).toEqual([
      'query.envelope: is not known: write envelope=request or envelope=response',
    ])
  })

  test('callback makes a script of the envelope, by a name and by nothing else', () => {
    expect(asked('/box/items?callback=app.on_items')!.envelope).toEqual({ callback: 'app.on_items' })
    for (const name of ['', 'a-b', 'alert(1)//', 'a%0Ab', '%C3%BC', 'x'.repeat(101)])
      expect(told(`/box/items?callback=${name}`)?.join(), name).toContain('query.callback: is the name')
    expect(asked('/box/items?callback=f', 'PUT')).toBeNull()
    expect(told('/box/items?callback=a&callback=b')).toHaveLength(1)
  })

  test('method counts for GET and POST, where the operation that is meant has the option', () => {
    expect(asked('/box/items?method=PUT')).toMatchObject({ method: 'PUT', target: '/box/items' })
    expect(asked('/box/items?method=put', 'POST')!.method).toBe('PUT')
    // DELETE has it not: the parameter is the service's.
    expect(asked('/box/items?method=DELETE')).toBeNull()
    expect(asked('/box/items?method=PUT', 'DELETE')).toBeNull()
    // What the path does not have is told by the decision, as of any method.
    expect(asked('/box/items?method=PATCH')!.method).toBe('PATCH')
    expect(told('/box/items?method=FETCH')?.join()).toContain('query.method: is none')
  })

  test('envelope=request is for POST, whatever methods the path has', () => {
    const { inBody, envelope } = asked('/box/items?envelope=request', 'POST')!
    expect(inBody).toEqual(['GET', 'PUT'])
    expect(envelope).toBeNull()
    expect(asked('/box/items?envelope=request&envelope=response', 'POST')!.envelope).toEqual({
      callback: null,
    })
    expect(asked('/box/items?envelope=request&callback=f', 'POST')!.envelope).toEqual({ callback: 'f' })
    expect(told('/box/items?envelope=request')?.join()).toContain('request is for POST')
    expect(told('/box/items?envelope=request&method=PUT', 'POST')?.join()).toContain('named in the body')
  })

  test('all that is wrong is told at once', () => {
    expect(told('/box/items?envelope=no&callback=-&method=X')).toHaveLength(3)
  })

  test.each([
    ['a cookie', ['Cookie', 'a=1']],
    ['Basic', ['authorization', 'bAsic eA==']],
    ['Digest', ['Authorization', 'Digest username="x"']],
    ['Negotiate', ['Authorization', ' negotiate YII=']],
    ['NTLM', ['Authorization', 'NTLM TlRM']],
  ])('callback and method beside %s are marked, an envelope is not', (what, headers) => {
    expect(asked('/box/items?callback=f', 'GET', headers)!.sentAlong).toBe(what)
    expect(asked('/box/items?method=PUT', 'POST', headers)!.sentAlong).toBe(what)
    expect(asked('/box/items?envelope=response', 'GET', headers)!.sentAlong).toBeNull()
    expect(asked('/box/items?callback=f', 'GET', ['Authorization', 'Bearer x'])!.sentAlong).toBeNull()
  })
})

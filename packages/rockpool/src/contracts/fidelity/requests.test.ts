import { describe, expect, test } from 'vitest'
import { contractOf } from '../../../test/support/contracts.ts'
import { createSampler } from '../samples/index.ts'
import { createValidator } from '../validation/index.ts'
import { planSteps } from './plan.ts'
import { createRequestMaker } from './requests.ts'
import type { FidelityRequest, Given } from './types.ts'

/** The request of the one operation that a path has, or why there is none. */
function made(
  operation: object,
  options: { path?: string; method?: string; given?: Given } = {},
): FidelityRequest | string {
  const { path = '/things', method = 'post', given = {} } = options
  const contract = contractOf({
    paths: {
      [path]: { [method]: { operationId: 'it', responses: { '200': { description: '' } }, ...operation } },
    },
  })
  const validator = createValidator(contract, { direction: 'request' })
  const maker = createRequestMaker(contract, createSampler(contract, { validator }))
  const step = planSteps(contract)[0]!
  try {
    return maker.make(step, { ids: new Map(), organization: 'sandbox-7', given })
  } catch (error) {
    return (error as Error).message
  }
}

const parameter = (schema: object, more: object = {}) => ({
  parameters: [{ name: 'p', in: 'query', required: true, schema, ...more }],
})
const list = { type: 'array', items: { const: 'a' }, minItems: 2, maxItems: 2 }
const pair = { type: 'object', required: ['x'], properties: { x: { const: 1 } }, additionalProperties: false }

describe('parameters', () => {
  test.each([
    ['a value', {}, { const: 7 }, { p: ['7'] }],
    ['a list', {}, list, { p: ['a', 'a'] }],
    ['a list in one', { explode: false }, list, { p: ['a,a'] }],
    ['a list between spaces', { style: 'spaceDelimited', explode: false }, list, { p: ['a a'] }],
    ['a list between bars', { style: 'pipeDelimited', explode: false }, list, { p: ['a|a'] }],
    ['an object', {}, pair, { x: ['1'] }],
    ['an object in one', { explode: false }, pair, { p: ['x,1'] }],
    ['a deep object', { style: 'deepObject' }, pair, { 'p[x]': ['1'] }],
  ])('%s is written in a query as its style says', (_, more, schema, query) => {
    expect(made(parameter(schema, more))).toMatchObject({ query, isMadeUp: true })
  })

  test('JSON is written as such; headers and cookies stand in headers', () => {
    const json = { schema: undefined, content: { 'application/json': { schema: pair } } }
    expect(made(parameter({}, json))).toMatchObject({ query: { p: ['{"x":1}'] } })
    expect(made(parameter({ const: 7 }, { name: 'X-P', in: 'header' }))).toMatchObject({
      headers: { 'x-p': '7' },
    })
    expect(made(parameter({ const: 7 }, { in: 'cookie' }))).toMatchObject({ headers: { cookie: 'p=7' } })
  })

  test('what is not required is left out, and nothing is made up by it', () => {
    expect(made(parameter({ const: 7 }, { required: false }))).toMatchObject({ query: {}, isMadeUp: false })
  })

  test('what nobody can write is not made, and says why', () => {
    const nested = { type: 'object', required: ['x'], properties: { x: pair } }
    expect(made(parameter(nested))).toBe('its parameter p is nested, and nothing says how that is written')
    expect(made(parameter({ const: 'ä' }, { in: 'header' }))).toBe(
      'its header p has characters that no header has',
    )
    expect(made(parameter({ type: 'string', minLength: 3, maxLength: 2 }))).toMatch(
      /^its parameter p cannot be made up: /,
    )
  })
})

describe('paths', () => {
  const inPath = (schema: object, more: object = {}) =>
    made(
      { parameters: [{ name: 'p', in: 'path', required: true, schema, ...more }] },
      { path: '/things/{p}', method: 'get' },
    )

  test('one of few values, or an example, may lead to something; another text leads to nothing', () => {
    expect(inPath({ enum: ['de'] })).toMatchObject({ path: { p: 'de' }, hasMadeUpPath: true })
    expect(inPath({ type: 'string' }, { example: 'fr' })).toMatchObject({
      path: { p: 'fr' },
      hasMadeUpPath: true,
    })
    expect(inPath({ type: 'string' })).toBe('nothing in the contract says which p there is')
    expect(inPath({ enum: ['de'] }, { style: 'matrix' })).toBe(
      'its parameter p is written in the style matrix',
    )
  })
})

describe('bodies', () => {
  const body = (content: object) => ({ requestBody: { required: true, content } })
  const form = (schema: object, encoding: object = {}) =>
    body({ 'application/x-www-form-urlencoded': { schema, encoding } })
  const fields = (properties: object) => ({
    type: 'object',
    required: Object.keys(properties),
    properties,
    additionalProperties: false,
  })

  test('JSON comes before forms, and those before texts; other media types are not made up', () => {
    const all = {
      'text/plain': { schema: { const: 't' } },
      'application/x-www-form-urlencoded': { schema: pair },
      'application/vnd.x+json': { schema: pair },
    }
    expect(made(body(all))).toMatchObject({
      headers: { 'content-type': 'application/vnd.x+json' },
      body: '{"x":1}',
    })
    expect(made(form(pair))).toMatchObject({ body: 'x=1' })
    expect(made(body({ 'text/plain': { schema: { const: 't' } } }))).toMatchObject({ body: 't' })
    expect(made(body({ 'image/png': {} }))).toBe('it takes image/png alone')
    expect(
      made({ requestBody: { content: { 'application/json': {} }, required: true } }, { method: 'get' }),
    ).toBe('a body is never sent with GET')
  })

  test('a form repeats the name of a list, or joins it where the contract says so', () => {
    expect(made(form(fields({ l: list })))).toMatchObject({ body: 'l=a&l=a' })
    const joined = (encoding: object) => made(form(fields({ l: list }), { l: encoding }))
    expect(joined({ style: 'form', explode: true })).toMatchObject({ body: 'l=a&l=a' })
    expect(joined({ explode: false })).toMatchObject({ body: 'l=a,a' })
    expect(joined({ style: 'pipeDelimited' })).toMatchObject({ body: 'l=a%7Ca' })
    expect(joined({ style: 'spaceDelimited', explode: false })).toMatchObject({ body: 'l=a+a' })
    const comma = { ...list, items: { const: 'a,' } }
    expect(made(form(fields({ l: comma }), { l: { explode: false } }))).toMatchObject({ body: 'l=a%2C,a%2C' })
  })

  test('what is nested in a form is written where the contract says how', () => {
    const deep = { l: { style: 'deepObject', explode: true } }
    expect(made(form(fields({ l: fields({ a: list }) }), deep))).toMatchObject({
      body: 'l%5Ba%5D%5B0%5D=a&l%5Ba%5D%5B1%5D=a',
    })
    expect(made(form(fields({ l: pair })))).toMatch(/^the field l of its form is nested/)
  })

  test('what an author gives stands in the place of what is made up; all that he gives is his', () => {
    const json = body({ 'application/json': { schema: fields({ a: { const: 1 }, b: { const: 2 } }) } })
    expect(made(json, { given: { body: { b: 3 } } })).toMatchObject({ body: '{"a":1,"b":3}', isMadeUp: true })
    expect(made(json, { given: { body: [] } })).toMatchObject({ body: '[]', isMadeUp: false })
    const query = parameter({ const: 7 })
    expect(made(query, { given: { query: { p: [1, 2], q: undefined } } })).toMatchObject({
      query: { p: ['1', '2'] },
      isMadeUp: false,
    })
    const header = parameter({ const: 7 }, { name: 'X-P', in: 'header' })
    expect(made(header, { given: { headers: { 'x-p': '8' } } })).toMatchObject({
      headers: { 'x-p': '8' },
      isMadeUp: false,
    })
  })
})

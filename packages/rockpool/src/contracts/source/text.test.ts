import { expect, test } from 'vitest'
import fc from 'fast-check'
import type { Json, JsonObject } from '../types.ts'
import { originOf, originOfMember, textAt } from './origins.ts'
import { readText } from './text.ts'

const said = (text: string, name = 'a.json') =>
  readText(text, name).findings.map(({ message, line }) => `${line}: ${message}`)

test('whatever JSON is, it is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      expect(readText(text, 'a.json')).toEqual({ value: JSON.parse(text) as Json, findings: [] })
    }),
    { numRuns: 500 },
  )
})

test('escapes, a byte order mark, and numbers of every form', () => {
  const text = '\uFEFF{"a": "\\u00e9\\n\\"\\\\/\\/", "b": [0, -1, 1.5, 2e3, -0.1E-2], "": null}'
  expect(readText(text, 'a.json').value).toEqual(JSON.parse(text.slice(1)))
})

test.each([
  ['{"a": 1, "a": 2}', '1: “a” stands here twice'],
  ['{"a": 1,\n "b": tru}', '2: expected a value, found “t”'],
  ['{"a": 1', '1: expected “,” or “}”, found the end'],
  ['[1 2]', '1: expected “,” or “]”, found “2”'],
  ['{"a" 1}', '1: expected “:”, found “1”'],
  ['{"a": "\\x"}', '1: “\\x” is no escape of JSON'],
  ['{"a": "b\nc"}', '1: a text in quotes ends at its line, and has no control characters'],
  ['{"a": 1} x', '1: expected the end, found “x”'],
  ['{"a": 1,\n "b": -1e999}', '2: a number is out of the range of double precision'],
  ['{"a": 01}', '1: expected “,” or “}”, found “1”'],
])('%s is refused: %s', (text, message) => {
  expect(said(text)).toEqual([message])
})

test('each member knows its line and its pointer', () => {
  const root = readText('{\n  "paths": {\n    "/a~b": { "get": [1,\n {"x": 2}] }\n  }\n}', 'dir/a.json')
    .value as JsonObject
  const list = ((root['paths'] as JsonObject)['/a~b'] as JsonObject)['get'] as Json[]
  expect(originOf(list)).toEqual({ file: 'dir/a.json', line: 3, pointer: '/paths/~1a~0b/get' })
  expect(originOf(list[1] as JsonObject)).toEqual({
    file: 'dir/a.json',
    line: 4,
    pointer: '/paths/~1a~0b/get/1',
  })
  expect(originOfMember(list[1] as JsonObject, 'x')).toEqual({
    file: 'dir/a.json',
    line: 4,
    pointer: '/paths/~1a~0b/get/1/x',
  })
  expect(originOfMember(root, 'absent')?.line).toBe(1)
})

test('YAML is read as JSON would be, and knows its lines', () => {
  const text =
    'openapi: 3.1.0\npaths:\n  /a:\n    get:\n      responses:\n        200: {description: yes}\n        4XX: &r\n          description: "no"\n        500: *r\n'
  const { value, findings } = readText(text, 'a.yaml')
  expect(findings).toEqual([])
  const get = (((value as JsonObject)['paths'] as JsonObject)['/a'] as JsonObject)['get'] as JsonObject
  expect(get).toEqual({
    responses: { '200': { description: 'yes' }, '4XX': { description: 'no' }, '500': { description: 'no' } },
  })
  expect(originOfMember(get['responses'] as JsonObject, '4XX')?.line).toBe(7)
})

test('YAML: what is merged counts less than what stands there', () => {
  const { value } = readText('base: &b {a: 1, b: 2}\nthing:\n  <<: *b\n  b: 3\n', 'a.yaml')
  expect((value as JsonObject)['thing']).toEqual({ b: 3, a: 1 })
})

test.each([
  ['a: 1\na: 2\n', '2: “a” stands here twice'],
  ['a: &x\n  b: *x\n', '2: *x stands within itself'],
  ['a: *y\n', /1: .*y/],
  ['a: [1\n', /^2: /],
  ['a: .inf\n', '1: is a number that JSON does not have'],
])('YAML %j is refused', (text, message) => {
  const [first] = said(text, 'a.yaml')
  if (typeof message === 'string') expect(first).toBe(message)
  else expect(first).toMatch(message)
})

test('a flow map of YAML that begins as JSON does is YAML, unless the file says that it is JSON', () => {
  expect(readText('{a: 1, b: [x]}', 'a.yaml')).toEqual({ value: { a: 1, b: ['x'] }, findings: [] })
  expect(said('{a: 1}', 'a.json')).toEqual(['1: expected a name in quotes, found “a”'])
})

test('__proto__ and constructor are names like others', () => {
  for (const name of ['a.json', 'a.yaml']) {
    const { value } = readText('{"__proto__": {"x": 1}, "constructor": 2}', name)
    expect(Object.keys(value as JsonObject)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(({} as JsonObject)['x']).toBeUndefined()
  }
})

test.each(['a.json', 'a.yaml'])('%s nested 10,000 deep is refused, and nothing runs out of stack', (name) => {
  const [first] = said(`${'['.repeat(10_000)}${']'.repeat(10_000)}`, name)
  expect(first).toMatch(/nested deeper than 256 levels|too deep/i)
})

test('aliases that stand for millions of values, or for endless depth, are refused', () => {
  const laughs = Array.from({ length: 12 }, (_, level) =>
    level === 0
      ? 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
      : `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
  )
  expect(said(`${laughs.join('\n')}\n`, 'a.yaml')[0]).toMatch(/aliases stand for more than 1000000 values/)
  const chain = Array.from({ length: 1_000 }, (_, level) =>
    level === 0 ? 'a0: &a0 [x]' : `a${level}: &a${level} [*a${level - 1}]`,
  )
  expect(said(`${chain.join('\n')}\n`, 'a.yaml')[0]).toMatch(/nested deeper than 256 levels/)
})

test.each(['a.json', 'a.yaml'])('%s: of ten thousand faults a thousand are told', (name) => {
  expect(said(`{${Array(10_000).fill('"a": 1').join(', ')}}`, name)).toHaveLength(1_000)
})

test('what is too large is refused before it is read', () => {
  const started = performance.now()
  expect(said(`["${'x'.repeat(33 * 1024 * 1024)}"]`)).toEqual(['1: it is larger than 32 MB'])
  expect(performance.now() - started).toBeLessThan(2_000)
})

test.each([
  ['a.json', '{"a": 1.10, "b": [1.0, 2], "c": true}'],
  ['a.yaml', 'a: 1.10\nb: [1.0, 2]\nc: true'],
])('%s: numbers tell how they were written', (name, text) => {
  const root = readText(text, name).value as JsonObject
  const list = root['b'] as Json[]
  expect(root).toEqual({ a: 1.1, b: [1, 2], c: true })
  expect(textAt(root, 'a', root['a'])).toBe('1.10')
  expect(textAt(root, 'c', root['c'])).toBe('true')
  expect(list.map((value, index) => textAt(list, index, value))).toEqual(['1.0', '2'])
})

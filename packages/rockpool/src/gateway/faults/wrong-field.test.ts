import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WrongField } from './types.ts'
import { changeField, changeFields } from './wrong-field.ts'

const changed = (text: string, field: WrongField) => {
  const result = changeField(text, field)
  return typeof result === 'string' ? result : result.text
}

describe('a field of a JSON text', () => {
  test.each<[string, string, string, unknown, string]>([
    ['of an object', '{"price": 12, "name": "x"}', '/price', 13, '{"price": 13, "name": "x"}'],
    ['deep', '{"a":{"b":[{"c":1},{"c":2}]}}', '/a/b/1/c', null, '{"a":{"b":[{"c":1},{"c":null}]}}'],
    ['a whole object', '{"a":{"b":[1,2]},"c":3}', '/a', 'x', '{"a":"x","c":3}'],
    ['in a list', ' [ 1 , 2 , 3 ] ', '/1', { x: 1 }, ' [ 1 , {"x":1} , 3 ] '],
    ['with strange names', '{"a/b":{"m~n":{"":1}}}', '/a~1b/m~0n/', 2, '{"a/b":{"m~n":{"":2}}}'],
    ['escaped in the text', '{"\\u0061\\"":1}', '/a"', 2, '{"\\u0061\\"":2}'],
    ['beside brackets in strings', '{"a":"}],\\\\","b":1}', '/b', 2, '{"a":"}],\\\\","b":2}'],
    // Of two, readers see the last (RFC 8259 section 4).
    ['that stands twice', '{"a":1,"a":2}', '/a', 3, '{"a":1,"a":3}'],
  ])('becomes another: %s', (_, text, pointer, value, expected) => {
    expect(changed(text, { pointer, value })).toBe(expected)
  })

  test.each<[string, string, string, string]>([
    ['the first', '{"a":1, "b":2}', '/a', '{ "b":2}'],
    ['the last', '{"a":1, "b":2}', '/b', '{"a":1}'],
    ['the middle', '[1,2,3]', '/1', '[1,3]'],
    ['the only one', '{ "a": [ 1 ] }', '/a/0', '{ "a": [  ] }'],
    ['every one of its name', '{"a":1,"a":2,"b":3,"a":4}', '/a', '{"b":3}'],
  ])('is left out: %s', (_, text, pointer, expected) => {
    expect(changed(text, { pointer, drop: true })).toBe(expected)
    expect(() => JSON.parse(expected)).not.toThrow()
  })

  test.each<[string, string, string, string]>([
    ['no such name', '{"a":1}', '/b', 'no_such_field'],
    ['no such item', '[1]', '/1', 'no_such_field'],
    ['an index with a zero before it', '[1,2]', '/01', 'no_such_field'],
    ['the end of a list', '[1]', '/-', 'no_such_field'],
    ['below a number', '{"a":1}', '/a/b', 'no_such_field'],
    ['below a string', '{"a":"{\\"b\\":1}"}', '/a/b', 'no_such_field'],
    ['a name of every object', '{"a":1}', '/__proto__', 'no_such_field'],
    ['no JSON', '{"a":1', '/a', 'not_json'],
    ['nothing', '', '/a', 'not_json'],
    ['a byte order mark', '\ufeff{"a":1}', '/a', 'not_json'],
  ])('is not there: %s', (_, text, pointer, expected) => {
    expect(changed(text, { pointer, value: 0 })).toBe(expected)
    expect(changed(text, { pointer, drop: true })).toBe(expected)
    expect(changeFields(text, [{ pointer, value: 0 }])).toEqual({ text, missed: expected })
  })

  test('alone is changed: numbers that JavaScript cannot hold, and every space, stay as they were', () => {
    const text = '{"id": 123456789012345678901234567890, "sum":1.10,\r\n\t"price" : 5e0}'
    expect(changed(text, { pointer: '/price', value: -1 })).toBe(text.replace('5e0', '-1'))
  })

  test('one after the other, each on what the one before left', () => {
    const fields: WrongField[] = [
      { pointer: '/0', drop: true },
      { pointer: '/0', value: 9 },
    ]
    expect(changeFields('[1,2,3]', fields)).toEqual({ text: '[9,3]', missed: null })
  })

  test('deep nesting costs no stack', () => {
    const depth = 100_000
    const text = `{"a":${'['.repeat(depth)}${']'.repeat(depth)},"b":1}`
    expect(changed(text, { pointer: '/b', value: 2 }).endsWith(',"b":2}')).toBe(true)
  })

  test('as JavaScript itself would change it, in any text', () => {
    // Not `"` and `\` together: V8 of Node 24 takes the one for the other where it has seen it in an object before.
    const key = fc.constantFrom('a', 'b', 'a/b', '~', '', '0', '1', '"', '\u00e9', '}')
    const tree = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.jsonValue({ maxDepth: 0 }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    })).value
    const pointer = fc.array(key, { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(tree, pointer, fc.boolean(), fc.constantFrom(0, 1, 2), (value, path, drop, indent) => {
        const text = JSON.stringify(value, null, indent)
        const at = path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
        const result = changeField(text, drop ? { pointer: at, drop } : { pointer: at, value: 'X' })
        expect(typeof result === 'string' ? result : JSON.parse(result.text)).toEqual(
          byHand(JSON.parse(text), path, drop),
        )
      }),
      { numRuns: 500 },
    )
  })
})

function byHand(value: unknown, path: readonly string[], drop: boolean): unknown {
  const parents = path.slice(0, -1)
  const name = path.at(-1)!
  const has = (node: unknown, key: string) =>
    typeof node === 'object' &&
    node !== null &&
    Object.hasOwn(node, key) &&
    (!Array.isArray(node) || /^(0|[1-9]\d*)$/.test(key))
  let node: unknown = value
  for (const key of parents) {
    if (!has(node, key)) return 'no_such_field'
    node = (node as Record<string, unknown>)[key]
  }
  if (!has(node, name)) return 'no_such_field'
  if (!drop) (node as Record<string, unknown>)[name] = 'X'
  else if (Array.isArray(node)) node.splice(Number(name), 1)
  else delete (node as Record<string, unknown>)[name]
  return value
}

import { describe, expect, test } from 'vitest'
import type { Schema, SchemaObject } from '../types.ts'
import { createValidator } from './index.ts'

const to = (name: string): SchemaObject => ({ $ref: `#/components/schemas/${name}` })
const validator = (schemas: Record<string, Schema>) =>
  createValidator({ schemas: new Map(Object.entries(schemas)) })

/** `{ next: { next: … } }` around something. */
function chain(levels: number, end: unknown): unknown {
  let value = end
  for (let level = 0; level < levels; level++) value = { next: value }
  return value
}

/** Gives what it gave, if it ended: what is wrong here takes minutes, or years. */
function inTime<T>(run: () => T): T {
  const start = performance.now()
  const result = run()
  expect(performance.now() - start).toBeLessThan(10_000)
  return result
}

describe('a value', () => {
  test('that is nested deep is refused, and nothing is thrown', () => {
    const { validate, isValid } = validator({ Node: { properties: { next: to('Node') } } })
    expect(validate(to('Node'), chain(300, {}))).toEqual([])
    const [violation, ...others] = validate(to('Node'), chain(100_000, {}))
    expect(violation).toMatchObject({ keyword: 'depth' })
    expect(violation?.message).toContain('is nested too deep to be judged: more than 800 schemas')
    expect(others).toEqual([])
    expect(isValid(to('Node'), chain(100_000, {}))).toBe(false)
  })

  test('that contains itself is refused', () => {
    const { validate } = validator({ Node: { properties: { next: to('Node') } } })
    const circle: Record<string, unknown> = {}
    circle['next'] = circle
    expect(validate(to('Node'), circle)).toMatchObject([{ keyword: 'depth' }])
    expect(validate({ uniqueItems: true }, [circle])).toMatchObject([{ keyword: 'depth' }])
  })

  test('is refused though the negation of what is too deep would hold', () => {
    const { isValid } = validator({ Node: { properties: { next: to('Node') } } })
    expect(isValid({ not: to('Node') }, chain(100_000, {}))).toBe(false)
  })

  test('has at most 100 violations, and names of bounded length in them', () => {
    const { validate } = validator({})
    expect(
      validate(
        { items: { type: 'string' } },
        Array.from({ length: 100_000 }, () => 1),
      ),
    ).toHaveLength(100)
    const sevenEach: Schema = { items: { anyOf: [{ required: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }] } }
    expect(
      validate(
        sevenEach,
        Array.from({ length: 50 }, () => ({})),
      ),
    ).toHaveLength(100)
    const [violation] = validate({ additionalProperties: false }, { ['x'.repeat(1_000_000)]: 1 })
    expect(violation?.message.length).toBeLessThan(300)
  })

  test('with twenty thousand items is known to be without twins at once', () => {
    const { isValid } = validator({})
    const items = Array.from({ length: 20_000 }, (_, id) => ({ id, tags: ['a'] }))
    expect(inTime(() => isValid({ uniqueItems: true }, items))).toBe(true)
    expect(isValid({ uniqueItems: true }, [...items, { tags: ['a'], id: 5 }])).toBe(false)
  })

  test('with many texts for a pattern that explodes is judged in time', () => {
    const { isValid } = validator({})
    const texts = Array.from({ length: 1000 }, () => `${'a'.repeat(50)}!`)
    expect(inTime(() => isValid({ items: { pattern: '^(a+)+$' } }, texts))).toBe(false)
  })
})

describe('schemas', () => {
  test('that lead back to themselves without a value between refuse it', () => {
    const { validate } = validator({ A: { allOf: [to('B'), to('B')] }, B: { anyOf: [to('A'), to('A')] } })
    expect(inTime(() => validate(to('A'), 1))).toMatchObject([{ keyword: 'depth' }])
    expect(validate({ unevaluatedProperties: false, ...to('A') }, {})).toMatchObject([{ keyword: 'depth' }])
  })

  test('that double at each level end', () => {
    const schemas: Record<string, Schema> = { A0: { type: 'string' } }
    for (let level = 1; level < 60; level++)
      schemas[`A${level}`] = { allOf: [to(`A${level - 1}`), to(`A${level - 1}`)] }
    const { validate } = validator(schemas)
    expect(inTime(() => validate(to('A59'), 'x'))).toMatchObject([{ keyword: 'effort' }])
    // What is known to be wrong is told, though not all of it is.
    const both = { allOf: [{ minLength: 2 }, to('A59')] }
    expect(inTime(() => validate(both, 'x'))).toMatchObject([{ keyword: 'minLength' }])
  })

  test('that go through a long list again and again end', () => {
    const same: Schema = { items: { type: 'integer' } }
    const schema: Schema = { allOf: Array.from({ length: 1000 }, () => ({ ...same })) }
    const list = Array.from({ length: 1_000_000 }, () => 1)
    expect(inTime(() => validator({}).validate(schema, list))).toMatchObject([{ keyword: 'effort' }])
    expect(validator({}).validate(same, list)).toEqual([])
  })

  test('may cost less, where others wait meanwhile', () => {
    const schema: Schema = { allOf: Array.from({ length: 10 }, () => ({ items: { type: 'integer' } })) }
    const list = Array.from({ length: 1_000_000 }, () => 1)
    expect(createValidator({ schemas: new Map() }, {}).isValid(schema, list)).toBe(true)
    const { validate } = createValidator({ schemas: new Map() }, { effort: 0.1 })
    expect(validate(schema, list)).toMatchObject([{ keyword: 'effort' }])
  })

  const branches: SchemaObject = {
    oneOf: [
      { type: 'number' },
      ...['a', 'b', 'c', 'd'].map((name) => ({
        properties: { next: to('Either'), [name]: true },
        required: ['next'],
        additionalProperties: false,
      })),
    ],
  }

  test('whose branches all lead on are explained, and in time', () => {
    const { validate } = validator({ Either: branches })
    const violations = inTime(() => validate(to('Either'), chain(20, { bad: 1 })))
    expect(violations[0]?.pointer).toMatch(/^(?:\/next){20}/)
  })

  test('that ask what nobody has looked at are judged at every level, and in time', () => {
    const open: SchemaObject = { anyOf: [{ properties: { next: to('Open') } }], unevaluatedProperties: false }
    const { validate } = validator({ Open: open })
    expect(inTime(() => validate(to('Open'), chain(60, {})))).toEqual([])
    expect(validate(to('Open'), chain(60, { x: 1 }))).toMatchObject([{ keyword: 'unevaluatedProperties' }])
  })

  test('are prepared when they are asked: thousands of them cost nothing before', () => {
    const schemas: Record<string, Schema> = {}
    for (let index = 0; index < 50_000; index++)
      schemas[`S${index}`] = { properties: { a: to(`S${index + 1}`) } }
    const { isValid } = validator(schemas)
    expect(inTime(() => isValid(to('S0'), { a: { a: {} } }))).toBe(true)
  })
})

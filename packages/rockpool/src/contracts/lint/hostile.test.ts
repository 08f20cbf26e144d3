import fc from 'fast-check'
import { expect, test } from 'vitest'
import { everything } from '../../../test/support/contract-with-everything.ts'
import { count, limitMs } from '../../../test/support/counts.ts'
import { documentsOf, lintText, settingsOf, whole } from '../../../test/support/lint.ts'
import type { Json, JsonObject } from '../types.ts'
import { readDocuments } from '../load.ts'
import { applyCommon } from './common/apply.ts'
import { commonLimits, gatherCommon } from './common/gather.ts'
import { commonRules } from './common/table.ts'
import { fixDocuments } from './fix/fix.ts'

const everyRule = settingsOf({
  extends: ['recommended', 'house'],
  rules: {
    ...Object.fromEntries(commonRules.map(({ id }) => [id, 'warn'])),
    'attributes-known': { extensions: ['x-a'] },
  },
})

const every = Object.fromEntries(commonRules.map(({ id }) => [id, { severity: 'warn' as const }]))

const range = (length: number) => Array.from({ length }, (_, index) => index)
const named = (length: number, of: (index: number) => Json) =>
  Object.fromEntries(range(length).map((index) => [`s${index}`, of(index)]))
const to = (index: number) => ({ $ref: `#/components/schemas/s${index}` })
const schemas = (of: JsonObject): JsonObject => ({ components: { schemas: of } })
const parameter = (name: string) => ({ name, in: 'query', description: 'a', schema: { type: 'array' } })

test.each<[string, JsonObject]>([
  [
    'models made of models made of models',
    schemas(
      named(2_000, (index) => ({
        allOf: [to(index + 1 === 2_000 ? 0 : index + 1), to((index * 7) % 2_000)],
        properties: { [`a${index}`]: {} },
      })),
    ),
  ],
  [
    'a model with twenty thousand fields, and a thousand heirs',
    schemas({
      ...named(1_000, () => ({ allOf: [{ $ref: '#/components/schemas/big' }] })),
      big: { properties: named(20_000, () => true) },
    }),
  ],
  [
    'an operation with ten thousand parameters',
    {
      paths: {
        '/a': {
          get: {
            parameters: range(10_000)
              .map((index) => parameter(`p${index}`))
              .concat(parameter('id')),
            responses: {},
          },
        },
      },
    },
  ],
  [
    'ten thousand operations',
    {
      paths: Object.fromEntries(
        range(10_000).map((index) => [
          `/A${index}/`,
          { get: { parameters: [parameter('sort'), parameter('limit')], responses: {} } },
        ]),
      ),
    },
  ],
  [
    'a mapping with ten thousand words',
    schemas({ [`${'a_'.repeat(10_000)}mapping`]: { properties: { id: true } } }),
  ],
  [
    'a path of braces',
    {
      paths: {
        [`/${'{'.repeat(50_000)}`]: { get: { responses: {} } },
        [`/${'{a}/'.repeat(10_000)}`]: { get: { responses: {} } },
      },
    },
  ],
  ['a description of a million words', schemas({ A: { description: 'blacklist '.repeat(100_000) } })],
  [
    'names that objects have',
    schemas({
      constructor: { properties: { toString: {}, ['__proto__']: {} } },
      A: { oneOf: [{ $ref: '#/components/schemas/constructor' }] },
    }),
  ],
])('%s: judged within seconds', { timeout: 120_000 }, async (_, part) => {
  const started = performance.now()
  const { findings } = await lintText(JSON.stringify(whole(part)), everyRule)
  expect(performance.now() - started).toBeLessThan(100_000)
  expect(findings.length).toBeLessThan(100_000)
})

test(
  'aliases that stand for millions of values are judged within seconds',
  { timeout: 120_000 },
  async () => {
    const lines = range(17).map(
      (index) =>
        `  s${index}: &s${index} {properties: {a: ${index === 0 ? '{}' : `*s${index - 1}`}, b: ${index === 0 ? '{}' : `*s${index - 1}`}}}`,
    )
    const started = performance.now()
    await lintText(
      `openapi: 3.1.0\ninfo: {title: A, version: "1"}\npaths: {}\ncomponents:\n schemas:\n${lines.join('\n')}\n`,
      everyRule,
    )
    expect(performance.now() - started).toBeLessThan(100_000)
  },
)

test(
  'common rules that take too long, or too much memory, are left out, and that is told',
  { timeout: 120_000 },
  async () => {
    const paths = Object.fromEntries(
      range(5_000).map((index) => [`/{p${index}}/a${index}`, { get: { responses: {} } }]),
    )
    const documents = documentsOf({ 'a.json': JSON.stringify(whole({ paths })) })
    const told = async (limits: object) =>
      (await gatherCommon(documents, everyRule, { ...commonLimits, ...limits })).map(({ message }) => message)
    expect(await told({ mostMs: 1 })).toEqual([
      'common rules cannot be applied: they take longer than 0.001 s',
    ])
    expect(await told({ mostMegabytes: 8 })).toEqual([expect.stringMatching(/memory/)])
  },
)

test('names of a document stay short in messages', async () => {
  const name = 'x'.repeat(100_000)
  const { findings } = await lintText(
    JSON.stringify(
      whole({ paths: { [`/${name}A/`]: { get: { parameters: [parameter(name)], responses: {} } } } }),
    ),
    everyRule,
  )
  const own = findings.filter(({ rule }) => !commonRules.some(({ id }) => id === rule))
  expect(own.length).toBeGreaterThan(3)
  for (const { message } of own) expect(message.length).toBeLessThan(1_000)
})

function replaced(value: Json, path: readonly number[], by: Json): Json {
  const [first, ...rest] = path
  if (first === undefined || typeof value !== 'object' || value === null) return by
  const names = Object.keys(value)
  if (names.length === 0) return by
  const name = names[first % names.length]!
  const inner = replaced((value as Record<string, Json>)[name]!, rest, by)
  return Array.isArray(value) ? value.with(Number(name), inner) : { ...value, [name]: inner }
}

const values = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(
    { $ref: '#/components/schemas/Node' },
    { constructor: {} },
    { description: 'whitelist' },
  ),
)

test(
  'whatever is written in any place, nothing is thrown, and what is mended reads as it did',
  { timeout: limitMs(120_000) },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { minLength: 1, maxLength: 9 }), values, async (path, value) => {
        const documents = documentsOf({ 'a.json': JSON.stringify(replaced(everything, path, value)) })
        const { documents: after } = fixDocuments(documents, everyRule)
        expect(readDocuments(after).ok).toBe(readDocuments(documents).ok)
        // What the package throws at is told as a finding.
        await applyCommon({ ...after, rules: every }).catch(() => undefined)
      }),
      { numRuns: count('mutilatedLints', 40) },
    )
  },
)

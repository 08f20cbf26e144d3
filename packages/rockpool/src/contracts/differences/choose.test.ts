import { expect, test } from 'vitest'
import {
  contractIn,
  documentWith,
  operation,
  toSchema,
} from '../../../test/support/differences/schema-documents.ts'
import type { JsonObject } from '../types.ts'
import { chooseDifferences, differencesOf, formatMarkdown, formatText, operationsOf } from './index.ts'
import type { Aspect } from './index.ts'

const order = (members: JsonObject): JsonObject => ({ type: 'object', properties: members })
const named = (id: string, body: JsonObject): JsonObject => ({ ...operation(body), operationId: id })

const [before, after] = [
  {
    '/orders/{id}': { put: named('putOrder', toSchema('Order')) },
    '/notes': { post: named('addNote', order({ text: { type: 'string', maxLength: 9 } })) },
  },
  {
    '/orders/{order}': { put: named('replaceOrder', toSchema('Order')) },
    '/notes': {
      post: named('addNote', order({ text: { type: 'string', maxLength: 8, description: 'Plain' } })),
    },
  },
].map((paths, index) =>
  contractIn(
    JSON.stringify(documentWith(paths, { Order: order({ price: { type: 'number', maximum: 9 - index } }) })),
  ),
)
const all = differencesOf(before!, after!)
const rulesOf = (only?: Aspect, id?: string) =>
  chooseDifferences(all, {
    only,
    operations: id === undefined ? undefined : operationsOf(id, before!, after!),
  }).map(({ rule }) => rule)

test('of one aspect are those whose answer to it is yes', () => {
  expect(rulesOf()).toHaveLength(all.length)
  expect(rulesOf('breaks')).toEqual([
    'request-property-max-decreased',
    'request-property-max-length-decreased',
  ])
  expect(rulesOf('code')).toEqual(['api-operation-id-renamed', 'request-path-parameter-renamed'])
  for (const aspect of ['breaks', 'code', 'meaning'] as const) {
    const chosen = chooseDifferences(all, { only: aspect })
    const others = all.filter((each) => !chosen.includes(each))
    const answer = { breaks: 'wire', code: 'source', meaning: 'meaning' } as const
    for (const each of chosen) expect(each[answer[aspect]]).not.toBe('keeps')
    for (const each of others) expect(each[answer[aspect]]).toBe('keeps')
  }
})

test('of one operation are those that it meets itself or by a schema, by its old id and by its new one', () => {
  const own = ['request-property-max-decreased', 'api-operation-id-renamed']
  expect(rulesOf(undefined, 'putOrder')).toEqual(expect.arrayContaining(own))
  expect(rulesOf(undefined, 'replaceOrder')).toEqual(rulesOf(undefined, 'putOrder'))
  expect(rulesOf(undefined, 'putOrder')).not.toContain('request-property-max-length-decreased')
  expect(rulesOf('breaks', 'addNote')).toEqual(['request-property-max-length-decreased'])
  expect(operationsOf('nobody', before!, after!)).toEqual([])
})

test('of too many the worst are told, and all are counted', () => {
  const text = formatText(all, { most: 2 })
  expect(text.match(/^ {2}\w/gm)).toHaveLength(2)
  expect(text.match(/^ {2}breaks {2}/gm)).toHaveLength(2)
  expect(text).toMatch(
    new RegExp(
      `\\n${all.length} differences: 2 breaks, .*; ${all.length - 2} of them, none worse than these, are left out\\n$`,
    ),
  )
  const markdown = formatMarkdown(all, { most: 1 })
  expect(markdown.match(/^- `/gm)).toHaveLength(1)
  expect(markdown).toContain('### Breaks callers\n\n- `')
  expect(markdown).toContain('\n- … and 1 more\n')
  expect(formatText(all, { most: all.length })).toBe(formatText(all))
})

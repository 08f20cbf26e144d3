import { expect, test } from 'vitest'
import type { JsonObject } from '../../types.ts'
import { differencesOf, formatJson, formatMarkdown, formatText } from '../index.ts'
import {
  contractIn,
  documentWith,
  operation,
  toSchema,
} from '../../../../test/support/differences/schema-documents.ts'

const order = (price: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties: { price, ...more },
})

function differences(before: JsonObject, after: JsonObject) {
  const [one, other] = [before, after].map((each) => contractIn(JSON.stringify(each, null, 2)))
  return differencesOf(one!, other!).filter(({ place }) => place !== 'version')
}

const tightened = differences(
  documentWith({ '/orders': { post: operation(order({ type: 'number', maximum: 9 })) } }),
  documentWith({
    '/orders': { post: operation(order({ type: 'number', maximum: 8 }, { note: { type: 'string' } })) },
  }),
)

test('the text says what breaks first, where it stands, and how to keep it', () => {
  expect(formatText(tightened)).toBe(`POST /orders
  breaks          request body application/json /price: it may be 8 at most, no longer 9 (request-property-max-decreased)
                  things.json:23, now things.json:23
                  Go on accepting what was accepted; what is new may be accepted beside it.
  keeps           request body application/json /note: it is new (new-optional-request-property)
                  things.json:25

2 differences: 1 breaks, 1 keeps
`)
})

test('the Markdown folds away what breaks nothing', () => {
  expect(formatMarkdown(tightened)).toBe(`**2 differences: 1 breaks, 1 keeps**

### Breaks callers

- \`POST /orders request body application/json /price\`: it may be \`8\` at most, no longer \`9\` (\`request-property-max-decreased\`). *Go on accepting what was accepted; what is new may be accepted beside it.*

<details><summary>Breaks nothing</summary>

- \`POST /orders request body application/json /note\`: it is new (\`new-optional-request-property\`).

</details>
`)
})

test('the JSON holds all that is known, and what is said to people', () => {
  const { counts, differences } = JSON.parse(formatJson(tightened))
  expect(counts).toEqual({ breaks: 1, 'may break': 0, 'breaks code': 0, 'says otherwise': 0, keeps: 1 })
  expect(differences[1]).toMatchObject({
    rule: 'request-property-max-decreased',
    wire: 'breaks',
    operation: { method: 'POST', path: '/orders' },
    place: 'request body application/json /price',
    details: { before: 9, after: 8 },
    sentence: 'it may be 8 at most, no longer 9',
    usesInAll: 1,
    fingerprint: tightened[1]!.fingerprint,
  })
})

test('of a schema that many meet, some are named, and the others counted', () => {
  const paths = Object.fromEntries(
    Array.from({ length: 150 }, (_, index) => [
      `/orders/${index}`,
      { get: operation(null, toSchema('Order')) },
    ]),
  )
  const shared = differences(
    documentWith(paths, { Order: order({ type: 'number' }) }),
    documentWith(paths, { Order: order({ type: 'string' }) }),
  )
  expect(formatText(shared)).toContain('met by GET /orders/0, GET /orders/1, GET /orders/10 and 147 more\n')
  const [only] = JSON.parse(formatJson(shared)).differences
  expect([only.uses.length, only.usesInAll]).toEqual([100, 150])
})

test('nothing that a document is called leaves its line, or its marks', () => {
  const hostile = 'a`b``c\n\u001b[31m# **@everyone** <script>|\u202e'
  const told = differences(
    documentWith({ '/orders': { post: operation(order({ type: 'number' })) } }),
    documentWith({
      '/orders': { post: operation(order({ type: 'number' }, { [hostile]: { type: 'string' } })) },
    }),
  )
  expect(formatText(told)).not.toMatch(/[\u001b\u202e]/)
  expect(formatText(told).split('\n')).toHaveLength(6)
  expect(formatMarkdown(told)).toContain(
    '- ``` POST /orders request body application/json /a`b``c\ufffd\ufffd[31m# **@everyone** <script>|\ufffd ```: it is new',
  )
})

test('the Markdown of very many differences fits a comment', () => {
  const many = (type: string) =>
    order(
      { type: 'number' },
      Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`p${index}`, { type }])),
    )
  const told = differences(
    documentWith({ '/orders': { post: operation(many('string')) } }),
    documentWith({ '/orders': { post: operation(many('integer')) } }),
  )
  expect(told).toHaveLength(2_000)
  const markdown = formatMarkdown(told)
  expect(markdown.length).toBeLessThan(65_536)
  expect(markdown).toMatch(/\n- … and \d+ more\n$/)
})

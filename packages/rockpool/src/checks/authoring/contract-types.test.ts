import { expect, test } from 'vitest'
import { compile } from '../../../test/support/compile.ts'
import { contractOf } from '../../../test/support/contracts.ts'
import { emitCheckTypes } from '../../contracts/index.ts'

const text = { type: 'string' }
const json = (schema: object) => ({ description: '', content: { 'application/json': { schema } } })
const object = (properties: object, required: string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const path = (name: string) => ({ name, in: 'path', required: true, schema: text })
const item = object({ id: text, price: { type: 'integer' } }, ['id', 'price'])
const problem = { ...object({ code: text, sorry: text }, ['code']), additionalProperties: true }

const catalog = contractOf({
  paths: {
    '/{organization}/items': {
      parameters: [path('organization')],
      get: {
        operationId: 'listItems',
        parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer' } }],
        responses: { 200: json({ type: 'array', items: item }) },
      },
      post: {
        operationId: 'createItem',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: object({ price: { type: 'integer' } }, ['price']) } },
        },
        responses: { 201: json(item), 202: json(object({ later: text }, ['later'])), 422: json(problem) },
      },
    },
    '/{organization}/items/{id}': {
      parameters: [path('organization'), path('id')],
      get: { operationId: 'getItem', responses: { 200: json(item), 404: json(problem) } },
      delete: { operationId: 'deleteItem', responses: { 204: { description: '' } } },
    },
  },
  webhooks: { sold: { post: { operationId: 'itemSold', responses: {} } } },
})

const head = `import { check } from 'rockpool'
import type { Service } from 'rockpool'
check('a check', { every: '1m' }, async ({ api, expect }) => {
`

test('a check that says what no contract says does not compile', async () => {
  const wrong = {
    'a service': `api.catalogue.listItems()`,
    'an operation': `api.catalog.listThings()`,
    'what the service calls itself': `api.catalog.itemSold()`,
    'a field of an answer': `(await api.catalog.getItem({ path: { id: 'a' } })).body.prise`,
    'a field of an answer, as another type': `(await api.catalog.getItem({ path: { id: 'a' } })).body.price.trim()`,
    'a field that is sent': `api.catalog.createItem({ body: { prise: 1 } })`,
    'the type of what is sent': `api.catalog.createItem({ body: { price: '1' } })`,
    'a body that is missing': `api.catalog.createItem()`,
    'a parameter that is missing': `api.catalog.getItem()`,
    'a parameter that there is not': `api.catalog.listItems({ query: { limitt: 1 } })`,
    'the type of a parameter': `api.catalog.listItems({ query: { limit: 'ten' } })`,
    'a field that is asked for until it is there': `api.catalog.getItem({ path: { id: 'a' } }).until(({ body }) => body.prise, '1s')`,
  }
  const lines = Object.values(wrong).map((line) => `  // @ts-expect-error: it is wrong\n  await ${line}\n`)
  const good = `  const made = await api.catalog.createItem({ body: { price: 1 } })
  expect(made.status, made.body.detail).toBe(201)
  expect([made.body.code, made.body.sorry]).toEqual([undefined, undefined])
  const { body } = await api.catalog.getItem({ path: { id: 'a', organization: 'other' } }).until((one) => one.body.price === 1, '1s')
  const price: number = body.price
  const all: number[] = (await api.catalog.listItems({ query: { limit: undefined } })).body.map((one) => one.price)
  const gone: string | undefined = (await api.catalog.deleteItem({ path: { id: 'a' } })).body?.code
  await api.catalog.createItem({ body: 'no JSON', headers: { 'content-type': 'text/plain' } })
  await (api.catalog as unknown as Service<'createItem'>).createItem({ body: { anything: price } })
  await api['delivery-quotes'].listItems()
  void [all, gone]
`
  const types = emitCheckTypes(
    new Map([
      ['catalog', catalog],
      ['delivery-quotes', catalog],
    ]),
  )
  const faultsOf = await compile({
    ...Object.fromEntries(types),
    'good.ts': `${head}${good}})\n`,
    'bad.ts': `${head}${lines.join('')}  void expect\n})\n`.replace(
      "import type { Service } from 'rockpool'\n",
      '',
    ),
  })
  for (const name of ['good.ts', 'bad.ts', 'services.d.ts', 'catalog.d.ts'])
    expect(faultsOf(name)).toEqual([])
}, 60_000)

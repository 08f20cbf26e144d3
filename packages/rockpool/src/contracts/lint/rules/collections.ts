import { z } from 'zod'
import type { Json, Operation, Schema } from '../../types.ts'
import { isObject } from '../../json-object.ts'
import { cut, listed } from '../names.ts'
import type { RuleContext } from '../types.ts'
import { answerOf, isOfType, queryOf } from '../views.ts'
import { rule } from './rule.ts'

const name = z.string().min(1)

/** `/orders` of `/orders/{id}`; undefined: it ends in no parameter. */
function collectionOf(path: string): string | undefined {
  const collection = /^(.+)\/\{[^{}/]+\}$/.exec(path)?.[1]
  return collection?.endsWith('}') ? undefined : collection
}

/** Answers with a list. */
function isCollection({ views }: RuleContext, operation: Operation): boolean {
  const answer = answerOf(operation, views.resolve)
  return operation.method === 'GET' && answer !== undefined && isOfType(answer, 'array')
}

/** What `attributes` of API Builder say by this name. */
function attributeOf({ extensions }: Operation, wanted: string): Json | undefined {
  const attributes = extensions['x-rockpool-attributes']
  const found = Array.isArray(attributes)
    ? attributes.find((one) => isObject(one) && one['name'] === wanted)
    : undefined
  return isObject(found) ? found['value'] : undefined
}

/** Values that a parameter may be sorted by: those of its enum, or of the attribute. */
function sortValues(operation: Operation, schema: Schema, attribute: string): string[] | undefined {
  if (typeof schema === 'object' && schema.enum !== undefined) return schema.enum.map(textOf)
  const value = attributeOf(operation, attribute)
  const values = isObject(value) ? value['values'] : value
  if (!Array.isArray(values)) return undefined
  return values.map((one) => textOf(isObject(one) ? one['value'] : one))
}

const textOf = (value: Json | undefined) =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '')

const plain = (value: string) => value.replace(/^[-+]/, '')

/** Resources: a collection, and its items. */
export const collectionRules = [
  rule({
    id: 'collection-get',
    title: 'every resource can be listed',
    why: 'What can be made or found by its id, and not listed, nobody can find whose id is lost.',
    how: 'Add a GET of the collection.',
    options: z.strictObject({}),
    check({ views, tell }) {
      const told = new Set<string>()
      for (const operation of views.operations) {
        const { method, path } = operation
        const collection = method === 'POST' && !path.endsWith('}') ? undefined : collectionOf(path)
        if (
          collection === undefined ||
          told.has(collection) ||
          !['GET', 'PUT', 'DELETE', 'PATCH'].includes(method)
        )
          continue
        if (views.operationsByPath.get(collection)?.some((one) => one.method === 'GET')) continue
        told.add(collection)
        tell(operation, `${cut(path)} has no collection: there is no GET ${cut(collection)}`)
      }
    },
  }),
  rule({
    id: 'collection-parameters',
    title: 'every collection takes the parameters of a collection',
    why: 'A collection without limits grows until it cannot be answered.',
    how: 'Declare what is missing in the query.',
    options: z.strictObject({
      /** One of these is needed. */
      either: z.array(name).default(['q', 'id']),
      all: z.array(name).default(['limit', 'offset', 'sort']),
    }),
    check(context, { either, all }) {
      for (const operation of context.views.operations) {
        if (!isCollection(context, operation)) continue
        const has = (one: string) => queryOf(operation, one) !== undefined
        const missing = all.filter((one) => !has(one))
        if (either.length > 0 && !either.some(has)) missing.unshift(either.join(' or '))
        if (missing.length > 0)
          context.tell(
            operation,
            `GET ${cut(operation.path)} must take ${listed(missing.map(cut))} in its query`,
            {
              member: 'parameters',
            },
          )
      }
    },
  }),
  rule({
    id: 'get-expand',
    title: 'GET of an item takes expand when its answer can be expanded',
    why: 'A reference that could be written out, and cannot be asked for, costs a second call.',
    how: 'Declare the parameter expand in the query.',
    options: z.strictObject({ parameter: name.default('expand'), prefix: name.default('expandable_') }),
    check({ views, contract, tell }, { parameter, prefix }) {
      const expandable = new Set(
        views.unions.filter((union) => union.words.startsWith(prefix)).map(({ schema }) => schema),
      )
      const fieldsOf = new Map(views.models.map((model) => [model.schema, model.fields]))
      for (const operation of contract.operations) {
        if (operation.method !== 'GET' || !operation.path.endsWith('}')) continue
        const answer = answerOf(operation, views.resolve)
        const fields = typeof answer === 'object' ? fieldsOf.get(answer) : undefined
        const field = fields?.find(({ resolved }) => typeof resolved === 'object' && expandable.has(resolved))
        if (field === undefined || queryOf(operation, parameter) !== undefined) continue
        tell(
          operation,
          `${cut(field.name)} can be expanded: GET ${cut(operation.path)} must take ${parameter}`,
          {
            member: 'parameters',
          },
        )
      }
    },
  }),
  rule({
    id: 'sort-attribute',
    title: 'an operation that sorts says by what',
    why: 'Otherwise people try words until one is not refused.',
    how: 'Give the parameter an enum, or the operation the attribute sort with its values (API Builder).',
    options: z.strictObject({ parameter: name.default('sort'), attribute: name.default('sort') }),
    check({ views, tell }, { parameter, attribute }) {
      for (const operation of views.operations) {
        const sort = queryOf(operation, parameter)
        if (sort === undefined || sortValues(operation, views.resolve(sort.schema), attribute) !== undefined)
          continue
        tell(sort, `${operation.method} ${cut(operation.path)} must say what it can be sorted by`)
      }
    },
  }),
  rule({
    id: 'sort-default',
    title: 'sort has a default, which is one of its values',
    why: 'Pages of a collection without an order of its own overlap, or leave something out.',
    how: 'Give the parameter a default, with - before it for the other way round.',
    options: z.strictObject({ parameter: name.default('sort'), attribute: name.default('sort') }),
    check({ views, tell }, { parameter, attribute }) {
      for (const operation of views.operations) {
        const sort = queryOf(operation, parameter)
        if (sort === undefined) continue
        const schema = views.resolve(sort.schema)
        const given = typeof schema === 'object' ? schema.default : undefined
        const values = sortValues(operation, schema, attribute)
        if (typeof given !== 'string') tell(sort, `the parameter ${parameter} must have a default`)
        else if (values !== undefined && !values.some((value) => plain(value) === plain(given)))
          tell(sort, `the default “${cut(given)}” is none of ${listed(values.slice(0, 20).map(cut))}`, {
            member: 'default',
          })
      }
    },
  }),
]

import { z } from 'zod'
import type { Operation, Parameter, Schema } from '../../types.ts'
import { cut, listed } from '../names.ts'
import type { RuleContext } from '../types.ts'
import { isOfType, queryOf } from '../views.ts'
import { rule } from './rule.ts'

const name = z.string().min(1)

/** Tells what `faultsOf` finds of each parameter of the query with a name. */
function checkNamed(
  { views, tell }: RuleContext,
  wanted: string,
  faultsOf: (schema: Schema, operation: Operation) => string[],
): void {
  for (const operation of views.operations) {
    const parameter = queryOf(operation, wanted)
    if (parameter === undefined) continue
    const faults = faultsOf(views.resolve(parameter.schema), operation)
    if (faults.length > 0) tell(parameter, `the parameter ${cut(wanted)} must be ${listed(faults)}`)
  }
}

const keyword = (schema: Schema, key: 'minimum' | 'maximum' | 'maxItems' | 'default') =>
  typeof schema === 'object' ? schema[key] : undefined

function maximumItems(schema: Schema): number {
  return Number(keyword(schema, 'maxItems') ?? Infinity)
}

/** The least value that it takes. */
function least(schema: Schema): number {
  if (typeof schema !== 'object') return -Infinity
  return Math.max(schema.minimum ?? -Infinity, (schema.exclusiveMinimum ?? -Infinity) + 1)
}

function most(schema: Schema): number {
  if (typeof schema !== 'object') return Infinity
  return Math.min(schema.maximum ?? Infinity, (schema.exclusiveMaximum ?? Infinity) - 1)
}

/** Parameters that mean the same wherever they are. */
export const wellKnownRules = [
  rule({
    id: 'parameter-id',
    title: 'the parameter id is a list with a maximum of items',
    why: 'Who has many ids asks for all of them at once; without a maximum a query is longer than servers take.',
    how: 'Declare it as a list, with maxItems (API Builder: maximum).',
    options: z.strictObject({ name: name.default('id'), maximum: z.int().min(1).default(100) }),
    check(context, options) {
      checkNamed(context, options.name, (schema) => [
        ...(isOfType(schema, 'array') ? [] : ['a list']),
        ...(maximumItems(schema) <= options.maximum ? [] : [`at most ${options.maximum} items long`]),
      ])
    },
  }),
  rule({
    id: 'parameter-limit',
    title: 'the parameter limit is a whole number with the house’s bounds and default',
    why: 'Clients page through every collection with the same code.',
    how: 'Declare it as an integer with this minimum, maximum and default.',
    options: z.strictObject({
      name: name.default('limit'),
      minimum: z.int().default(1),
      maximum: z.int().default(100),
      default: z.int().default(25),
    }),
    check(context, options) {
      checkNamed(context, options.name, (schema) => [
        ...(isOfType(schema, 'integer') ? [] : ['a whole number']),
        ...(least(schema) >= options.minimum ? [] : [`${options.minimum} at least`]),
        ...(most(schema) <= options.maximum ? [] : [`${options.maximum} at most`]),
        ...(keyword(schema, 'default') === options.default ? [] : [`${options.default} by default`]),
      ])
    },
  }),
  rule({
    id: 'parameter-offset',
    title: 'the parameter offset is a whole number from 0 on',
    why: 'Less than nothing cannot be skipped: it is refused where it is asked, or it fails deep within.',
    how: 'Declare it as an integer with the minimum 0.',
    options: z.strictObject({ name: name.default('offset') }),
    check(context, options) {
      checkNamed(context, options.name, (schema) => [
        ...(isOfType(schema, 'integer') ? [] : ['a whole number']),
        ...(least(schema) >= 0 ? [] : ['0 at least']),
      ])
    },
  }),
  rule({
    id: 'parameter-sort',
    title: 'the parameter sort is a text',
    why: 'One word for an order, the same everywhere: a field, with - before it for the other way round.',
    how: 'Declare it as a string.',
    options: z.strictObject({ name: name.default('sort') }),
    check(context, options) {
      checkNamed(context, options.name, (schema) => (isOfType(schema, 'string') ? [] : ['a text']))
    },
  }),
  rule({
    id: 'parameter-expand',
    title: 'the parameter expand is a list of texts',
    why: 'Who wants several references written out asks for them in one call.',
    how: 'Declare it as a list of strings.',
    options: z.strictObject({ name: name.default('expand') }),
    check(context, options) {
      const { resolve } = context.views
      checkNamed(context, options.name, (schema) => {
        const items = typeof schema === 'object' ? resolve(schema.items ?? true) : true
        return isOfType(schema, 'array') && isOfType(items, 'string') ? [] : ['a list of texts']
      })
    },
  }),
  rule({
    id: 'parameter-order',
    title: 'well-known parameters of the query stand in their order',
    why: 'Generated methods take them in the order of the document; the same order everywhere is one thing less to look up.',
    how: 'Write those of first before all others, those of last after them.',
    fixes: true,
    options: z.strictObject({
      first: z.array(name).default(['q', 'id']),
      last: z.array(name).default(['limit', 'offset', 'sort', 'expand']),
    }),
    check({ views, tell }, { first, last }) {
      const rank = (one: Parameter) => {
        const [early, late] = [first.indexOf(one.name), last.indexOf(one.name)]
        return early >= 0 ? early - first.length : late + 1
      }
      for (const operation of views.operations) {
        const query = operation.parameters.filter((one) => one.in === 'query')
        const wanted = query.toSorted((one, other) => rank(one) - rank(other))
        const wrong = query.findIndex((one, index) => one !== wanted[index])
        if (wrong < 0) continue
        const names = wanted.map((one) => cut(one.name))
        const shown = names.length > 12 ? [...names.slice(0, 11), 'more'] : names
        tell(query[wrong]!, `parameters of the query must stand in the order ${listed(shown)}`, {
          fix: { kind: 'order', items: wanted },
        })
      }
    },
  }),
  rule({
    id: 'parameter-descriptions',
    title: 'well-known parameters are not described again',
    why: 'What means the same everywhere is described in one place; copies drift apart.',
    how: 'Take the description away.',
    fixes: true,
    options: z.strictObject({
      names: z.array(name).default(['id', 'limit', 'offset', 'sort', 'expand']),
    }),
    check({ views, tell }, { names }) {
      for (const { parameters } of views.operations)
        for (const one of parameters)
          if (one.in === 'query' && names.includes(one.name) && one.description !== null)
            tell(one, `the parameter ${cut(one.name)} means the same everywhere, and needs no description`, {
              member: 'description',
              fix: { kind: 'remove', at: one, member: 'description' },
            })
    },
  }),
]

/** All other parameters. */
export const parameterRules = [
  rule({
    id: 'list-bounds',
    title: 'parameters that are lists say how many items they take',
    why: 'A list without an end is a query that no server takes, or a call that costs as much as somebody likes.',
    how: 'Declare minItems and maxItems (API Builder: minimum and maximum).',
    options: z.strictObject({ minimum: z.boolean().default(true), maximum: z.boolean().default(true) }),
    check({ views, tell }, { minimum, maximum }) {
      for (const { parameters } of views.operations)
        for (const one of parameters) {
          const schema = views.resolve(one.schema)
          if (typeof schema !== 'object' || !isOfType(schema, 'array')) continue
          const missing = [
            ...(minimum && schema.minItems === undefined ? ['a minimum'] : []),
            ...(maximum && schema.maxItems === undefined ? ['a maximum'] : []),
          ]
          if (missing.length > 0) tell(one, `the list ${cut(one.name)} must have ${listed(missing)} of items`)
        }
    },
  }),
  rule({
    id: 'reserved-parameters',
    title: 'no parameter has a name that the gateway keeps for itself',
    why: 'The gateway reads envelope, callback and method of a query itself, and strips headers that begin with Rockpool-: the service never sees them.',
    how: 'Give the parameter another name.',
    recommended: 'warn',
    options: z.strictObject({
      query: z.array(name).default(['envelope', 'callback', 'method']),
      /** How names of headers begin, whatever their case. */
      headers: z.array(name).default(['rockpool-']),
    }),
    check({ views, tell }, { query, headers }) {
      for (const { parameters } of views.operations)
        for (const one of parameters) {
          const isHeader =
            one.in === 'header' &&
            headers.some((begin) => one.name.toLowerCase().startsWith(begin.toLowerCase()))
          if (isHeader || (one.in === 'query' && query.includes(one.name)))
            tell(
              one,
              `the ${one.in === 'query' ? 'parameter' : 'header'} ${cut(one.name)} is kept for the gateway`,
              {
                member: 'name',
              },
            )
        }
    },
  }),
]

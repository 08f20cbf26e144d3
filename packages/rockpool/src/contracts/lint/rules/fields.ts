import { z } from 'zod'
import { isObject } from '../../json-object.ts'
import type { Extensions, SchemaType } from '../../types.ts'
import { cut, words } from '../names.ts'
import type { RuleContext } from '../types.ts'
import { fieldOf, isOfType } from '../views.ts'
import type { Field, Model } from '../views.ts'
import { rule } from './rule.ts'

const name = z.string().min(1)

const types = {
  string: { type: 'string' },
  uuid: { type: 'string', format: 'uuid' },
  date: { type: 'string', format: 'date' },
  'date-time': { type: 'string', format: 'date-time' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
} as const satisfies Record<string, { type: SchemaType; format?: string }>

const typeNames = Object.keys(types) as (keyof typeof types)[]

/** Each field with a place of its own, once, with the model that it stands in first. */
function* placed({ views }: RuleContext): Generator<{ model: Model; field: Field; at: object }> {
  const seen = new Set<object>()
  for (const model of views.models)
    for (const field of model.fields) {
      const { at = model.schema } = field
      if (field.at !== undefined && seen.has(at)) continue
      seen.add(at)
      yield { model, field, at }
    }
}

/** The same of everything that may have attributes. */
function* annotated({ views, contract }: RuleContext): Generator<{ at: object; extensions: Extensions }> {
  for (const operation of views.operations) {
    yield { at: operation, extensions: operation.extensions }
    for (const one of operation.parameters) yield { at: one, extensions: one.extensions }
  }
  for (const schema of contract.schemas.values())
    if (typeof schema === 'object') yield { at: schema, extensions: extensionsIn(schema) }
  for (const { fields } of views.models)
    for (const { at } of fields) if (at !== undefined) yield { at, extensions: extensionsIn(at) }
}

function extensionsIn(schema: object): Extensions {
  return Object.fromEntries(Object.entries(schema).filter(([member]) => member.startsWith('x-')))
}

/** Names of things, and of what they are. */
export const fieldRules = [
  rule({
    id: 'attributes-known',
    title: 'attributes are those that the house knows',
    why: 'An attribute that nobody reads, or that is misspelt, is ignored in silence.',
    how: 'Write one that is known, or add it to names.',
    options: z.strictObject({
      /** Of API Builder. */
      names: z
        .array(name)
        .default(['linter', 'sort', 'non-crud', 'graphql', 'object-reference', 'value-substitute']),
      /** Members that begin with x-; none: any will do. */
      extensions: z.array(name).default([]),
    }),
    check(context, { names, extensions: known }) {
      for (const { at, extensions } of annotated(context)) {
        const attributes = extensions['x-rockpool-attributes']
        for (const one of Array.isArray(attributes) ? attributes : []) {
          const attribute = isObject(one) ? one['name'] : undefined
          if (typeof attribute === 'string' && !names.includes(attribute))
            context.tell(at, `nobody knows the attribute ${cut(attribute)}`, { member: 'attributes' })
        }
        if (known.length === 0) continue
        for (const member of Object.keys(extensions))
          if (member.startsWith('x-') && !member.startsWith('x-rockpool-') && !known.includes(member))
            context.tell(at, `nobody knows the member ${cut(member)}`, { member })
      }
    },
  }),
  rule({
    id: 'preferred-names',
    title: 'the same thing has the same name everywhere',
    why: 'Two names for one thing are looked up twice, and mistaken for two things.',
    how: 'Use the preferred name.',
    options: z.strictObject({
      /** What is written, and what is preferred; words, whatever their case. */
      names: z.record(z.string(), name).default({
        organisation: 'organization',
        address1: 'street',
        zip: 'postal_code',
        zipcode: 'postal_code',
        zip_code: 'postal_code',
        postcode: 'postal_code',
        currency_code: 'currency',
        country_code: 'country',
        state: 'province',
        qty: 'quantity',
        desc: 'description',
        firstname: 'first_name',
        lastname: 'last_name',
        e_mail: 'email',
        email_address: 'email',
      }),
    }),
    check(context, { names }) {
      const preferred = new Map(Object.entries(names).map(([from, to]) => [words(from), to]))
      for (const { model, field, at } of placed(context)) {
        const better = preferred.get(field.words)
        if (better !== undefined)
          context.tell(at, `${cut(field.name)} of ${cut(model.name)} is called ${better} here`)
      }
      for (const { parameters } of context.views.operations)
        for (const one of parameters) {
          const better = preferred.get(words(one.name))
          if (better !== undefined)
            context.tell(one, `the parameter ${cut(one.name)} is called ${better} here`, { member: 'name' })
        }
    },
  }),
  rule({
    id: 'field-types',
    title: 'well-known fields have their well-known types',
    why: 'An id that is a number here and a text there cannot be kept in one column.',
    how: 'Give the field the type that it has everywhere.',
    options: z.strictObject({
      fields: z
        .record(z.string(), z.enum(typeNames))
        .default({ id: 'string', number: 'string', guid: 'uuid', email: 'string' }),
    }),
    check(context, { fields }) {
      const wanted = new Map(Object.entries(fields))
      for (const { model, field, at } of placed(context)) {
        const type = wanted.get(field.words)
        if (type === undefined) continue
        const { resolved } = field
        const { type: base, format } = { format: undefined, ...types[type] }
        const isGood =
          isOfType(resolved, base) &&
          (format === undefined || (typeof resolved === 'object' && resolved.format === format))
        if (!isGood)
          context.tell(
            at,
            `${cut(field.name)} of ${cut(model.name)} must be ${type} (${nameOfType(resolved)} is written)`,
          )
      }
    },
  }),
  rule({
    id: 'organization-fields',
    title: 'the organization is the same type in all models',
    why: 'Every row, event and call belongs to one; what names it must fit everywhere.',
    how: 'Give it the type that most models have, or the one of the options.',
    options: z.strictObject({
      name: name.default('organization'),
      /** Null: what most models have. */
      type: z.enum(typeNames).nullable().default(null),
    }),
    check({ views, tell }, { name: wanted, type }) {
      const found = views.models.flatMap((model) => {
        const field = fieldOf(model, wanted)
        return field === undefined ? [] : [{ model, field, type: nameOfType(field.schema) }]
      })
      const counts = new Map<string, number>()
      for (const one of found) counts.set(one.type, (counts.get(one.type) ?? 0) + 1)
      const [most] = [...counts].toSorted(([, one], [, other]) => other - one)
      const right = type ?? most?.[0]
      for (const { model, field, type: is } of found)
        if (is !== right)
          tell(
            field.at ?? model.schema,
            `${cut(field.name)} of ${cut(model.name)} must be ${cut(right!)}, as elsewhere, not ${cut(is)}`,
          )
    },
  }),
]

/** For people: a format says more than its type, and a name more than both. */
function nameOfType(schema: Field['schema']): string {
  if (typeof schema !== 'object') return 'anything'
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1)!
  const type = [schema.type ?? 'anything'].flat().filter((one) => one !== 'null')
  return schema.format ?? type.join(' or ')
}

import { z } from 'zod'
import { cut } from '../names.ts'
import { fieldOf, isOfType } from '../views.ts'
import type { Model } from '../views.ts'
import { checkBeginning } from './in-order.ts'
import { rule } from './rule.ts'

const name = z.string().min(1)
const fields = z.array(name).min(1)

/** What the fields of models are, by the models' names. */
export const modelRules = [
  rule({
    id: 'error-fields',
    title: 'an error that is an event begins with its standard fields',
    why: 'Whoever gathers errors reads the same fields of all of them.',
    how: 'Write the standard fields first, in their order.',
    fixes: true,
    options: z.strictObject({
      /** A model that has the first of them is one of these. */
      fields: fields.default(['error_id', 'timestamp', 'organization', 'number']),
      /** How many of them it must have; the rest count where they are. */
      needed: z.int().min(1).default(2),
    }),
    check(context, options) {
      for (const model of context.views.models)
        if (fieldOf(model, options.fields[0]!) !== undefined)
          checkBeginning(context, model, options.fields, options.fields.slice(0, options.needed))
    },
  }),
  rule({
    id: 'error-codes',
    title: 'an error has a code of an enum, and a message',
    why: 'Programs decide by the code, people read the message; a code that may be anything nobody can handle.',
    how: 'Give the model a code, which is an enum, and a message (or messages), which is text.',
    options: z.strictObject({
      suffix: name.default('_error'),
      code: name.default('code'),
      messages: fields.default(['message', 'messages']),
    }),
    check({ views, tell }, { suffix, code, messages }) {
      for (const model of views.models) {
        if (!model.words.endsWith(suffix)) continue
        const found = fieldOf(model, code)
        const isEnum =
          typeof found?.resolved === 'object' && (found.resolved.enum ?? found.resolved.const) !== undefined
        const isKnown = isEnum || isNamedElsewhere(found?.resolved)
        if (found === undefined || !isKnown)
          tell(found?.at ?? model.schema, `${cut(model.name)} must have ${code}, which is an enum`)
        if (!messages.some((one) => isText(model, one, views.resolve)))
          tell(model.schema, `${cut(model.name)} must have ${messages[0]}, which is text`)
      }
    },
  }),
  rule({
    id: 'error-lists',
    title: 'a model of several errors holds a list of them',
    why: 'All that is wrong is told at once, each as it would be told alone.',
    how: 'Give the model a field that is a list of the error.',
    options: z.strictObject({ suffix: name.default('_errors'), one: name.default('_error') }),
    check({ views, tell }, { suffix, one }) {
      for (const model of views.models) {
        if (!model.words.endsWith(suffix)) continue
        const wanted = views.modelByWords.get(model.words.slice(0, -suffix.length) + one)
        const holds = model.fields.some(({ resolved }) => {
          if (typeof resolved !== 'object' || !isOfType(resolved, 'array')) return false
          return wanted === undefined || views.resolve(resolved.items ?? true) === wanted.schema
        })
        if (!holds)
          tell(model.schema, `${cut(model.name)} must have a list of ${cut(wanted?.name ?? 'errors')}`)
      }
    },
  }),
  rule({
    id: 'mapping-fields',
    title: 'a mapping begins with id and the two that it maps',
    why: 'All mappings are read and written by the same code.',
    how: 'Begin a_b_mapping with id, a and b, in this order, each a reference.',
    fixes: true,
    options: z.strictObject({ suffix: name.default('_mapping'), id: name.default('id') }),
    check(context, { suffix, id }) {
      for (const model of context.views.models) {
        if (!model.words.endsWith(suffix)) continue
        const parts = model.words.slice(0, -suffix.length).split('_')
        const pairs = parts
          .slice(1)
          .map((_, index): [string, string] => [
            parts.slice(0, index + 1).join('_'),
            parts.slice(index + 1).join('_'),
          ])
        const isField = (word: string) => fieldOf(model, word) !== undefined
        const pair = pairs.find((names) => names.every(isField)) ?? pairs[0]
        if (pair === undefined) continue
        checkBeginning(context, model, [id, ...pair])
        for (const word of pair) {
          const field = fieldOf(model, word)
          if (field?.at !== undefined && isOfType(field.resolved, 'array', 'boolean', 'number'))
            context.tell(field.at, `${cut(field.name)} of ${cut(model.name)} must be a reference`)
        }
      }
    },
  }),
  rule({
    id: 'versioned-fields',
    title: 'a version of a model is id, timestamp, type and the model',
    why: 'The history of everything is read by the same code.',
    how: 'Write exactly these fields, in this order.',
    fixes: true,
    options: z.strictObject({
      suffix: name.default('_version'),
      fields: fields.default(['id', 'timestamp', 'type']),
    }),
    check(context, { suffix, fields: wanted }) {
      const { models, modelByWords, unions } = context.views
      for (const model of models) {
        if (!model.words.endsWith(suffix)) continue
        const of = model.words.slice(0, -suffix.length)
        // Of something that is no model it is the version of a program, or the like.
        if (!modelByWords.has(of) && !unions.some((union) => union.words === of)) continue
        checkBeginning(context, model, [...wanted, of])
        const most = wanted.length + 1
        if (model.fields.length > most)
          context.tell(model.schema, `${cut(model.name)} must have ${most} fields, and no others`)
      }
    },
  }),
]

/** What stands in another service is known by name alone. */
function isNamedElsewhere(schema: unknown): boolean {
  return (
    typeof schema === 'object' &&
    schema !== null &&
    'x-rockpool-kind' in schema &&
    schema['x-rockpool-kind'] === 'unknown enum'
  )
}

function isText(model: Model, field: string, resolve: (schema: never) => unknown): boolean {
  const found = fieldOf(model, field)?.resolved
  if (found === undefined) return false
  if (isOfType(found, 'string')) return true
  const items =
    typeof found === 'object' && isOfType(found, 'array')
      ? (resolve((found.items ?? true) as never) as never)
      : false
  return isOfType(items, 'string')
}

import { z } from 'zod'
import { cut } from '../names.ts'
import { fieldOf } from '../views.ts'
import { checkBeginning } from './in-order.ts'
import { rule } from './rule.ts'

const name = z.string().min(1)
const fields = z.array(name).min(1)
const version = '_v\\d+'

/** `order_upserted_v2` is `order`, `upserted`, `_v2`. */
function partsOf(model: string, suffixes: readonly string[]) {
  const end = new RegExp(`${version}$`).exec(model)?.[0] ?? ''
  const base = model.slice(0, model.length - end.length)
  const suffix = suffixes.find((one) => base.endsWith(one))
  return suffix === undefined ? undefined : { of: base.slice(0, -suffix.length), suffix, version: end }
}

const suffixes = { upserted: name.default('_upserted'), deleted: name.default('_deleted') }

/** Events: what tells of a change. */
export const eventRules = [
  rule({
    id: 'event-fields',
    title: 'an event begins with its standard fields',
    why: 'Whoever routes and stores events reads the same fields of all of them.',
    how: 'Write the standard fields first, in their order.',
    fixes: true,
    options: z.strictObject({
      fields: fields.default(['event_id', 'timestamp', 'organization', 'number']),
      needed: z.int().min(1).default(2),
      suffixes: fields.default(['_event', '_upserted', '_deleted']),
    }),
    check(context, { fields: wanted, needed, suffixes: ends }) {
      for (const model of context.views.models)
        if (fieldOf(model, wanted[0]!) !== undefined || partsOf(model.words, ends) !== undefined)
          checkBeginning(context, model, wanted, wanted.slice(0, needed))
    },
  }),
  rule({
    id: 'event-twins',
    title: 'what is told when it is upserted is told when it is deleted, by its id alone',
    why: 'Who keeps a copy must hear of the end, and of what is gone there is nothing left to send but its id.',
    how: 'Add the event of the deletion: the standard fields, and id.',
    options: z.strictObject({
      ...suffixes,
      standard: fields.default(['event_id', 'timestamp', 'organization']),
      id: name.default('id'),
    }),
    check({ views, tell }, { upserted, deleted, standard, id }) {
      for (const model of views.models) {
        const parts = partsOf(model.words, [upserted])
        if (parts === undefined) continue
        const wanted = parts.of + deleted + parts.version
        const twin = views.modelByWords.get(wanted)
        if (twin === undefined) {
          tell(model.schema, `${cut(model.name)} has no twin ${cut(wanted)}`)
          continue
        }
        const others = twin.fields.filter((field) => !standard.includes(field.words))
        if (others.length !== 1 || others[0]!.words !== id)
          tell(twin.schema, `${cut(twin.name)} must have ${id} beside the standard fields, and nothing else`)
      }
    },
  }),
  rule({
    id: 'event-versions',
    title: 'published events have a version in their name',
    why: 'An event that was published cannot be changed: its next form is another one, beside it.',
    how: 'Give the event a name that ends in its version, such as order_upserted_v2.',
    options: z.strictObject({
      ...suffixes,
      /** Events that are no part of a union are published nowhere. */
      unions: fields.default(['event']),
    }),
    check({ views, tell }, { upserted, deleted, unions }) {
      const published = new Set(
        views.unions.filter((union) => unions.includes(union.words)).flatMap(({ members }) => members),
      )
      for (const model of views.models)
        if (published.has(model.name) && partsOf(model.words, [upserted, deleted])?.version === '')
          tell(
            model.schema,
            `the event ${cut(model.name)} must have a version in its name, such as ${cut(model.name)}_v1`,
          )
    },
  }),
]

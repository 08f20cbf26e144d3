import { z } from 'zod'
import { cut, listed, words } from '../names.ts'
import { rule } from './rule.ts'

const name = z.string().min(1)

/** Unions: one of several. */
export const unionRules = [
  rule({
    id: 'discriminator-name',
    title: 'all unions tell their types by the same member',
    why: 'Code that reads one union reads all of them.',
    how: 'Give the union a discriminator of this name.',
    options: z.strictObject({ name: name.default('discriminator') }),
    check({ views, tell }, { name: wanted }) {
      for (const union of views.unions)
        if (union.discriminator !== wanted)
          tell(
            union.schema,
            union.discriminator === null
              ? `${cut(union.name)} must have the discriminator ${wanted}`
              : `the discriminator of ${cut(union.name)} must be ${wanted}, not ${cut(union.discriminator)}`,
            { member: 'discriminator' },
          )
    },
  }),
  rule({
    id: 'expandable-types',
    title: 'expandable_x is x or x_reference, in this order',
    why: 'What can be expanded is either all of it or its id: clients ask which, and nothing more.',
    how: 'Make the union of exactly these two.',
    options: z.strictObject({ prefix: name.default('expandable_'), suffix: name.default('_reference') }),
    check({ views, tell }, { prefix, suffix }) {
      for (const union of views.unions) {
        if (!union.words.startsWith(prefix)) continue
        const of = union.words.slice(prefix.length)
        const wanted = [of, of + suffix]
        const is = union.members.map((member) => (member === undefined ? '' : words(member)))
        if (is.length !== wanted.length || is.some((member, index) => member !== wanted[index]))
          tell(union.schema, `${cut(union.name)} must be ${listed(wanted.map(cut), 'or')}, in this order`)
      }
    },
  }),
]

import { cut, listed } from '../names.ts'
import type { Fix, RuleContext } from '../types.ts'
import { fieldOf } from '../views.ts'
import type { Field, Model } from '../views.ts'

/**
 * Tells where a model lacks one of the fields that it needs, or does not begin with these fields, in this order. Those that
 * are not needed count only where they are.
 */
export function checkBeginning(
  { tell }: RuleContext,
  model: Model,
  wanted: readonly string[],
  needed: readonly string[] = wanted,
): void {
  const missing = needed.filter((name) => fieldOf(model, name) === undefined)
  if (missing.length > 0)
    return tell(model.schema, `${cut(model.name)} must have ${listed(missing.map(cut))}`)
  const first = wanted.flatMap((name) => fieldOf(model, name) ?? [])
  if (first.every((field, index) => model.fields[index] === field)) return
  const rest = model.fields.filter((field) => !first.includes(field))
  const order = [...first, ...rest]
  const names = first.map((field) => cut(field.name))
  const message = `${cut(model.name)} must begin with ${listed(names)}, in this order`
  const fix: Fix | undefined = order.every(hasPlace)
    ? { kind: 'order', items: order.map(({ at }) => at) }
    : undefined
  tell(model.schema, message, fix && { fix })
}

function hasPlace(field: Field): field is Field & { at: object } {
  return field.at !== undefined
}

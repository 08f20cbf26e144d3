import { isReference, nameOfReference } from '../../references.ts'
import type { Json, SchemaObject } from '../../types.ts'
import type { Pair, Walker } from './types.ts'

/** Compares how values tell their kind (OpenAPI 3.1, 4.8.25). */
export function compareDiscriminators(walker: Walker, pair: Pair): void {
  const { before, after, at } = pair
  const [one, other] = [before.discriminator, after.discriminator]
  const spots = {
    before: { at: before, member: 'discriminator' },
    after: { at: after, member: 'discriminator' },
  }
  const tell = (fact: string, details: Record<string, Json>): void => walker.tell(fact, at, details, spots)
  if (one === undefined || other === undefined) {
    if (other !== undefined) tell('discriminator-added', { after: other.propertyName })
    else if (one !== undefined) tell('discriminator-removed', { before: one.propertyName })
    return
  }
  if (one.propertyName !== other.propertyName)
    tell('discriminator-property-name-changed', { before: one.propertyName, after: other.propertyName })
  compareMappings(tell, namesByValue(before), namesByValue(after))
  compareValuesOfKinds(tell, valuesByName(before), valuesByName(after))
}

type Tell = (fact: string, details: Record<string, Json>) => void

/** What is spelled out. */
function compareMappings(tell: Tell, before: Map<string, string>, after: Map<string, string>): void {
  for (const [name, kind] of before) {
    const now = after.get(name)
    if (now === undefined) tell('discriminator-mapping-deleted', { name, before: kind })
    else if (now !== kind) tell('discriminator-mapping-changed', { name, before: kind, after: now })
  }
  for (const [name, kind] of after)
    if (!before.has(name)) tell('discriminator-mapping-added', { name, after: kind })
}

/** What is on the wire, spelled out or not. Of kinds that came or went themselves, that says it. */
function compareValuesOfKinds(tell: Tell, before: Map<string, string[]>, after: Map<string, string[]>): void {
  const moved = movedValues(before, after)
  for (const [name, [from, to]] of moved) tell('discriminator-value-moved', { name, before: from, after: to })
  for (const [kind, values] of before) {
    const now = after.get(kind)
    if (now === undefined) continue
    const gone = values.filter((value) => !now.includes(value) && !moved.has(value))
    const added = now.filter((value) => !values.includes(value) && !moved.has(value))
    while (gone.length > 0 && added.length > 0)
      tell('discriminator-value-renamed', { before: gone.shift()!, after: added.shift()!, kind })
    for (const value of gone) tell('discriminator-value-removed', { before: value, kind })
    for (const value of added) tell('discriminator-value-added', { after: value, kind })
  }
}

/** Values that said one kind, and say another, though both are on both sides: no kind that was only called otherwise. */
function movedValues(
  before: Map<string, string[]>,
  after: Map<string, string[]>,
): Map<string, [string, string]> {
  const was = new Map([...before].flatMap(([kind, values]) => values.map((value) => [value, kind] as const)))
  const moved = new Map<string, [string, string]>()
  for (const [kind, values] of after)
    for (const value of values) {
      const from = was.get(value)
      if (from !== undefined && from !== kind && (after.has(from) || before.has(kind)))
        moved.set(value, [from, kind])
    }
  return moved
}

function namesByValue({ discriminator }: SchemaObject): Map<string, string> {
  const mapping = Object.entries(discriminator?.mapping ?? {})
  return new Map(mapping.map(([value, reference]) => [value, nameOfReference(reference)]))
}

/** The values that a discriminator gives to the schemas with names; one without is its own name. */
export function valuesByName(schema: SchemaObject): Map<string, string[]> {
  const values = new Map<string, string[]>()
  if (schema.discriminator === undefined) return values
  for (const [value, name] of namesByValue(schema)) values.set(name, [...(values.get(name) ?? []), value])
  for (const branch of [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])])
    if (typeof branch === 'object' && isReference(branch)) {
      const name = nameOfReference(branch.$ref)
      if (!values.has(name)) values.set(name, [name])
    }
  return values
}

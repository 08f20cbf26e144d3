import { member } from '../../json-object.ts'
import type { Json, JsonObject, SchemaObject } from '../../types.ts'
import { lifeFacts, lifeMembers, lifeOf } from '../lifecycle.ts'
import { isEqual } from '../../json-equal.ts'
import { detailOf } from './equal.ts'
import type { Pair, Walker } from './types.ts'

const openEnum = 'x-extensible-enum'

/** Compares what refuses nothing: how long it is there, defaults, annotations. */
export function compareAnnotations(walker: Walker, pair: Pair): void {
  const { before, after, at } = pair
  const life = [lifeOf(before.deprecated, before), lifeOf(after.deprecated, after)] as const
  for (const { fact, details } of lifeFacts(...life, walker.ground.policy))
    walker.tell(fact, at, details, spotsOf(pair, 'deprecated'))
  compareMember(walker, pair, 'default', 'default-value')
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
    if (name.startsWith('x-') && name !== openEnum && !lifeMembers.has(name))
      compareMember(walker, pair, name, 'annotation')
}

function compareMember(walker: Walker, pair: Pair, name: string, fact: string): void {
  const [a, b] = [member(pair.before as JsonObject, name), member(pair.after as JsonObject, name)]
  if (isEqual(a, b)) return
  const of = name === 'default' ? {} : { name }
  const action = a === undefined ? 'added' : b === undefined ? 'removed' : 'changed'
  const details = {
    ...of,
    ...(a !== undefined && { before: detailOf(a) }),
    ...(b !== undefined && { after: detailOf(b) }),
  }
  walker.tell(`${fact}-${action}`, pair.at, details, spotsOf(pair, name))
}

/** Compares which values there are. */
export function compareValues(walker: Walker, pair: Pair): void {
  const { before, after, at } = pair
  compareOpenEnum(walker, pair)
  if (before.const !== undefined && after.const !== undefined) {
    if (!isEqual(before.const, after.const))
      walker.tell(
        'const-changed',
        at,
        { before: detailOf(before.const), after: detailOf(after.const) },
        spotsOf(pair, 'const'),
      )
  } else if (before.const !== undefined && after.enum === undefined)
    walker.tell('const-removed', at, { before: detailOf(before.const) }, spotsOf(pair, 'const'))
  else if (after.const !== undefined && before.enum === undefined)
    walker.tell('const-added', at, { after: detailOf(after.const) }, spotsOf(pair, 'const'))
  else compareEnums(walker, pair, listOf(before), listOf(after))
}

/** A constant is a list of one; null is told as nullability. */
function listOf({ const: constant, enum: values }: SchemaObject): Json[] | null {
  const list = constant === undefined ? values : [constant]
  return list === undefined ? null : list.filter((value) => value !== null)
}

function compareEnums(walker: Walker, pair: Pair, before: Json[] | null, after: Json[] | null): void {
  const { at } = pair
  if (before === null || after === null) {
    if (before !== null)
      walker.tell('became-not-enum', at, { before: detailOf(before) }, spotsOf(pair, 'enum'))
    if (after !== null) walker.tell('became-enum', at, { after: detailOf(after) }, spotsOf(pair, 'enum'))
    return
  }
  tellValues(walker, pair, 'enum-value', before, after, 'enum')
}

/** A list that says of itself that it grows (Zalando's guidelines, 112). */
function compareOpenEnum(walker: Walker, pair: Pair): void {
  const [before, after] = [openListOf(pair.before), openListOf(pair.after)]
  if (before !== null && after !== null)
    tellValues(walker, pair, `${openEnum}-value`, before, after, openEnum)
}

function openListOf(schema: SchemaObject): Json[] | null {
  const list = schema[openEnum]
  return Array.isArray(list) ? list : null
}

function tellValues(
  walker: Walker,
  pair: Pair,
  fact: string,
  before: Json[],
  after: Json[],
  keyword: string,
): void {
  const [ones, others] = [byText(before), byText(after)]
  const spots = spotsOf(pair, keyword)
  for (const [text, value] of ones)
    if (!others.has(text)) walker.tell(`${fact}-removed`, pair.at, { before: value }, spots)
  for (const [text, value] of others)
    if (!ones.has(text)) walker.tell(`${fact}-added`, pair.at, { after: value }, spots)
}

function byText(values: Json[]): Map<string, Json> {
  return new Map(values.map((value) => [JSON.stringify(detailOf(value)), detailOf(value)]))
}

function spotsOf({ before, after }: Pair, keyword: string) {
  return { before: { at: before, member: keyword }, after: { at: after, member: keyword } }
}

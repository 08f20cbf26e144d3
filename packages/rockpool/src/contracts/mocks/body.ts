import type { Contract, Example, Json, JsonObject, MediaType, Schema } from '../types.ts'
import type { BranchFinder, Branches } from './branches.ts'
import { listOf, madeList } from './lists.ts'
import { textOf } from './media.ts'
import { Refused } from './refused.ts'
import { itemSchemaOf, streamFormOf, streamOf } from './stream.ts'
import type { MockAnswer } from './types.ts'
import type { Values } from './values.ts'
import type { Written } from './written.ts'

export interface BodyParts {
  contract: Contract
  values: Values
  branches: BranchFinder
}

/** What an answer says. Undefined: nothing is valid. `key`: what its values hang on. */
export function bodyOf(
  parts: BodyParts,
  written: Written,
  media: MediaType,
  key: string,
): MockAnswer['body'] | Refused | undefined {
  const examples = examplesOf(media, written.preference.example)
  if (examples instanceof Refused) return examples
  const { contract, values } = parts
  const isStream = streamFormOf(media.name) !== null && !isWrittenOut(values, media, examples)
  const branch = branchesFor(parts, isStream ? itemSchemaOf(contract, media) : media.schema, written)
  if (branch instanceof Refused) return branch
  if (isStream) {
    const { content, preference } = written
    const items = content === null ? null : 'items' in content ? content.items : [content.item]
    return streamOf(contract, values, media, { key, examples, count: preference.items, items, branch })
  }
  const value = valueOf(parts, written, media, { key, examples, branch })
  return value === undefined || value instanceof Refused ? value : textOf(value, media.name)
}

/** Those that are tried first. */
function examplesOf({ examples }: MediaType, wanted: string | null): readonly Example[] | Refused {
  if (wanted === null) return examples
  const found = examples.filter(({ name }) => name === wanted)
  if (found.length > 0) return found
  const names = examples.map(({ name }) => name).filter(Boolean)
  const there = names.length > 0 ? names.join(', ') : 'no example with a name'
  return new Refused(`example=${wanted.slice(0, 100)}: there is ${there}`)
}

/** Somebody wrote a whole stream down, as its text. */
function isWrittenOut(values: Values, { schema }: MediaType, examples: readonly Example[]): boolean {
  return examples.some(({ value }) => typeof value === 'string' && values.isValid(schema, value))
}

/** Undefined: any will do. */
function branchesFor(
  { branches }: BodyParts,
  schema: Schema,
  { preference }: Written,
): Branches | Refused | undefined {
  return preference.branches.length === 0 ? undefined : branches.find(schema, preference.branches)
}

interface ValueWanted {
  key: string
  examples: readonly Example[]
  branch: Branches | undefined
}

function valueOf(
  { contract, values }: BodyParts,
  { content, parameters, preference }: Written,
  { schema }: MediaType,
  { key, examples, branch }: ValueWanted,
): Json | Refused | undefined {
  if (content !== null && 'items' in content) return listOf(contract, values, schema, key, content.items)
  if (content !== null && values.isValid(schema, content.item)) return content.item
  const { items, example, branches } = preference
  if (items !== null) {
    if (branch !== undefined) return new Refused('items and branch: a body cannot be asked for by both')
    return madeList(contract, values, schema, key, items)
  }
  const members: JsonObject = content !== null ? content.item : { ...parameters }
  const made = values.make(schema, { key, examples, branch, members: example === null ? members : {} })
  if (made !== undefined || branch === undefined) return made
  return new Refused(`branch=${branches.join(',').slice(0, 100)}: no valid body has it`)
}

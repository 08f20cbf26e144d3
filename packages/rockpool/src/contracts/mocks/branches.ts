import type { Sampler, Union, UnionBranch } from '../samples/index.ts'
import type { Schema } from '../types.ts'
import { Refused } from './refused.ts'

/** Of one schema; those further in cannot be asked for. */
const mostUnions = 2_000
/** Schemas whose unions are kept. */
const mostKept = 20
/** That are told to who asks for one that there is not. */
const mostTold = 20

/** Which branches are taken, by JSON pointer, as a sampler has it. */
export type Branches = Readonly<Record<string, readonly string[]>>

/** Finds the branches of unions that somebody asks for. */
export interface BranchFinder {
  /**
   * What has to be taken for all that is asked for, each by the name of a branch (`Cat`: where it is met first) or by the
   * place of its union, too (`/pets/1:Cat`).
   */
  find(schema: Schema, asked: readonly string[]): Branches | Refused
}

export function createBranchFinder(sampler: Sampler): BranchFinder {
  const kept = new Map<Schema, Iterable<Union>>()
  const unionsOf = (schema: Schema): Iterable<Union> => {
    let unions = kept.get(schema)
    if (unions === undefined) {
      for (const oldest of kept.keys()) if (kept.size >= mostKept) kept.delete(oldest)
      kept.set(schema, (unions = remembered(sampler.unions(schema, 'response'), mostUnions)))
    }
    return unions
  }
  return {
    find(schema, asked) {
      let taken: Branches = {}
      for (const one of asked) {
        const found = findOne(unionsOf(schema), one, taken)
        if (found instanceof Refused) return found
        taken = found
      }
      return taken
    },
  }
}

/** Can be walked along again and again; nobody looks further than for what they ask. */
function remembered<T>(source: Iterable<T>, most: number): Iterable<T> {
  const known: T[] = []
  const rest = source[Symbol.iterator]()
  return {
    *[Symbol.iterator]() {
      for (let index = 0; index < most; index += 1) {
        if (index >= known.length) {
          const next = rest.next()
          if (next.done === true) return
          known.push(next.value)
        }
        yield known[index]!
      }
    },
  }
}

function findOne(unions: Iterable<Union>, asked: string, taken: Branches): Branches | Refused {
  let isThere = false
  for (const union of unions)
    for (const branch of union.branches)
      for (const pointer of placesAskedFor(union, branch, asked)) {
        isThere = true
        const merged = mergedWith(taken, union, branch, pointer)
        if (merged !== null) return merged
      }
  const shown = asked.slice(0, 100)
  const why = isThere ? 'it cannot be had together with the others that are asked for' : toldOf(unions)
  return new Refused(`branch=${shown}: ${why}`)
}

/** Where it is asked for; none: it is another one that is. */
function placesAskedFor({ pointer }: Union, { labels }: UnionBranch, asked: string): string[] {
  if (labels.includes(asked)) return [pointer]
  if (!asked.startsWith('/')) return []
  const label = labels.find((one) => asked.endsWith(`:${one}`))
  const place = label === undefined ? '' : asked.slice(0, -label.length - 1)
  return isSamePlace(pointer, place) ? [place] : []
}

const isNumber = (token: string) => /^(?:0|[1-9]\d{0,5})$/.test(token)

/** All further items of a list are like the one that is named. */
function isSamePlace(pointer: string, asked: string): boolean {
  const [tokens, others] = [pointer.split('/'), asked.split('/')]
  return (
    tokens.length === others.length &&
    tokens.every((token, index) => {
      const other = others[index]!
      return token === other || (isNumber(token) && isNumber(other) && Number(other) > Number(token))
    })
  )
}

/** Null: at some place another branch is taken. */
function mergedWith(taken: Branches, union: Union, branch: UnionBranch, pointer: string): Branches | null {
  const merged: Record<string, readonly string[]> = { ...taken }
  const tokens = pointer.split('/')
  for (const [at, path] of [...Object.entries(union.within), [union.pointer, branch.path] as const]) {
    // What is further out stands on the way to what is asked for.
    const place = tokens.slice(0, at.split('/').length).join('/')
    const other = merged[place] ?? []
    const [short, long] = path.length < other.length ? [path, other] : [other, path]
    if (short.some((label, index) => label !== long[index])) return null
    merged[place] = long
  }
  return merged
}

function toldOf(unions: Iterable<Union>): string {
  const told: string[] = []
  let more = 0
  for (const { pointer, branches } of unions)
    for (const { name } of branches) {
      if (told.length < mostTold) told.push(pointer === '' ? name : `${pointer}:${name}`)
      else more += 1
    }
  if (told.length === 0) return 'there are no branches to choose from'
  return `there is ${told.join(', ')}${more > 0 ? `, and ${more} more further in` : ''}`
}

import type { Bundle } from '../bundle.ts'
import { aspectsOf, operationText, weightOf, weights } from '../differences/index.ts'
import type { Aspect, Difference } from '../differences/index.ts'
import type { Origin } from '../types.ts'

/** A line of a document as it was pushed, without what is beyond its first characters. */
export interface SourceLine {
  /** From 1. */
  line: number
  text: string
}

/** Lines around a place, by the place (`keyOfPlace`). */
export type Excerpts = ReadonlyMap<string, SourceLine[]>

/** How two contracts differ, and all that is asked of that again and again. */
export interface Comparison {
  /** The worst first; beyond that by operation and place. */
  differences: Difference[]
  /** Operations by their texts, those that meet any, with the places in `differences` of what each meets. */
  operations: { operation: string; meets: number[] }[]
  /** How many of which aspect. */
  aspects: Record<Aspect, number>
  before: Excerpts
  after: Excerpts
}

/** Where an excerpt is kept. */
export const keyOfPlace = ({ file, line }: Pick<Origin, 'file' | 'line'>): string => `${line} ${file}`

/** Lines of an excerpt before the line of a place, and after it; characters of each. */
const [linesBefore, linesAfter, mostChars] = [2, 5, 200]

/** Pure. @param before, after the bundles whose contracts differ so */
export function comparisonOf(
  unsorted: readonly Difference[],
  { before, after }: { before: Bundle; after: Bundle },
): Comparison {
  const rank = (difference: Difference) => weights.indexOf(weightOf(difference))
  const differences = unsorted.toSorted((a, b) => rank(a) - rank(b))
  return {
    differences,
    operations: operationsIn(differences),
    aspects: {
      breaks: differences.filter(aspectsOf.breaks).length,
      code: differences.filter(aspectsOf.code).length,
      meaning: differences.filter(aspectsOf.meaning).length,
    },
    before: excerptsOf(
      before,
      differences.map((each) => each.before),
    ),
    after: excerptsOf(
      after,
      differences.map((each) => each.after),
    ),
  }
}

/** In the order of their paths. */
function operationsIn(differences: readonly Difference[]): Comparison['operations'] {
  const found = new Map<string, { path: string; meets: number[] }>()
  for (const [index, { operation, uses }] of differences.entries()) {
    const names = operation === null ? uses.map((use) => use.operation) : [operation]
    for (const name of names) {
      const text = operationText(name)
      const known = found.get(text)
      if (known === undefined) found.set(text, { path: name.path, meets: [index] })
      // One schema may be met by an operation at several places.
      else if (known.meets.at(-1) !== index) known.meets.push(index)
    }
  }
  return [...found]
    .toSorted(([one, a], [other, b]) => compare(a.path, b.path) || compare(one, other))
    .map(([operation, { meets }]) => ({ operation, meets }))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function excerptsOf({ files }: Bundle, origins: readonly (Origin | null)[]): Excerpts {
  const excerpts = new Map<string, SourceLine[]>()
  const linesOf = new Map<string, string[]>()
  for (const origin of origins) {
    if (origin === null || !Object.hasOwn(files, origin.file)) continue
    const key = keyOfPlace(origin)
    if (excerpts.has(key)) continue
    let lines = linesOf.get(origin.file)
    if (lines === undefined) linesOf.set(origin.file, (lines = files[origin.file]!.split('\n')))
    excerpts.set(key, around(lines, origin.line))
  }
  return excerpts
}

/** What is around a line, without the indentation that all of it has. Pure. */
function around(lines: readonly string[], line: number): SourceLine[] {
  const first = Math.max(1, line - linesBefore)
  const some = lines.slice(first - 1, line + linesAfter)
  const indents = some.filter((text) => text.trim() !== '').map((text) => text.search(/\S/))
  const indent = Math.min(...indents, mostChars)
  return some.map((text, index) => {
    const own = text.slice(indent, indent + mostChars).replace(/\r$/, '')
    return { line: first + index, text: text.length > indent + mostChars ? `${own}…` : own }
  })
}

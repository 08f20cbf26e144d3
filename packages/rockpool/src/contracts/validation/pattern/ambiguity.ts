import { areDisjoint } from './characters.ts'
import type { Characters } from './characters.ts'
import type { Step } from './program.ts'

/** Comparisons of characters, and steps looked at; an expression that needs more is not looked into further. */
const mostComparisons = 20_000
const mostLooks = 1_000_000

/**
 * Whether each character of a text leaves one way on at most, and one way to each: then whoever goes back and tries
 * again, as RegExp does, takes a number of steps that is proportional to the text (Brüggemann-Klein and Wood, 1998: an
 * expression that is strongly one-unambiguous). `(a+)+`, `(a|a)*`, `a*a*` are not; `[a-z]+(-[a-z]+)*` is. In doubt: false.
 */
export function isUnambiguous(program: readonly Step[]): boolean {
  let comparisons = 0
  let looks = 0
  for (const [index, step] of program.entries()) {
    if (index > 0 && step.kind !== 'take') continue
    const next = waysOn(program, step.kind === 'take' ? index + 1 : index)
    if (next === null) return false
    comparisons += (next.characters.length * (next.characters.length - 1)) / 2
    looks += next.looks
    if (comparisons > mostComparisons || looks > mostLooks || !areAllDisjoint(next.characters)) return false
  }
  return true
}

function areAllDisjoint(all: readonly Characters[]): boolean {
  return all.every((a, index) => all.slice(0, index).every((b) => areDisjoint(a, b)))
}

/** The characters that can be taken next; null: there are two ways to one of them, or something that looks about. */
function waysOn(program: readonly Step[], start: number): { characters: Characters[]; looks: number } | null {
  const characters: Characters[] = []
  const seen = new Set<number>()
  const left = [start]
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    if (seen.has(at)) return null
    seen.add(at)
    const step = program[at]!
    if (step.kind === 'look') return null
    if (step.kind === 'take') characters.push(step.characters)
    else if (step.kind === 'go') left.push(step.to)
    else if (step.kind === 'fork') left.push(step.to, at + 1)
    else if (step.kind === 'place') left.push(at + 1)
  }
  return { characters, looks: seen.size }
}

/** Every match begins at the start of the text. */
export function isAnchored(program: readonly Step[]): boolean {
  const seen = new Set<number>()
  const left = [0]
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    const step = program[at]!
    if (seen.has(at) || (step.kind === 'place' && step.place === 'start')) continue
    seen.add(at)
    if (step.kind === 'take' || step.kind === 'match') return false
    if (step.kind !== 'place') left.push(step.to)
    if (step.kind !== 'go') left.push(at + 1)
  }
  return true
}

import type { Origin } from '../../types.ts'
import { ruleOf } from '../rules.ts'
import type { Difference, Told, Weights } from '../types.ts'
import {
  operationText,
  plain,
  rankOf,
  sentenceOf,
  summaryOf,
  usersOf,
  weightOf,
  worstOf,
} from './sentence.ts'
import { trafficOf } from './traffic.ts'

const indent = ' '.repeat(18)

/**
 * For a terminal: one paragraph for each operation, what breaks first. Ends with a line of totals, which counts all,
 * also those that are left out.
 * @param options `most`: so many are told, the worst of them; `traffic`: whom they meet, where it is known
 */
export function formatText(differences: Difference[], { most = Infinity, traffic }: Told = {}): string {
  const told = worstOf(differences, most)
  const paragraphs = [...byHeading(told)].map(([heading, group]) => {
    const worstFirst = group.toSorted((one, other) => rankOf(one) - rankOf(other))
    return [heading, ...worstFirst.flatMap((each) => linesOf(each, traffic))].map(plain).join('\n')
  })
  const left = differences.length - told.length
  const leftOut = left === 0 ? '' : `; ${left} of them, none worse than these, are left out`
  return [...paragraphs, `${summaryOf(differences)}${leftOut}`].join('\n\n') + '\n'
}

function byHeading(differences: Difference[]): Map<string, Difference[]> {
  const groups = new Map<string, Difference[]>()
  for (const each of differences) {
    const heading = each.operation === null ? 'Everywhere' : operationText(each.operation)
    const group = groups.get(heading)
    if (group === undefined) groups.set(heading, [each])
    else group.push(each)
  }
  return groups
}

function linesOf(difference: Difference, traffic: Weights | undefined): string[] {
  const { place, rule, before, after } = difference
  const users = usersOf(difference, (name) => name)
  const { advice } = ruleOf(rule)
  const lines = [
    `  ${weightOf(difference).padEnd(14)}  ${place}: ${sentenceOf(difference, (value) => value)} (${rule})`,
  ]
  if (users !== null) lines.push(`${indent}met by ${users}`)
  const met = trafficOf(difference, traffic, (name) => name)
  if (met !== null) lines.push(indent + met)
  if (before !== null || after !== null) lines.push(indent + originText(before, after))
  if (advice !== null) lines.push(indent + advice)
  return lines
}

function originText(before: Origin | null, after: Origin | null): string {
  if (before === null || after === null) return lineText((after ?? before)!)
  return `${lineText(before)}, now ${lineText(after)}`
}

function lineText({ file, line }: Origin): string {
  return `${file}:${line}`
}

import type { Origin } from '../../types.ts'
import { ruleOf } from '../rules.ts'
import type { Difference, Weights } from '../types.ts'
import { operationText, plain, sentenceOf, summaryOf, usersOf, weightOf, weights } from './sentence.ts'
import { trafficOf } from './traffic.ts'

const indent = ' '.repeat(18)

/**
 * For a terminal: one paragraph for each operation, what breaks first. Ends with a line of totals.
 * @param traffic whom they meet, where it is known
 */
export function formatText(differences: Difference[], traffic?: Weights): string {
  const paragraphs = [...byHeading(differences)].map(([heading, group]) => {
    const worstFirst = group.toSorted((a, b) => weights.indexOf(weightOf(a)) - weights.indexOf(weightOf(b)))
    return [heading, ...worstFirst.flatMap((each) => linesOf(each, traffic))].map(plain).join('\n')
  })
  return [...paragraphs, summaryOf(differences)].join('\n\n') + '\n'
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
